using System.Management.Automation;
using ClassActivation.Localization;
using ClassActivation.Maps;

namespace ClassActivation.Commands;

/// <summary>Says what belongs between, where maps, predictions or photos are given to a parameter that takes regions.</summary>
internal sealed class TakesRegionsAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? first = Unwrapped(inputData) is object[] { Length: > 0 } items ? items[0] : inputData;
        string? missing = Unwrapped(first) switch
        {
            ClassActivationMap or CamComparison => "A map has no box yet. Get-CamRegion belongs between: ... | Get-CamRegion | ...",
            Prediction or FileSystemInfo =>
                "Get-ClassActivationMap and Get-CamRegion belong between: ... | Get-ClassActivationMap | Get-CamRegion | ...",
            _ when first is PSObject row && row.Properties[nameof(ClassActivationMap.Map)] is not null && row.Properties[nameof(CamRegion.PeakX)] is null =>
                "A map has no box yet. Get-CamRegion belongs between: ... | Get-CamRegion | ...",
            _ => null,
        };
        return missing is null ? inputData : throw new ArgumentTransformationMetadataException(missing);
    }

    private static object? Unwrapped(object? item) => item is PSObject wrapped ? wrapped.BaseObject : item;
}
