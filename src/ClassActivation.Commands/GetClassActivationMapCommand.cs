using System.Globalization;
using System.Management.Automation;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>
/// Computes where in photos a network sees a class. Where it is said what photos should show, the map of a wrong answer is
/// that of the difference: why this, and not what it should be.
/// </summary>
[Cmdlet(VerbsCommon.Get, "ClassActivationMap", DefaultParameterSetName = PathSet,
    HelpUri = HelpPages.Address + "Get-ClassActivationMap.md")]
[OutputType(typeof(ClassActivationMap))]
public sealed class GetClassActivationMapCommand : ExpectingCmdlet, IMapQuestion
{
    private const string ClassOfSet = "ClassOf";
    private const string ConceptOfSet = "ConceptOf";
    private const string TopOfSet = "TopOf";
    private const int PassesActivity = 2;

    private readonly List<Prediction> _samePhoto = [];
    private readonly PassCount _passes = new();
    private readonly HashSet<string> _saidWithoutEffect = [];
    private MapRequest _request = new();

    /// <summary>
    /// Predictions of <c>Get-Prediction</c>: the map is that of their class, in the photo as the network saw it then. They
    /// may come from a CSV, JSON or CLIXML file. Maps, comparisons aside, and regions are taken too: their whole question
    /// is asked again. A parameter that is given overrules what the object says.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = PredictionSet)]
    [Rehydrate(TakesAnyQuestion = true)]
    public Prediction Prediction { get; set; } = null!;

    /// <summary>
    /// Results of this module's cmdlets about photos, where something else is asked about these: each photo is shown to the network
    /// as it was then. They may come from a CSV, JSON or CLIXML file. A parameter that is given overrules what the object says.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ClassOfSet)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ConceptOfSet)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = TopOfSet)]
    [Rehydrate(TakesAnyQuestion = true, OfPhotoOnly = true)]
    public Prediction PhotoOf { get; set; } = null!;

    /// <summary>The classes to map: labels, synonyms, WordNet ids or indexes.</summary>
    [Parameter(Position = 1, ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = InputStreamSet)]
    [Parameter(Mandatory = true, ParameterSetName = ClassOfSet)]
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
    [Parameter(ParameterSetName = InputStreamSet)]
    [Parameter(ParameterSetName = ClassOfSet)]
    [Parameter(Mandatory = true, ParameterSetName = ConceptOfSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ConceptCompleter))]
    public string[] Concept { get; set; } = [];

    /// <summary>
    /// Another photo: why does the network find the two alike? The map is that of the cosine of their pooled features, the means of
    /// the last feature maps, shown in the same way; its Logit is the cosine, and with the method Cam the mean of its values, too.
    /// Networks without a head will do. Not for SoftmaxCam, ReciproCam and LeGrad.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SimilarTo { get; set; }

    /// <summary>How many of the most probable classes to map where neither class nor concept is named.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = InputStreamSet)]
    [Parameter(ParameterSetName = ClassOfSet)]
    [Parameter(ParameterSetName = ConceptOfSet)]
    [Parameter(Mandatory = true, ParameterSetName = TopOfSet)]
    [ValidateRange(1, 100_000)]
    public int Top { get; set; } = 1;

    /// <summary>
    /// How to make the maps; several methods give several maps of each class. Cam gives contributions to the logit (Zhou
    /// et al. 2016). Behind global average pooling and one linear layer GradCam, HiResCam and XGradCam are the same map, divided by
    /// its number of cells, and all methods have closed forms; at earlier layers, and in all other networks, the gradients are
    /// computed. LayerCam keeps
    /// the feature maps that speak for the class; GradCamPlusPlus damps the strong ones of them; AblationCam weights each
    /// by the share of the logit lost without it; SoftmaxCam shows what raises the probability, with evidence shared by
    /// all likely classes removed; EigenGradCam shows where the evidence varies most, and EigenCam where the
    /// activations do, whatever the class. ReciproCam needs no gradient. Saliency, InputXGradient,
    /// IntegratedGradients and SmoothGrad look from the pixels. Occlusion covers parts of the photo and Rise shows it through random
    /// masks, in many forward passes; they need nothing of the network but its answers. Where none is named: Cam for a linear
    /// end, HiResCam for another, Occlusion where there are no feature maps, LayerCam with <c>-Layer</c>, and ReciproCam where
    /// an operator of the network has no gradient. One more costs no forward pass, AblationCam and ReciproCam aside, which run
    /// the network's end again and again.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public CamMethod[] Method { get; set; } = [CamMethod.Cam];

    /// <summary>
    /// The layers whose feature maps the maps are made of, as <c>Get-CamModelLayer</c> names them; where none is named the
    /// network's last one. Earlier layers give finer maps. Of several, each map is cut at zero, scaled to 0 to 1 by its
    /// largest value and brought to the size of the finest, and the largest value at each place is the map's (LayerCAM).
    /// The method is LayerCam then where none is named; Cam itself stands on the weights behind the last layer alone.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LayerCompleter))]
    public string[] Layer { get; set; } = [];

    /// <summary>
    /// The most steps of IntegratedGradients. Steps are doubled from 8 on until the map's sum is the difference of the logits within
    /// 1%, or these are reached; how much is left then, the map's Incompleteness says, and a warning.
    /// </summary>
    [Parameter]
    [ValidateRange(1, 65_536)]
    public int MaxStep { get; set; } = IntegratedGradientsMethod.DefaultMostSteps;

    /// <summary>
    /// The classes or concepts to set the mapped one against: why this and not those (Finer-CAM)? Labels, synonyms, WordNet
    /// ids or indexes, names of concepts, or Auto for the three most probable other classes. The map's weights become the class's less
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

    /// <summary>The side of the square that Occlusion covers, in pixels of the network's input.</summary>
    [Parameter]
    [ValidateRange(1, 4096)]
    public int Window { get; set; } = 32;

    /// <summary>The pixels from one square of Occlusion to the next; half of it takes four times as long.</summary>
    [Parameter]
    [ValidateRange(1, 4096)]
    public int Stride { get; set; } = 16;

    /// <summary>How many random masks Rise shows the network the photo through, each a forward pass; always the same masks.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int MaskCount { get; set; } = 1000;

    /// <summary>What Occlusion and Rise show in place of covered pixels: the photo's mean colour, grey or black.</summary>
    [Parameter]
    public MaskBaseline MaskBaseline { get; set; }

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
        if (ParameterSetName is ClassOfSet or ConceptOfSet or TopOfSet)
        {
            if (IsOtherPhoto(PhotoOf))
            {
                EnqueueAsked(
                    PhotoOf, (_, _) => (explainer, photo) => explainer.Explain(photo, AgainstExpected(_request, photo), StopToken));
            }

            return;
        }

        if (ParameterSetName != PredictionSet)
        {
            base.ProcessRecord();
            return;
        }

        // Predictions of one photo come one after the other: together they cost one forward pass.
        if (_samePhoto.Count > 0 && !AreAskedTogether(_samePhoto[0], Prediction))
        {
            EnqueueSamePhoto();
        }

        _samePhoto.Add(Prediction);
        if (InStep)
        {
            EnqueueSamePhoto();
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        EnqueueSamePhoto();
        base.EndProcessing();
    }

    private protected override void OnModelLoaded(CamModel model)
    {
        base.OnModelLoaded(model);
        _request = new MapQuestionResolver(this, this, IsExpecting, isOfObjects: ParameterSetName == PredictionSet)
            .Resolve(model.Info, model.Classes, () => model.Layers) with
        {
            Passes = _passes,
            IncludeActivation = IncludeActivation,
        };
        SayPasses(model);
    }

    private protected override void OnWaiting()
    {
        if (_passes.Expected == 0 || _passes.Done == _passes.Expected)
        {
            return;
        }

        WriteProgress(new ProgressRecord(PassesActivity, "Covering parts of photos", string.Create(
            CultureInfo.CurrentCulture, $"{_passes.Done:N0} of {_passes.Expected:N0} forward passes"))
        {
            PercentComplete = (int)(100L * _passes.Done / _passes.Expected),
        });
    }

    private void SayPasses(CamModel model)
    {
        (int side, string atLeast) = (ExplainerSettings.Resolution, model.Info.IsFixedSize ? "" : "at least ");
        int passes = MaskingMethods.PassCount([.. _request.Methods], side, side, _request.Masking) * Scale.Length * (Flip ? 2 : 1);
        if (passes > 0)
        {
            WriteVerbose(string.Create(
                CultureInfo.CurrentCulture, $"{string.Join(" and ", _request.Methods.Where(static m => MaskingMethods.Find(m) is not null))}: {atLeast}{passes:N0} forward passes for each photo."));
        }
    }

    private protected override IEnumerable<object> Explain(PhotoSource source) =>
        Explainer!.Explain(source, AgainstExpected(_request, source), StopToken);

    private protected override void OnResult(object result)
    {
        if (result is ClassActivationMap { Question.Method: CamMethod.IntegratedGradients, Incompleteness: > IntegratedGradientsMethod.Tolerance } map)
        {
            WriteWarning(ShownText.Of(string.Create(
                CultureInfo.InvariantCulture,
                $"The integrated gradients of '{map.Path}' are {100 * map.Incompleteness:0.#}% off from the difference of the logits after {Counted.Of(map.MaxStep, "step")}. "
                + $"Allow more with -MaxStep {2L * map.MaxStep}; where that changes little, InputXGradient or HiResCam has no steps.")));
        }
    }

    // The whole difference of the logits, where nobody says how much of it.
    private MapRequest AgainstExpected(MapRequest request, PhotoSource source) => ExpectedOf(source) is { } expected
        ? request with { Contrast = expected.ToContrast(IsGiven(nameof(ContrastStrength)) ? ContrastStrength : 1) }
        : request;

    private void EnqueueSamePhoto()
    {
        if (_samePhoto.Count == 0)
        {
            return;
        }

        Prediction[] asked = [.. _samePhoto];
        _samePhoto.Clear();
        EnqueueAsked(asked[0], (model, question) =>
        {
            Prediction[] sound = [.. asked.Where(prediction => SameQuestion.IsOfClassesOf(prediction.Question, model))];
            foreach (Prediction changed in asked.Except(sound))
            {
                WriteError(CamErrors.PredictionChanged(changed, model));
            }

            if (sound.Length == 0)
            {
                return null;
            }

            if (RequestFor(sound[0], question, model, sound) is not { } request)
            {
                WriteError(CamErrors.LikenessGone(question));
                return null;
            }

            return (explainer, photo) => explainer.Explain(photo, AgainstExpected(request, photo), StopToken);
        });
    }

    private MapRequest? RequestFor(Prediction first, CamQuestion question, CamModel model, Prediction[] predictions)
    {
        PhotoSource? similar = _request.SimilarTo ?? (question.IsLikeness ? SameQuestion.SimilarToOf(question) : null);
        if (question.IsLikeness && similar is null)
        {
            return null;
        }

        MapRequest request = similar is not null ? _request with { SimilarTo = similar }
            : question.IsConcept ? _request with
            {
                Concepts = ResolveConcepts(predictions.Select(static p => p.WordNetId), model.Classes, model.Name),
            }
            : _request with { ClassIndexes = [.. predictions.Select(static p => p.ClassIndex)] };
        request = !first.IsWholeQuestion ? request : request with
        {
            Methods = IsGiven(nameof(Method)) ? request.Methods : [question.Method],
            Layers = IsGiven(nameof(Layer)) ? request.Layers : SameQuestion.LayersOf(question, model) ?? [question.Layer!],
            MaxStep = IsGiven(nameof(MaxStep)) ? request.MaxStep : SameQuestion.MaxStepOf(question),
            Contrast = IsGiven(nameof(Contrast)) ? request.Contrast : Strengthened(SameQuestion.ContrastOf(question, model)),
            Masking = Overruled(MaskingSettings.Parse(question.Masking)),
            Scales = IsGiven(nameof(Scale))
                ? request.Scales
                : [.. question.Scale.Split(',').Select(static scale => double.Parse(scale, CultureInfo.InvariantCulture))],
            Flip = IsGiven(nameof(Flip)) ? request.Flip : question.Flip,
        };
        foreach (string warning in MethodParameters.WithoutEffect([.. request.Methods], request.Contrast is not null
            || IsExpecting, IsGiven).Where(_saidWithoutEffect.Add))
        {
            WriteWarning(warning);
        }

        return request;
    }

    private MaskingSettings Overruled(MaskingSettings asked) => asked with
    {
        Window = IsGiven(nameof(Window)) ? Window : asked.Window,
        Stride = IsGiven(nameof(Stride)) ? Stride : asked.Stride,
        MaskCount = IsGiven(nameof(MaskCount)) ? MaskCount : asked.MaskCount,
        Baseline = IsGiven(nameof(MaskBaseline)) ? MaskBaseline : asked.Baseline,
    };

    private ClassContrast? Strengthened(ClassContrast? contrast) =>
        contrast is not null && IsGiven(nameof(ContrastStrength)) ? contrast with { Strength = ContrastStrength } : contrast;

    // One forward pass does for them: the same photo, shown alike, explained alike.
    private static bool AreAskedTogether(Prediction one, Prediction other) =>
        one.Photo == other.Photo && one.IsWholeQuestion == other.IsWholeQuestion && one.Question.IsConcept == other.Question.IsConcept
        && one.Question.WithoutTarget == other.Question.WithoutTarget
        && (ReferenceEquals(one.Source, other.Source) || !one.Photo.IsFromMemory);
}
