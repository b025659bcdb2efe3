using System.Management.Automation;
using ClassActivation.Explanation;
using ClassActivation.Imaging;
using ClassActivation.Models;

namespace ClassActivation.Commands;

/// <summary>Computes where in photos a network sees a class.</summary>
[Cmdlet(VerbsCommon.Get, "ClassActivationMap", DefaultParameterSetName = PathSet)]
[OutputType(typeof(ClassActivationMap))]
public sealed class GetClassActivationMapCommand : PhotoCmdlet
{
    private const string PredictionSet = "Prediction";

    private readonly List<Prediction> _samePhoto = [];
    private MapRequest _request = new();

    /// <summary>Predictions of <c>Get-Prediction</c>: the map is that of their class.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = PredictionSet)]
    [Rehydrate]
    public Prediction Prediction { get; set; } = null!;

    /// <summary>The classes to map: labels, synonyms, WordNet ids or indexes.</summary>
    [Parameter(Position = 1, ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [Parameter(ParameterSetName = InputObjectSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ClassCompleter))]
    public string[] Class { get; set; } = [];

    /// <summary>How many of the most probable classes to map where no class is named.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [Parameter(ParameterSetName = InputObjectSet)]
    [ValidateRange(1, 100_000)]
    public int Top { get; set; } = 1;

    /// <summary>
    /// The resolutions that the map is averaged over, in multiples of <c>-Resolution</c>: 1,2 shows the network the photo
    /// twice, the second time with its sides doubled. Each map is cut at zero and scaled to 0 to 1 by its largest value
    /// before. Probability and rank come from the first. A scale costs what its pixels cost: 2 four times as much as 1.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ValidateRange(0.01, 128.0)]
    public double[] Scale { get; set; } = [1];

    /// <summary>
    /// Shows the network the photo's mirror image too, and averages its map, mirrored back, with the others; each map is
    /// cut at zero and scaled to 0 to 1 before. It doubles the cost.
    /// </summary>
    [Parameter]
    public SwitchParameter Flip { get; set; }

    /// <summary>Lets the maps carry the feature maps they were computed from.</summary>
    [Parameter]
    public SwitchParameter IncludeActivation { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName != PredictionSet)
        {
            base.ProcessRecord();
            return;
        }

        // Predictions of one photo come one after the other: together they cost one forward pass.
        if (_samePhoto.Count > 0 && !_samePhoto[0].Source!.Equals(Prediction.Source))
        {
            EnqueueSamePhoto();
        }

        _samePhoto.Add(Prediction);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        EnqueueSamePhoto();
        base.EndProcessing();
    }

    private protected override void OnModelLoaded(CamModel model)
    {
        var settings = new InputSettings(Fit, Resolution, Resampling);
        foreach (double scale in Scale.Where(
            scale => settings.At(scale).Resolution is < InputGeometry.MinResolution or > InputGeometry.MaxResolution))
        {
            ThrowTerminatingError(CamErrors.Scale(scale, Resolution));
        }

        _request = new MapRequest
        {
            ClassIndexes = ResolveClasses(Class, model),
            Top = Top,
            Scales = Scale,
            Flip = Flip,
            IncludeActivation = IncludeActivation,
        };
    }

    private protected override IEnumerable<object> Explain(PhotoSource source) => Explainer!.Explain(source, _request, StopToken);

    private void EnqueueSamePhoto()
    {
        if (_samePhoto.Count == 0)
        {
            return;
        }

        PhotoSource source = _samePhoto[0].Source!;
        int[] classes = [.. _samePhoto.Select(static p => p.ClassIndex)];
        _samePhoto.Clear();
        Enqueue(source, () => Explainer!.Explain(source, _request with { ClassIndexes = classes }, StopToken));
    }
}
