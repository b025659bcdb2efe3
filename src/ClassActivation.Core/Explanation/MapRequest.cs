namespace ClassActivation.Explanation;

/// <summary>Which maps of a photo to compute.</summary>
public sealed record MapRequest
{
    /// <summary>The classes to map, by index; where there are none, the most probable ones.</summary>
    public IReadOnlyList<int> ClassIndexes { get; init; } = [];

    /// <summary>How many of the most probable classes to map where no class is named.</summary>
    public int Top { get; init; } = 1;

    /// <summary>Whether the maps carry the feature maps they were computed from.</summary>
    public bool IncludeActivation { get; init; }
}
