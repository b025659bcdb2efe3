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

    private protected override IEnumerable<object> Explain(PhotoSource source) =>
        Explainer!.GetFeatureMaps(source, Index, StopToken);
}
