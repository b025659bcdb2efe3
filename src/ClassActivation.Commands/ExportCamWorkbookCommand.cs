using System.Management.Automation;
using ClassActivation.Drawing;
using ClassActivation.Report;

namespace ClassActivation.Commands;

/// <summary>
/// Writes results as an Excel workbook: a row for each photo, with the photo and its map in cells, to be filtered, sorted and
/// charted.
/// </summary>
[Cmdlet(VerbsData.Export, "CamWorkbook", SupportsShouldProcess = true, HelpUri = HelpPages.Address + "Export-CamWorkbook.md")]
[OutputType(typeof(FileInfo))]
public sealed class ExportCamWorkbookCommand : ReportCmdlet
{
    // A sheet has 2^20 rows, and one of them is the header.
    private const int MostPhotos = (1 << 20) - 1;

    /// <summary>The workbook's path, which ends in .xlsx. Its folder is made where it is missing.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [NoScriptBlock]
    public string DestinationPath { get; set; } = "";

    /// <summary>The longer side in pixels of the pictures in the cells.</summary>
    [Parameter]
    [ValidateRange(16, 512)]
    public int ThumbnailSize { get; set; } = 96;

    /// <summary>The colours for low to high values; by default Jet, and Coolwarm for differences.</summary>
    [Parameter]
    [ColormapName]
    [ArgumentCompleter(typeof(ColormapCompleter))]
    public string? Colormap { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => Begin(DestinationPath, ReportMark.IsWorkbook, ".xlsx");

    private protected override void WriteReport(CamReport report)
    {
        if (report.Photos.Count > MostPhotos)
        {
            throw new PictureException(
                PictureFailure.TooLarge, FullPath,
                $"A workbook holds {MostPhotos:N0} photos at most, and these are {report.Photos.Count:N0}.");
        }

        using var workbook = new CamWorkbook(report, ThumbnailSize);
        DrawPhotos(
            report,
            (photo, source) => workbook.AddPictures(photo, source, Colormap is null || photo.Maps.Count == 0 ? null : new OverlayOptions
            {
                Normalization = photo.Maps[0].DefaultNormalization,
                Colormap = Drawing.Colormap.Get(Colormap),
            }),
            static _ => { });
        PictureFile.Write(FullPath, Force, NoClobber, workbook.Write);
    }
}
