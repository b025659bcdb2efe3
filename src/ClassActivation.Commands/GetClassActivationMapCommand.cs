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

    /// <summary>
    /// The WordNet concepts to map: where is any dog, whatever the breed? Names, synonyms or WordNet ids. A concept's map
    /// is the mean of its classes' maps under their probabilities within the concept, which is the gradient of the
    /// concept's logit (the logarithm of its classes' summed exponentials) applied as CAM applies a class's weights. Its
    /// probability is the sum over its classes.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [Parameter(ParameterSetName = InputObjectSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ConceptCompleter))]
    public string[] Concept { get; set; } = [];

    /// <summary>How many of the most probable classes to map where neither class nor concept is named.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [Parameter(ParameterSetName = InputObjectSet)]
    [ValidateRange(1, 100_000)]
    public int Top { get; set; } = 1;

    /// <summary>
    /// How to make the maps; several methods give several maps of each class. Cam gives contributions to the logit (Zhou
    /// et al. 2016). GradCam, HiResCam and XGradCam are the same map here, divided by its number of cells. LayerCam keeps
    /// the feature maps that speak for the class; GradCamPlusPlus damps the strong ones of them; AblationCam weights each
    /// by the share of the logit lost without it; SoftmaxCam shows what raises the probability, with evidence shared by
    /// all likely classes removed; EigenGradCam shows where the evidence varies most, and EigenCam where the
    /// activations do, whatever the class. One more costs no forward pass.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public CamMethod[] Method { get; set; } = [CamMethod.Cam];

    /// <summary>
    /// The classes to set the mapped one against: why this and not those (Finer-CAM)? Labels, synonyms, WordNet ids or
    /// indexes, or Auto for the three most probable others. The map's weights become the class's less
    /// <c>-ContrastStrength</c> times the mean of the others'. A class is never set against itself: where nothing else is
    /// left, its map is the plain one and its property Contrast is empty. Not for the method SoftmaxCam.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContrastCompleter))]
    public string[] Contrast { get; set; } = [];

    /// <summary>How much the classes of <c>-Contrast</c> count, from 0, which is not at all; 0.6 is the method's own.</summary>
    [Parameter]
    [ValidateRange(0.0, 10.0)]
    public double ContrastStrength { get; set; } = ClassContrast.DefaultStrength;

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

    private protected override string Activity => "Computing class activation maps";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName != PredictionSet)
        {
            base.ProcessRecord();
            return;
        }

        // Predictions of one photo come one after the other: together they cost one forward pass.
        if (_samePhoto.Count > 0 && !IsSamePhoto(_samePhoto[0], Prediction))
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
        if (!model.Info.IsLinear && !MyInvocation.BoundParameters.ContainsKey(nameof(Method)))
        {
            Method = [CamMethod.ReciproCam];
        }

        var settings = new InputSettings(Fit, Resolution, Resampling);
        foreach (double scale in Scale.Where(
            scale => settings.At(scale).Resolution is < InputGeometry.MinResolution or > InputGeometry.MaxResolution))
        {
            ThrowTerminatingError(CamErrors.Scale(scale, Resolution));
        }

        _request = new MapRequest
        {
            ClassIndexes = ResolveClasses(Class, model),
            Concepts = ResolveConcepts(Concept, model.Classes, model.Name),
            Top = Top,
            Methods = [.. Method.Distinct()],
            Contrast = ResolveContrast(model),
            Scales = Scale,
            Flip = Flip,
            IncludeActivation = IncludeActivation,
        };
    }

    private protected override IEnumerable<object> Explain(PhotoSource source) => Explainer!.Explain(source, _request, StopToken);

    private ClassContrast? ResolveContrast(CamModel model)
    {
        if (Contrast.Length == 0)
        {
            return null;
        }

        if (Method.Contains(CamMethod.SoftmaxCam))
        {
            ThrowTerminatingError(CamErrors.ContrastWithSoftmax());
        }

        bool isAuto = Contrast is [{ } only] && only.Equals(ContrastCompleter.Auto, StringComparison.OrdinalIgnoreCase);
        return new ClassContrast(isAuto ? [] : ResolveClasses(Contrast, model), ContrastStrength);
    }

    private void EnqueueSamePhoto()
    {
        if (_samePhoto.Count == 0)
        {
            return;
        }

        if (LoadedModel is null && !MyInvocation.BoundParameters.ContainsKey(nameof(Model)))
        {
            Model = _samePhoto[0].Model;
        }

        EnsureModel();
        CamModel model = LoadedModel!;
        if (_samePhoto[0].Model != model.Name)
        {
            WriteError(CamErrors.PredictionOfOtherNetwork(_samePhoto[0], model));
            _samePhoto.Clear();
            return;
        }

        (PhotoSource? source, string path) = (_samePhoto[0].Source, _samePhoto[0].Path);
        MapRequest request = _samePhoto[0].IsConcept
            ? _request with { Concepts = ResolveConcepts(_samePhoto.Select(static p => p.WordNetId), model.Classes, model.Name) }
            : _request with { ClassIndexes = [.. _samePhoto.Select(static p => p.ClassIndex)] };
        _samePhoto.Clear();
        try
        {
            PhotoSource photo = MapPhoto.Find(source, path, MyInvocation.BoundParameters.ContainsKey(nameof(MaxPixels)) ? MaxPixels : null);
            Enqueue(photo, () => Explainer!.Explain(photo, request, StopToken));
        }
        catch (PictureException e)
        {
            WriteError(CamErrors.Picture(e));
        }
    }

    // Two photos from memory may share their name, but not their source; a photo from CLIXML has only its path.
    private static bool IsSamePhoto(Prediction one, Prediction other) =>
        one.Path == other.Path && one.IsConcept == other.IsConcept
        && (ReferenceEquals(one.Source, other.Source) || one.Source?.Path is not null);
}
