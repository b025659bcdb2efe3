namespace ClassActivation.Methods;

/// <summary>A method that needs nothing but feature maps and their gradients.</summary>
/// <param name="method">Its name.</param>
/// <param name="formula">The map of the feature maps, their gradients and their number; <see cref="GradientMaps"/> has the papers.</param>
internal sealed class GradientMethod(CamMethod method, GradientMethod.Formula formula) : ILayerMethod
{
    /// <summary>Computes a map.</summary>
    /// <param name="activations">A, K × places.</param>
    /// <param name="gradients">G, K × places.</param>
    /// <param name="channels">K.</param>
    public delegate float[] Formula(ReadOnlySpan<float> activations, ReadOnlySpan<float> gradients, int channels);

    public CamMethod Method => method;

    public bool NeedsGradient => true;

    public bool IsComplete { get; init; }

    public MapPlace Place { get; init; }

    public float[] Map(ExplainedLayer layer) => formula(layer.Maps, layer.Gradient, layer.Pass.Channels);
}
