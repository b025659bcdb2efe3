using System.Management.Automation;
using ClassActivation.Explanation;
using ClassActivation.Imaging;

namespace ClassActivation.Commands;

/// <summary>Classifies photos: the most probable classes of each, best first.</summary>
[Cmdlet(VerbsCommon.Get, "Prediction", DefaultParameterSetName = PathSet)]
[OutputType(typeof(Prediction))]
public sealed class GetPredictionCommand : PhotoCmdlet
{
    /// <summary>How many classes to give for each photo.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int Top { get; set; } = 5;

    private protected override string Activity => "Classifying photos";

    private protected override IEnumerable<object> Explain(PhotoSource source) => Explainer!.Predict(source, Top, StopToken);
}
