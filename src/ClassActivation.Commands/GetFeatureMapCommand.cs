using System.Management.Automation;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>Shows single feature maps of the last convolution for photos.</summary>
[Cmdlet(VerbsCommon.Get, "FeatureMap", DefaultParameterSetName = PathSet, HelpUri = HelpPages.Address + "Get-FeatureMap.md")]
[OutputType(typeof(FeatureMap))]
public sealed class GetFeatureMapCommand : PhotoCmdlet
{
    /// <summary>
    /// Results of this module's cmdlets about photos: each photo is shown to the network as it was then. They may come from a CSV,
    /// JSON or CLIXML file. A parameter that is given overrules what the object says.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = PredictionSet)]
    [Rehydrate(TakesAnyQuestion = true, OfPhotoOnly = true)]
    public Prediction Prediction { get; set; } = null!;

    /// <summary>The feature maps' indexes, from 0.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateRange(0, int.MaxValue)]
    public int[] Index { get; set; } = [];

    private protected override string Activity => "Computing feature maps";

    private protected override void OnModelLoaded(CamModel model)
    {
        foreach (int index in Index.Where(index => index >= model.Info.FeatureCount))
        {
            ThrowTerminatingError(CamErrors.FeatureMap(index, model));
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

        // Several classes of one photo have the same feature maps.
        if (IsOtherPhoto(Prediction))
        {
            EnqueueAsked(Prediction, (_, _) => (explainer, photo) => explainer.GetFeatureMaps(photo, Index, StopToken));
        }
    }

    private protected override IEnumerable<object> Explain(PhotoSource source) =>
        Explainer!.GetFeatureMaps(source, Index, StopToken);
}
