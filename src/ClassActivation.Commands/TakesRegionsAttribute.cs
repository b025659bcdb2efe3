using System.Management.Automation;

namespace ClassActivation.Commands;

/// <summary>Says what belongs between, where maps, predictions or photos are given to a parameter that takes regions.</summary>
internal sealed class TakesRegionsAttribute : ArgumentTransformationAttribute
{
    /// <summary>Takes objects of other kinds too, and says itself what is wrong with them.</summary>
    public bool OrAnyBox { get; init; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => GivenAnswer.KindOf(inputData) switch
    {
        GivenKind.Map => throw new ArgumentTransformationMetadataException("A map has no box yet. Get-CamRegion belongs between: ... | Get-CamRegion | ..."),
        GivenKind.Prediction or GivenKind.Photo => throw new ArgumentTransformationMetadataException(
            "Get-ClassActivationMap and Get-CamRegion belong between: ... | Get-ClassActivationMap | Get-CamRegion | ..."),
        GivenKind.Other when !OrAnyBox => throw GivenAnswer.NotTaken(inputData, "regions of Get-CamRegion"),
        _ => inputData,
    };
}
