using System.Management.Automation;
using ClassActivation.Drawing;
using ClassActivation.Localization;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>
/// Draws class activation maps, with the boxes of their regions where regions are given, over their photos and writes the
/// pictures.
/// </summary>
[Cmdlet(VerbsData.Export, "CamOverlay", SupportsShouldProcess = true, DefaultParameterSetName = MapSet,
    HelpUri = HelpPages.Address + "Export-CamOverlay.md")]
[OutputType(typeof(CamPicture))]
public sealed class ExportCamOverlayCommand : DrawingCmdlet
{
    private const string MapSet = "Map";
    private const string RegionSet = "Region";

    private readonly RegionsOfOneMap _regions;
    private PhotoReadAhead? _readAhead;
    private MapPictures _pictures = null!;
    private string? _regionDestination;

    /// <summary>Makes the cmdlet.</summary>
    public ExportCamOverlayCommand() =>
        _regions = new RegionsOfOneMap((map, regions) => EnqueuePicture(map, regions, _regionDestination));

    /// <summary>
    /// The maps of <c>Get-ClassActivationMap</c>, or comparisons of <c>Compare-ClassActivationMap</c>, whose difference is
    /// drawn.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = MapSet)]
    [Takes(Taken.MapsOrRegions)]
    [Rehydrate]
    public ClassActivationMap[] InputObject { get; set; } = [];

    /// <summary>
    /// The regions of <c>Get-CamRegion</c>: their map is drawn with their boxes. Regions of one map that come one after
    /// the other share a picture.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = RegionSet)]
    [Rehydrate]
    public CamRegion[] Region { get; set; } = [];

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

    /// <summary>Adds a strip below the photo with the label, its probability, and the values that the colours stand for.</summary>
    [Parameter]
    public SwitchParameter Legend { get; set; }

    /// <summary>The picture's file format.</summary>
    [Parameter]
    public PictureFormat Format { get; set; } = PictureFormat.Jpeg;

    /// <summary>The quality of JPEG and WebP, 1 to 100.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int Quality { get; set; } = PhotoEncoder.DefaultQuality;

    /// <summary>The longest side in pixels that a photo is drawn at; larger photos are made smaller.</summary>
    [Parameter]
    [ValidateRange(16, 65_500)]
    public int? MaxSize { get; set; }

    /// <summary>
    /// Replaces write-protected pictures too, and files that this module did not write. A picture of another photo or
    /// another question is never replaced.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Leaves existing pictures as they are.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    private protected override string Activity => "Drawing class activation maps";

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _pictures = new MapPictures(BasePath is null ? null : ResolveFilePath(BasePath), Format, Force, NoClobber);
        _readAhead = MyInvocation.ExpectingInput ? new PhotoReadAhead(MaxSize) : null;
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (ClassActivationMap map in InputObject)
        {
            EnqueuePicture(map, [], Destination());
        }

        foreach (CamRegion region in Region)
        {
            _regions.Add(region, InStep, () => _regionDestination = Destination());
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _regions.Complete();
        base.EndProcessing();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _readAhead?.Dispose();
        base.Dispose(disposing);
    }

    // A script block gives another one for each object.
    private string? Destination() => DestinationPath is null ? null : ResolveFilePath(DestinationPath);

    private void EnqueuePicture(ClassActivationMap map, CamRegion[] regions, string? destination)
    {
        OverlayOptions usual = LookFor(map.DefaultNormalization, regions.FirstOrDefault());
        OverlayOptions options = Chosen(usual) with { Boxes = BoxesOf(regions) };
        try
        {
            PictureTarget target = _pictures.TargetFor(
                map, destination, PictureKind.Overlay,
                PictureWords.OfOverlay(Style, usual, options, regions, Legend, MaxSize, Format, Quality),
                regions.FirstOrDefault());
            if (ShouldProcess(target.Choose(), $"Draw {map}"))
            {
                Enqueue(map.Path, () => [Draw(map, options, target)]);
            }
        }
        catch (PictureException e)
        {
            WriteError(CamErrors.Picture(e));
        }
    }

    private CamPicture Draw(ClassActivationMap map, OverlayOptions options, PictureTarget target)
    {
        PhotoSource source = PhotoOf(map);
        Photo picture = CamOverlay.Draw(map, source, options, MaxSize);
        if (Legend)
        {
            Photo drawn = picture;
            picture = LegendPainter.Append(drawn, CamLegend.For(map, options));
            drawn.Recycle();
        }

        StopToken.ThrowIfCancellationRequested();
        (string path, PictureMark mark, long length) = target.Write(picture, source, Quality);
        picture.Recycle();
        StageClock.Mark("encoding and writing");
        return new CamPicture(mark)
        {
            FullName = path,
            PhotoPath = map.Path,
            Width = picture.Width,
            Height = picture.Height,
            Length = length,
        };
    }
}
