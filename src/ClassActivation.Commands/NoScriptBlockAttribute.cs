using System.Management.Automation;

namespace ClassActivation.Commands;

/// <summary>Keeps a script block from becoming a path of its text.</summary>
internal sealed class NoScriptBlockAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether PowerShell runs a script block for each object, where the parameter is named and objects are piped in.</summary>
    public bool IsRunWhereNamed { get; init; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not ScriptBlock ? inputData
        : throw new ArgumentTransformationMetadataException(IsRunWhereNamed
            ? "A script block is run for each object where -DestinationPath is named and objects are piped in: ... -DestinationPath { ... }"
            : "It takes a path, and no script block.");
}
