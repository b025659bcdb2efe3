using System.Management.Automation;

namespace ClassActivation.Commands;

/// <summary>Keeps a script block from becoming a path of its text.</summary>
internal sealed class NoScriptBlockAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        GivenObject.Unwrapped(inputData) is not ScriptBlock ? inputData
        : throw new ArgumentTransformationMetadataException("It takes a path, and no script block.");
}
