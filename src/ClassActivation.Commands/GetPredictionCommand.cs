using System.Management.Automation;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>
/// Classifies photos: the most probable classes or concepts of each, best first, and how doubtful the best one is. Where it
/// is said what photos should show, that class is given too, wherever it ranks.
/// </summary>
[Cmdlet(VerbsCommon.Get, "Prediction", DefaultParameterSetName = PathSet, HelpUri = HelpPages.Address + "Get-Prediction.md")]
[OutputType(typeof(Prediction))]
public sealed class GetPredictionCommand : ExpectingCmdlet
{
    private IReadOnlyList<Concept> _concepts = [];

    /// <summary>
    /// Results of this module's cmdlets about photos: each photo is shown to the network as it was then. They may come from a CSV,
    /// JSON or CLIXML file. A parameter that is given overrules what the object says. Results of one photo that come one after
    /// the other are one question.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = PredictionSet)]
    [Rehydrate(TakesAnyQuestion = true, OfPhotoOnly = true)]
    public Prediction Prediction { get; set; } = null!;

    /// <summary>How many classes to give for each photo; of concepts, all are given where it is left out.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int Top { get; set; } = 5;

    /// <summary>
    /// The least probability, from 0 to 1. All classes that reach it are given unless <c>-Top</c> says otherwise, which
    /// suits a network that answers a question for each class by itself.
    /// </summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double Threshold { get; set; }

    /// <summary>
    /// WordNet concepts to give in place of classes, most probable first: names, synonyms or WordNet ids. The probability
    /// of a concept is the sum over its classes; concepts that overlap, as animal and dog do, do not add up to 1.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ConceptCompleter))]
    public string[] Concept { get; set; } = [];

    private protected override string Activity => "Classifying photos";

    private protected override void OnModelLoaded(CamModel model)
    {
        base.OnModelLoaded(model);
        _concepts = ResolveConcepts(Concept, model.Classes, model.Name);
        if (IsExpecting && _concepts.Count > 0)
        {
            ThrowTerminatingError(CamErrors.ExpectedWithConcept());
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName != PredictionSet)
        {
            base.ProcessRecord();
            return;
        }

        if (IsOtherPhoto(Prediction))
        {
            EnqueueAsked(Prediction, (_, _) => Explain);
        }
    }

    private protected override IEnumerable<object> Explain(PhotoSource source) => Explain(Explainer!, source);

    private IEnumerable<object> Explain(PhotoExplainer explainer, PhotoSource source)
    {
        if (_concepts.Count == 0)
        {
            bool isLimited = IsGiven(nameof(Top)) || !IsGiven(nameof(Threshold));
            return explainer.Predict(source, isLimited ? Top : LoadedModel!.Info.ClassCount, ExpectedOf(source), StopToken)
                .Where(prediction => IsProbable(prediction) || prediction.IsExpected == true);
        }

        int count = IsGiven(nameof(Top)) ? Top : _concepts.Count;
        return explainer.PredictConcepts(source, _concepts, StopToken).Where(IsProbable).Take(count);
    }

    private bool IsProbable(Prediction prediction) => prediction.Probability >= Threshold;
}
