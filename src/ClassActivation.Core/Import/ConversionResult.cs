namespace ClassActivation.Import;

/// <summary>A converted network.</summary>
/// <param name="Path">The full path of the <c>.onnx</c> file; its weights are beside it in <c>.onnx.data</c>.</param>
/// <param name="Classes">The number of classes C.</param>
/// <param name="FeatureMaps">The number of feature maps K that the classifier weighs.</param>
/// <param name="Layers">The number of layers.</param>
/// <param name="Parameters">The number of parameters, trainable or not.</param>
/// <param name="Elapsed">The time taken.</param>
/// <param name="Size">The size of both files in bytes.</param>
public sealed record ConversionResult(
    string Path, int Classes, int FeatureMaps, int Layers, long Parameters, TimeSpan Elapsed, long Size)
{
    /// <summary>What the network does with its pixels, in words, and who said so; empty where that is the caller.</summary>
    public string Preprocessing { get; init; } = "";
}
