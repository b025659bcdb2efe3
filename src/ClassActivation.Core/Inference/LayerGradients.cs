namespace ClassActivation.Inference;

/// <summary>The gradients of combinations of logits in the values of a layer.</summary>
/// <param name="Values">The gradients, one after the other, each with the layer's dimensions.</param>
/// <param name="BiasParts">
/// What the biases behind the layer add to each combination, so that Σ A ⊙ G and this are the combination; none where not all
/// operators there are piecewise linear, or something leads around the layer.
/// </param>
internal sealed record LayerGradients(float[] Values, float[] BiasParts);
