namespace ClassActivation.Explanation;

/// <summary>Which maps of a photo to compute.</summary>
public sealed record MapRequest
{
    /// <summary>The classes to map, by index; where there are none, the most probable ones.</summary>
    public IReadOnlyList<int> ClassIndexes { get; init; } = [];

    /// <summary>How many of the most probable classes to map where no class is named.</summary>
    public int Top { get; init; } = 1;

    /// <summary>
    /// The resolutions at which the photo is shown to the network, in multiples of
    /// <see cref="InputSettings.Resolution"/>. Each costs a forward pass in proportion to its pixels: 2 costs four times
    /// what 1 costs. Of several, each map is cut at zero, scaled to 0 … 1 by its largest value, brought to the
    /// largest map's size and averaged; predictions, probability and rank come from the first.
    /// </summary>
    public IReadOnlyList<double> Scales { get; init; } = [1];

    /// <summary>
    /// Whether the photo's mirror image is shown to the network too, at each scale, and its map mirrored back and
    /// averaged with the others as those of several scales are. It doubles the cost.
    /// </summary>
    public bool Flip { get; init; }

    /// <summary>Whether the maps carry the feature maps they were computed from.</summary>
    public bool IncludeActivation { get; init; }
}
