using System.Management.Automation;
using ClassActivation.Faithfulness;
using ClassActivation.Inference;
using ClassActivation.Localization;
using ClassActivation.Maps;
using ClassActivation.Networks;

namespace ClassActivation.Commands;

/// <summary>
/// Finds where in the photo a class is: turns class activation maps into boxes, around the connected parts of the map
/// above a threshold. A map of one scale is made finer first: the network is asked again, at the map's resolution and at
/// twice that, for five times the cost; <c>-AsGiven</c> forbids it. With <c>-Sufficient</c> it finds instead the smallest
/// part that it can which, alone, keeps the class on top, by at most 50 forward passes.
/// </summary>
[Cmdlet(VerbsCommon.Get, "CamRegion", DefaultParameterSetName = BoxSet, HelpUri = HelpPages.Address + "Get-CamRegion.md")]
[OutputType(typeof(CamRegion))]
public sealed class GetCamRegionCommand : ParallelCmdlet
{
    private const string BoxSet = "Box";
    private const string SufficientSet = "Sufficient";

    private readonly List<ClassActivationMap> _samePasses = [];
    private RegionOptions _options = new();
    private CamModel? _model;

    /// <summary>The maps of <c>Get-ClassActivationMap</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Takes(Taken.Maps)]
    [Rehydrate]
    public ClassActivationMap[] InputObject { get; set; } = [];

    /// <summary>
    /// The value that a pixel of the normalised map must reach, 0 to 1: higher makes smaller boxes. Where none is given,
    /// it follows from the map's method and scales, 0.22 for the finer map of the method Cam. With a threshold of your own
    /// the map is cut as it is given, and the network is not asked again.
    /// </summary>
    [Parameter(Position = 0, ParameterSetName = BoxSet)]
    [ValidateRange(0.0, 1.0)]
    public double? Threshold { get; set; }

    /// <summary>Finds the regions of the maps as they are given, without asking the network for finer ones.</summary>
    [Parameter(ParameterSetName = BoxSet)]
    public SwitchParameter AsGiven { get; set; }

    /// <summary>Gives all regions of a map, the largest first, instead of the largest only.</summary>
    [Parameter(ParameterSetName = BoxSet)]
    public SwitchParameter All { get; set; }

    /// <summary>The smallest area of a region to give, in pixels of the photo.</summary>
    [Parameter(ParameterSetName = BoxSet)]
    [ValidateRange(0, int.MaxValue)]
    public int MinArea { get; set; }

    /// <summary>Which values of the map become 0 and 1: Positive cuts off what speaks against the class.</summary>
    [Parameter(ParameterSetName = BoxSet)]
    public HeatmapNormalization Normalization { get; set; } = HeatmapNormalization.Positive;

    /// <summary>Where the map's cells lie in the photo.</summary>
    [Parameter(ParameterSetName = BoxSet)]
    public Upsampling Upsampling { get; set; } = Upsampling.HalfPixel;

    /// <summary>
    /// Finds the part that suffices: the smallest one found that, alone, keeps the class the best answer, while the rest of
    /// the photo is replaced. What comes out was shown to the network just so. A search takes at most 50 forward passes;
    /// the property Passes says how many.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = SufficientSet)]
    public SwitchParameter Sufficient { get; set; }

    /// <summary>What stands in for the rest of the photo, as with <c>Measure-CamFaithfulness</c>.</summary>
    [Parameter(ParameterSetName = SufficientSet)]
    public Replacement Replacement { get; set; } = Replacement.Blur;

    private protected override string Activity => "Finding regions";

    private protected override TaskScheduler Scheduler => InferenceThreads.Instance;

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
            if (Sufficient)
            {
                FindSufficientPart(map);
                continue;
            }

            if (_samePasses.Count > 0 && FinerMap.IsPossible(map) && FinerMap.HaveSamePasses(_samePasses[0], map))
            {
                _samePasses.Add(map);
                continue;
            }

            FindInFinerMaps();
            _model = ModelFor(map);
            if (_model is null)
            {
                Enqueue(map.Path, () => RegionFinder.Find(map, _options));
            }
            else
            {
                _samePasses.Add(map);
            }
        }

        if (InStep)
        {
            FindInFinerMaps();
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        FindInFinerMaps();
        base.EndProcessing();
    }

    // The maps of one photo come one after the other: together they cost the forward passes of one.
    private void FindInFinerMaps()
    {
        if (_samePasses.Count == 0)
        {
            return;
        }

        ClassActivationMap[] maps = [.. _samePasses];
        CamModel model = _model!;
        _samePasses.Clear();
        Enqueue(maps[0].Path, () => FinerMap.Of(maps, model, MapPhoto.Find(maps[0].Source, maps[0].Photo, maps[0].Question.Reading, maxPixels: null), StopToken)
            .SelectMany((finer, i) => RegionFinder.Find(finer ?? maps[i], _options)));
    }

    private void FindSufficientPart(ClassActivationMap map)
    {
        CamModel model;
        try
        {
            model = Models.Get(ResolveModel(map.Model));
        }
        catch (ModelException e)
        {
            WriteErrorInOrder(CamErrors.Model(e, map.Model));
            return;
        }

        if (MapFaithfulness.ClassesOf(map, model).Count == 0)
        {
            WriteErrorInOrder(CamErrors.OtherNetwork(map, model, "Compute the map again."));
            return;
        }

        Enqueue(map.Path, () =>
            [
                SufficientPart.Find(
                    map,
                    model,
                    MapPhoto.Find(map.Source, map.Photo, map.Question.Reading, maxPixels: null),
                    new SufficientPartOptions { Replacement = Replacement },
                    StopToken)
            ]);
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
            WriteWarning(
                $"The photo '{map.Path}' is not at hand, so that its map of one scale is boxed as it is given: its box fits less well.");
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
            WriteWarning(
                $"The network '{map.Model}' is not at hand, so that the map of {map} is boxed as it is given: its box fits less well.");
            return null;
        }
    }
}
