using System.Management.Automation;
using ClassActivation.Imaging;
using ClassActivation.Localization;

namespace ClassActivation.Commands;

/// <summary>Cuts regions out of their photos, at the photo's full resolution, and writes them as pictures.</summary>
[Cmdlet(VerbsData.Export, "CamCrop", SupportsShouldProcess = true, HelpUri = HelpPages.Address + "Export-CamCrop.md")]
[OutputType(typeof(CamPicture))]
public sealed class ExportCamCropCommand : MapPhotoCmdlet
{
    private string? _folder;

    /// <summary>The regions of <c>Get-CamRegion</c>. The largest of a map becomes photo.label.crop.jpg, the second photo.label.crop-2.jpg.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Rehydrate]
    public CamRegion[] InputObject { get; set; } = [];

    /// <summary>The folder for the pictures, made where it is missing; without it each goes beside its photo.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? DestinationPath { get; set; }

    /// <summary>How much of the photo to keep around the box: a share of its width and height, on each side.</summary>
    [Parameter]
    [ValidateRange(0.0, 100.0)]
    public double Padding { get; set; }

    /// <summary>Lengthens the shorter side to a square, as far as the photo permits.</summary>
    [Parameter]
    public SwitchParameter Square { get; set; }

    /// <summary>The picture's file format.</summary>
    [Parameter]
    public PictureFormat Format { get; set; } = PictureFormat.Jpeg;

    /// <summary>The quality of JPEG and WebP, 1 to 100.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int Quality { get; set; } = PhotoEncoder.DefaultQuality;

    /// <summary>Replaces write-protected pictures too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Leaves existing pictures as they are.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    private protected override string Activity => "Cutting out regions";

    /// <inheritdoc/>
    protected override void BeginProcessing() =>
        _folder = DestinationPath is null ? null : ResolveFilePath(DestinationPath);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (CamRegion region in InputObject)
        {
            try
            {
                string path = PictureNames.PathFor(
                    region.ActivationMap,
                    MapPictures.FolderFor(region.ActivationMap, _folder),
                    MapPictures.ExtensionOf(Format),
                    region.Number == 1 ? "crop" : $"crop-{region.Number}");
                PictureFile.CheckMayWrite(path, Force, NoClobber);
                if (ShouldProcess(path, $"Cut out {region}"))
                {
                    Enqueue(region.Path, () => [Cut(region, path)]);
                }
            }
            catch (PictureException e)
            {
                WriteError(CamErrors.Picture(e));
            }
        }
    }

    private CamPicture Cut(CamRegion region, string path)
    {
        PhotoSource source = PhotoOf(region.ActivationMap);
        using SharedPhoto.Use decoded = RecentPhotos.Decode(source);
        Photo photo = region.ActivationMap.Check(decoded.Photo, source);
        StopToken.ThrowIfCancellationRequested();
        Photo crop = RegionCrop.Cut(photo, region, Padding, Square);
        long length = PictureFile.Write(path, Force, NoClobber, crop, Format, Quality);
        return new CamPicture
        {
            FullName = path,
            PhotoPath = region.Path,
            Label = region.Label,
            Probability = region.Probability,
            Width = crop.Width,
            Height = crop.Height,
            Length = length,
        };
    }
}
