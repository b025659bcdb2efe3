using ClassActivation.Inference;

namespace ClassActivation.Methods;

/// <summary>What a map of a layer is made of.</summary>
/// <param name="Target">What is explained.</param>
/// <param name="Pass">What the network gave at the layer.</param>
/// <param name="Gradient">
/// The gradient G of the method's combination of logits in the feature maps, K × rows × columns; none where the method needs none.
/// </param>
/// <param name="CancellationToken">Ends the work.</param>
internal sealed record ExplainedLayer(MapTarget Target, LayerPass Pass, float[] Gradient, CancellationToken CancellationToken)
{
    /// <summary>The most steps on a way that is gone in steps.</summary>
    public int MostSteps { get; init; } = IntegratedGradientsMethod.DefaultMostSteps;

    /// <summary>The feature maps A, K × rows × columns.</summary>
    public float[] Maps => Pass.Maps;

    /// <summary>A ⊙ G.</summary>
    public float[] Products()
    {
        var products = new float[Maps.Length];
        for (int i = 0; i < products.Length; i++)
        {
            products[i] = Maps[i] * Gradient[i];
        }

        return products;
    }
}
