using System.Management.Automation;
using ClassActivation.Maps;

namespace ClassActivation.Commands;

/// <summary>Says what belongs between, where predictions or photos are given to a parameter that takes maps.</summary>
internal sealed class TakesMapsAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? first = Unwrapped(inputData) is object[] { Length: > 0 } items ? items[0] : inputData;
        string? given = Unwrapped(first) switch
        {
            Prediction => "A prediction",
            FileSystemInfo => "A photo",
            _ => first is PSObject item && item.TypeNames.Contains("Deserialized." + typeof(Prediction).FullName) ? "A prediction" : null,
        };
        return given is null ? inputData : throw new ArgumentTransformationMetadataException(
            $"{given} has no map yet. Get-ClassActivationMap belongs between: ... | Get-ClassActivationMap | ...");
    }

    private static object? Unwrapped(object? item) => item is PSObject wrapped ? wrapped.BaseObject : item;
}
