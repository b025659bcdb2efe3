namespace ClassActivation.Inference;

/// <summary>The end of a network, from a layer to its scores.</summary>
/// <param name="Layer">The value of the layer.</param>
/// <param name="Boundary">What the end needs besides, such as the other way around a residual block.</param>
internal sealed record NetworkTail(string Layer, IReadOnlyList<string> Boundary)
{
    /// <summary>The values that it takes, the layer's first.</summary>
    public IReadOnlyList<string> Inputs { get; } = [Layer, .. Boundary];
}
