using ClassActivation.Networks;

namespace ClassActivation.Methods;

/// <summary>
/// A method that makes maps of any layer of any network: its name, what it needs, its formula and its paper, in a file of its
/// own. <see cref="LayerMethods"/> lists them.
/// </summary>
internal interface ILayerMethod
{
    /// <summary>The method's name.</summary>
    CamMethod Method { get; }

    /// <summary>Whether it needs the gradient of a combination of logits in the feature maps.</summary>
    bool NeedsGradient { get; }

    /// <summary>Whether Σ of the map and what no place explains are the score, where all behind the layer is piecewise linear.</summary>
    bool IsComplete => false;

    /// <summary>Where it makes its maps; elsewhere than at layers whatever layers are named.</summary>
    MapPlace Place => MapPlace.Layers;

    /// <summary>What no place explains of the score, where the method itself knows; null where it does not.</summary>
    double? Rest(ExplainedLayer layer) => null;

    /// <summary>The combination of logits to differentiate; the target's own for most methods.</summary>
    /// <param name="target">What is explained.</param>
    /// <param name="probabilities">The network's answers, C numbers.</param>
    /// <param name="activation">What made answers of its logits.</param>
    /// <returns>C numbers.</returns>
    float[] Cotangent(MapTarget target, ReadOnlySpan<float> probabilities, ClassifierActivation activation) => target.Shares;

    /// <summary>Computes the map.</summary>
    /// <returns>rows × columns values, row by row: raw, nothing cut off or scaled.</returns>
    float[] Map(ExplainedLayer layer);
}
