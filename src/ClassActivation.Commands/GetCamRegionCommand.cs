using System.Management.Automation;
using ClassActivation.Inference;
using ClassActivation.Localization;
using ClassActivation.Maps;
using ClassActivation.Networks;

namespace ClassActivation.Commands;

/// <summary>
/// Finds where in the photo a class is: turns class activation maps into boxes, around the connected parts of the map
/// above a threshold. A map of one scale is made finer first: the network is asked again, at the map's resolution and at
/// twice that, for five times the cost; <c>-AsGiven</c> forbids it.
/// </summary>
[Cmdlet(VerbsCommon.Get, "CamRegion", HelpUri = HelpPages.Address + "Get-CamRegion.md")]
[OutputType(typeof(CamRegion))]
public sealed class GetCamRegionCommand : ParallelCmdlet
{
    private RegionOptions _options = new();

    /// <summary>The maps of <c>Get-ClassActivationMap</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Rehydrate]
    [TakesMaps]
    public ClassActivationMap[] InputObject { get; set; } = [];

    /// <summary>
    /// The value that a pixel of the normalised map must reach, 0 to 1: higher makes smaller boxes. Where none is given,
    /// it follows from the map's method and scales, 0.22 for the finer map of the method Cam. With a threshold of your own
    /// the map is cut as it is given, and the network is not asked again.
    /// </summary>
    [Parameter(Position = 0)]
    [ValidateRange(0.0, 1.0)]
    public double? Threshold { get; set; }

    /// <summary>Finds the regions of the maps as they are given, without asking the network for finer ones.</summary>
    [Parameter]
    public SwitchParameter AsGiven { get; set; }

    /// <summary>Gives all regions of a map, the largest first, instead of the largest only.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>The smallest area of a region to give, in pixels of the photo.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int MinArea { get; set; }

    /// <summary>Which values of the map become 0 and 1: Positive cuts off what speaks against the class.</summary>
    [Parameter]
    public HeatmapNormalization Normalization { get; set; } = HeatmapNormalization.Positive;

    /// <summary>Where the map's cells lie in the photo.</summary>
    [Parameter]
    public Upsampling Upsampling { get; set; } = Upsampling.HalfPixel;

    private protected override string Activity => "Finding regions";

    private protected override TaskScheduler Scheduler => OwnThreads.Instance;

    /// <inheritdoc/>
    protected override void BeginProcessing() => _options = new RegionOptions
    {
        Threshold = Threshold,
        Normalization = Normalization,
        Upsampling = Upsampling,
        All = All,
        MinArea = MinArea,
    };

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (ClassActivationMap map in InputObject)
        {
            CamModel? model = ModelFor(map);
            Enqueue(map.Path, () => RegionFinder.Find(
                model is null ? map : FinerMap.Of(map, model, MapPhoto.Find(map.Source, map.Photo, map.Question.Reading, maxPixels: null), StopToken) ?? map,
                _options));
        }
    }

    // Null where the map is to be taken as it is.
    private CamModel? ModelFor(ClassActivationMap map)
    {
        if (AsGiven || Threshold is not null || !FinerMap.IsPossible(map))
        {
            return null;
        }

        if (map.Source is null && !File.Exists(map.Path))
        {
            WriteWarning($"The photo '{map.Path}' is not at hand, so that its map of one scale is boxed as it is given: its box fits less well.");
            return null;
        }

        try
        {
            CamModel model = Models.Get(ResolveModel(map.Model));
            if (model.Info.IsFixedSize)
            {
                return null;
            }

            WriteVerbose($"Asking {model.Name} again about {map}, at the scales {string.Join(", ", FinerMap.Scales)}, for a finer map.");
            return model;
        }
        catch (ModelException)
        {
            WriteWarning($"The network '{map.Model}' is not at hand, so that the map of {map} is boxed as it is given: its box fits less well.");
            return null;
        }
    }
}
