using System.Management.Automation;

namespace ClassActivation.Commands;

/// <summary>Says what belongs between, where predictions or photos are given to a parameter that takes maps.</summary>
internal sealed class TakesMapsAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => GivenAnswer.KindOf(inputData) switch
    {
        GivenKind.Prediction => throw Lacking("A prediction"),
        GivenKind.Photo => throw Lacking("A photo"),
        GivenKind.Other => throw GivenAnswer.NotTaken(inputData, "maps of Get-ClassActivationMap, or regions of Get-CamRegion where a cmdlet says so"),
        _ => inputData,
    };

    private static ArgumentTransformationMetadataException Lacking(string what) =>
        new($"{what} has no map yet. Get-ClassActivationMap belongs between: ... | Get-ClassActivationMap | ...");
}
