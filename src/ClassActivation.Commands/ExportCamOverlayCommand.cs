using System.Management.Automation;
using ClassActivation.Explanation;
using ClassActivation.Imaging;
using ClassActivation.Localization;

namespace ClassActivation.Commands;

/// <summary>Draws class activation maps, with the boxes of their regions where regions are given, over their photos and writes the pictures.</summary>
[Cmdlet(VerbsData.Export, "CamOverlay", SupportsShouldProcess = true, DefaultParameterSetName = MapSet)]
[OutputType(typeof(CamPicture))]
public sealed class ExportCamOverlayCommand : DrawingCmdlet
{
    private const string MapSet = "Map";
    private const string RegionSet = "Region";

    private readonly List<CamRegion> _sameMap = [];
    private PhotoDemand? _demand;
    private string? _folder;

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

    /// <summary>The folder for the pictures, made where it is missing; without it each goes beside its photo.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? DestinationPath { get; set; }

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

    /// <summary>Replaces write-protected pictures too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Leaves existing pictures as they are.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    private protected override string Activity => "Drawing class activation maps";

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _folder = DestinationPath is null ? null : ResolveFilePath(DestinationPath);
        _demand = MyInvocation.ExpectingInput ? new PhotoDemand(MaxSize) : null;
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (ClassActivationMap map in InputObject)
        {
            EnqueuePicture(map, OptionsFor(map.Normalization));
        }

        foreach (CamRegion region in Region)
        {
            if (_sameMap.Count > 0 && !region.HasSameMapAs(_sameMap[0]))
            {
                EnqueueRegions();
            }

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
            ClassActivationMap map = _sameMap[0].ActivationMap;
            EnqueuePicture(map, OptionsFor(map.Normalization, _sameMap[0]) with { Boxes = BoxesOf(_sameMap) });
            _sameMap.Clear();
        }
    }

    private void EnqueuePicture(ClassActivationMap map, OverlayOptions options)
    {
        try
        {
            string path = PictureNames.PathFor(map, MapPictures.FolderFor(map, _folder), MapPictures.ExtensionOf(Format));
            PictureFile.CheckMayWrite(path, Force, NoClobber);
            if (ShouldProcess(path, $"Draw {map}"))
            {
                Enqueue(map.Path, () => [Draw(map, options, path)]);
            }
        }
        catch (PictureException e)
        {
            WriteError(CamErrors.Picture(e));
        }
    }

    private CamPicture Draw(ClassActivationMap map, OverlayOptions options, string path)
    {
        Photo picture = CamOverlay.Draw(map, PhotoOf(map), options, MaxSize);
        if (Legend)
        {
            Photo drawn = picture;
            picture = LegendPainter.Append(drawn, CamLegend.For(map, options));
            drawn.Recycle();
        }

        StopToken.ThrowIfCancellationRequested();
        long length = PictureFile.Write(path, Force, NoClobber, picture, Format, Quality);
        picture.Recycle();
        StageClock.Mark("encoding and writing");
        return new CamPicture
        {
            FullName = path,
            PhotoPath = map.Path,
            Label = map.Label,
            Probability = map.Probability,
            Width = picture.Width,
            Height = picture.Height,
            Length = length,
        };
    }
}
