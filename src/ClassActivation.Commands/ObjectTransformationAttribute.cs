using System.Management.Automation;

namespace ClassActivation.Commands;

/// <summary>Turns what a parameter is given into what it takes, each object of a list by itself.</summary>
internal abstract class ObjectTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public sealed override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        inputData is object[] items ? Array.ConvertAll(items, Transformed) : Transformed(inputData);

    /// <summary>What the parameter takes for one object; the object itself where that is left to PowerShell.</summary>
    private protected abstract object Transformed(object item);
}
