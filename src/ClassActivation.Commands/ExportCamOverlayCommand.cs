using System.Management.Automation;
using ClassActivation.Explanation;
using ClassActivation.Identity;
using ClassActivation.Imaging;
using ClassActivation.Localization;

namespace ClassActivation.Commands;

/// <summary>Draws class activation maps, with the boxes of their regions where regions are given, over their photos and writes the pictures.</summary>
[Cmdlet(VerbsData.Export, "CamOverlay", SupportsShouldProcess = true, DefaultParameterSetName = MapSet,
    HelpUri = HelpPages.Address + "Export-CamOverlay.md")]
[OutputType(typeof(CamPicture))]
public sealed class ExportCamOverlayCommand : MapPhotoCmdlet
{
    private const string MapSet = "Map";
    private const string RegionSet = "Region";

    private readonly List<CamRegion> _sameMap = [];
    private OverlayOptions _options = new();
    private PhotoDemand? _demand;
    private MapPictures _pictures = null!;
    private string? _regionDestination;

    /// <summary>The maps of <c>Get-ClassActivationMap</c>, or comparisons of <c>Compare-ClassActivationMap</c>, whose difference is drawn.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = MapSet)]
    [Rehydrate]
    [TakesMaps]
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
    /// says for each object where its picture goes: <c>-DestinationPath { "out/$($_.Label)" }</c>.
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

    /// <summary>The colours for low to high values; by default Jet, and Coolwarm where the normalisation is symmetric.</summary>
    [Parameter]
    [ColormapName]
    [ArgumentCompleter(typeof(ColormapCompleter))]
    public string? Colormap { get; set; }

    /// <summary>Which values of a map become the first and the last colour; by default MinMax, and Symmetric for differences.</summary>
    [Parameter]
    public HeatmapNormalization? Normalization { get; set; }

    /// <summary>Where the cells of a map lie on the photo.</summary>
    [Parameter]
    public Upsampling Upsampling { get; set; } = Upsampling.AlignCorners;

    /// <summary>Leaves the photo as it is where the normalised map is below this value, 0 to 1.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double? Threshold { get; set; }

    /// <summary>Draws the line on which the normalised map has this value, 0 to 1.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double? Contour { get; set; }

    /// <summary>Adds a strip below the photo with the label, its probability, and the values that the colours stand for.</summary>
    [Parameter]
    public SwitchParameter Legend { get; set; }

    /// <summary>How much of the heatmap shows, 0 to 1.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double HeatmapOpacity { get; set; } = 0.5;

    /// <summary>How much of the photo shows before the heatmap goes over it, 0 (white) to 1.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double ImageOpacity { get; set; } = 0.8;

    /// <summary>What the picture shows.</summary>
    [Parameter]
    public OverlayLayout Layout { get; set; } = OverlayLayout.Overlay;

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
        _options = new OverlayOptions
        {
            HeatmapOpacity = HeatmapOpacity,
            ImageOpacity = ImageOpacity,
            Layout = Layout,
            Upsampling = Upsampling,
            Threshold = Threshold,
            Contour = Contour,
        };
        _demand = MyInvocation.ExpectingInput ? new PhotoDemand(MaxSize) : null;
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
            if (_sameMap.Count > 0 && !region.IsOfSameMapAs(_sameMap[0]))
            {
                EnqueueRegions();
            }

            _regionDestination = _sameMap.Count == 0 ? Destination() : _regionDestination;
            _sameMap.Add(region);
            if (InStep)
            {
                EnqueueRegions();
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        EnqueueRegions();
        base.EndProcessing();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _demand?.Dispose();
        base.Dispose(disposing);
    }

    private void EnqueueRegions()
    {
        if (_sameMap.Count > 0)
        {
            PhotoRegion[] boxes = [.. _sameMap.Select(static r => new PhotoRegion(r.Left, r.Top, r.Width, r.Height))];
            EnqueuePicture(_sameMap[0].ActivationMap, boxes, _regionDestination);
            _sameMap.Clear();
        }
    }

    // A script block gives another one for each object.
    private string? Destination() => DestinationPath is null ? null : ResolveFilePath(DestinationPath);

    private void EnqueuePicture(ClassActivationMap map, PhotoRegion[] boxes, string? destination)
    {
        try
        {
            PictureTarget target = _pictures.TargetFor(map, destination, PictureKind.Overlay);
            if (ShouldProcess(target.Choose(), $"Draw {map}"))
            {
                Enqueue(map.Path, () => [Draw(map, boxes, target)]);
            }
        }
        catch (PictureException e)
        {
            WriteError(CamErrors.Picture(e));
        }
    }

    private CamPicture Draw(ClassActivationMap map, PhotoRegion[] boxes, PictureTarget target)
    {
        HeatmapNormalization normalization = Normalization ?? map.DefaultNormalization;
        OverlayOptions options = _options with { Boxes = boxes, Normalization = normalization, Colormap = ColormapFor(normalization) };
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

    private Colormap ColormapFor(HeatmapNormalization normalization) =>
        Colormap is null ? Imaging.Colormap.DefaultFor(normalization) : Imaging.Colormap.Get(Colormap);
}
