using System.Management.Automation;
using ClassActivation.Drawing;
using ClassActivation.Localization;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>Cuts regions out of their photos, at the photo's full resolution, and writes them as pictures.</summary>
[Cmdlet(VerbsData.Export, "CamCrop", SupportsShouldProcess = true, HelpUri = HelpPages.Address + "Export-CamCrop.md")]
[OutputType(typeof(CamPicture))]
public sealed class ExportCamCropCommand : MapPhotoCmdlet
{
    private MapPictures _pictures = null!;

    /// <summary>
    /// The regions of <c>Get-CamRegion</c>. The largest of a map becomes photo.label.crop.jpg, the second
    /// photo.label.crop-2.jpg.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Takes(Taken.Regions)]
    [Rehydrate]
    public CamRegion[] InputObject { get; set; } = [];

    /// <summary>
    /// The folder for the pictures, made where it is missing; without it each goes beside its photo. A path that ends in
    /// .jpg, .png or .webp is a file, for one picture. Named, and with piped input, it takes a script block too, which
    /// says for each object where its picture goes: <c>-DestinationPath { "out/$($_.Label)" }</c>; by position it does not.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? DestinationPath { get; set; }

    /// <summary>
    /// A folder of photos whose tree is kept: the picture of a photo in a folder below it goes into a folder of the same
    /// name below <c>-DestinationPath</c>.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? BasePath { get; set; }

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

    /// <summary>
    /// Replaces write-protected pictures too, and files that this module did not write. A picture of another photo or
    /// another question is never replaced.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Leaves existing pictures as they are.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    private protected override string Activity => "Cutting out regions";

    /// <inheritdoc/>
    protected override void BeginProcessing() =>
        _pictures = new MapPictures(BasePath is null ? null : ResolveFilePath(BasePath), Format, Force, NoClobber);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (CamRegion region in InputObject)
        {
            try
            {
                PictureTarget target = _pictures.TargetFor(
                    region.ActivationMap, DestinationPath is null ? null : ResolveFilePath(DestinationPath), PictureKind.Crop,
                    PictureWords.OfCrop(region, Padding, Square, Format, Quality), region);
                if (ShouldProcess(target.Choose(), $"Cut out {region}"))
                {
                    Enqueue(region.Path, () => [Cut(region, target)]);
                }
            }
            catch (PictureException e)
            {
                WriteError(CamErrors.Picture(e));
            }
        }
    }

    private CamPicture Cut(CamRegion region, PictureTarget target)
    {
        PhotoSource source = PhotoOf(region.ActivationMap);
        using SharedPhoto.Use decoded = RecentPhotos.Decode(source);
        Photo photo = region.ActivationMap.Check(decoded.Photo, source);
        StopToken.ThrowIfCancellationRequested();
        Photo crop = RegionCrop.Cut(photo, region, Padding, Square);
        (string path, PictureMark mark, long length) = target.Write(crop, source, Quality);
        return new CamPicture(mark)
        {
            FullName = path,
            PhotoPath = region.Path,
            Width = crop.Width,
            Height = crop.Height,
            Length = length,
        };
    }
}
