using System.Globalization;
using System.Management.Automation;
using ClassActivation.Drawing;
using ClassActivation.Report;

namespace ClassActivation.Commands;

/// <summary>
/// Writes results as one web page that anyone opens, without a server or a network: photos and maps, to be searched,
/// sorted, grouped and looked at closely.
/// </summary>
[Cmdlet(VerbsData.Export, "CamReport", SupportsShouldProcess = true, HelpUri = HelpPages.Address + "Export-CamReport.md")]
[OutputType(typeof(FileInfo))]
public sealed class ExportCamReportCommand : ReportCmdlet
{
    /// <summary>The page's path, which ends in .html or .htm. Its folder is made where it is missing.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [NoScriptBlock]
    public string DestinationPath { get; set; } = "";

    /// <summary>The page's title; by default the file's name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <summary>The longer side in pixels of the photos in the page.</summary>
    [Parameter]
    [ValidateRange(32, 2048)]
    public int ThumbnailSize { get; set; } = 256;

    /// <summary>The quality of the photos in the page, 1 to 100.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int Quality { get; set; } = 70;

    /// <summary>Puts the photos into a folder beside the page, named after it, instead of into the page.</summary>
    [Parameter]
    public SwitchParameter SeparatePictures { get; set; }

    /// <summary>The colours that the page starts with.</summary>
    [Parameter]
    [ColormapName]
    [ArgumentCompleter(typeof(ColormapCompleter))]
    public string Colormap { get; set; } = "jet";

    // report.html and report.htm are two pages, with pictures of their own.
    private string PictureFolder => System.IO.Path.Combine(
        System.IO.Path.GetDirectoryName(FullPath)!,
        (System.IO.Path.GetExtension(FullPath).Equals(".html", StringComparison.OrdinalIgnoreCase)
            ? System.IO.Path.GetFileNameWithoutExtension(FullPath)
            : System.IO.Path.GetFileName(FullPath)) + "_pictures");

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        Begin(DestinationPath, ReportMark.IsPage, ".html", ".htm");
        if (SeparatePictures && !Force && !ReportMark.IsPage(FullPath) && HoldsFilesOfStrangers(PictureFolder))
        {
            ThrowTerminatingError(CamErrors.Picture(new PictureException(
                PictureFailure.FileUnmarked, PictureFolder,
                $"'{PictureFolder}' holds files, which are no pictures of a report of this module.")));
        }
    }

    private protected override void WriteReport(CamReport report)
    {
        var options = new ReportPageOptions
        {
            Title = Title ?? System.IO.Path.GetFileNameWithoutExtension(FullPath),
            Colormap = Drawing.Colormap.Get(Colormap),
            Folder = System.IO.Path.GetDirectoryName(FullPath)!,
        };
        using var page = new ReportPage(report, options);
        DrawPhotos(
            report,
            (photo, source) =>
            {
                ReportPicture picture = ReportThumbnail.Draw(photo, source, ThumbnailSize, PictureFormat.Webp, Quality);
                page.AddPicture(photo, picture, SeparatePictures ? WriteBeside(photo, picture, options) : null);
            },
            photo => page.AddPicture(photo, null));
        PictureFile.Write(FullPath, Force, NoClobber, page.Write);
    }

    private string WriteBeside(ReportPhoto photo, ReportPicture picture, ReportPageOptions options)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{photo.Number + 1:000000}.webp");
        string path = System.IO.Path.Combine(PictureFolder, name);
        if (File.Exists(path))
        {
            CheckIsNoPhoto(path);
        }

        byte[] content = PictureMarks.Write(
            picture.Content,
            new PictureMark
            {
                Kind = PictureKind.Thumbnail,
                Photo = System.IO.Path.GetFileName(photo.Path),
                ModuleVersion = PictureMark.Version,
            });
        OwnedFile.CheckMayWrite(path, IsThumbnail, Force, NoClobber);
        PictureFile.Write(path, Force, NoClobber, stream => stream.Write(content));
        return options.AddressOf(path);
    }

    // Pictures without a page are those of a run that was ended before it wrote the page.
    private static bool HoldsFilesOfStrangers(string folder) =>
        Directory.Exists(folder)
            && Directory.EnumerateFileSystemEntries(folder).Any(static entry => !AtomicFile.IsTemporary(entry) && !IsThumbnail(entry));

    private static bool IsThumbnail(string path) => PictureMarks.TryRead(path) is { Kind: PictureKind.Thumbnail };
}
