using ClassActivation.Gradients;

namespace ClassActivation.Inference;

/// <summary>The end of a network, from a layer to its scores.</summary>
/// <param name="Layer">The value of the layer.</param>
/// <param name="Boundary">What the end needs besides, such as the other way around a residual block.</param>
internal sealed record NetworkTail(string Layer, IReadOnlyList<string> Boundary)
{
    /// <summary>
    /// Whether the layer's values are the tokens of a transformer and its gradient the relevance of its attention to them, see
    /// <see cref="AttentionRelevance"/>.
    /// </summary>
    public bool IsAttention { get; init; }

    /// <summary>The value that it ends in; null for the logits.</summary>
    public string? Scores { get; init; }

    /// <summary>What the forward pass keeps of the values behind the layer, so that its gradient need not compute them again.</summary>
    public IReadOnlyList<string> Saved { get; init; } = [];

    /// <summary>Tells it from others.</summary>
    public string Key => IsAttention ? $"attention {Layer}" : Scores is null ? Layer : $"{Layer} to {Scores}";

    /// <summary>The values that it takes, the layer's first.</summary>
    public IReadOnlyList<string> Inputs { get; } = [Layer, .. Boundary];
}
