namespace ClassActivation.Localization;

/// <summary>How well the map of one photo finds the true boxes.</summary>
public sealed class PhotoLocalization
{
    /// <summary>The photo's full path, or the name given to a photo from memory.</summary>
    public required string Path { get; init; }

    /// <summary>The class's label.</summary>
    public required string Label { get; init; }

    /// <summary>The softmax probability of the class, 0 to 1.</summary>
    public required double Probability { get; init; }

    /// <summary>The fixed threshold that was used for this map, 0 to 1.</summary>
    public required double Threshold { get; init; }

    /// <summary>The IoU of the largest region's box at the fixed threshold with the true box that it fits best, 0 to 1.</summary>
    public required double IoU { get; init; }

    /// <summary>The best IoU of any region at any threshold, 0 to 1.</summary>
    public required double BestIoU { get; init; }

    /// <summary>The threshold that gives the best IoU, 0 to 1.</summary>
    public required double BestThreshold { get; init; }

    /// <summary>Whether the map's largest value lies in a true box, or near enough to one.</summary>
    public required bool IsHit { get; init; }

    /// <summary>The number of true boxes.</summary>
    public required int BoxCount { get; init; }

    /// <summary>The IoU at each threshold.</summary>
    internal ThresholdSweep Sweep { get; init; } = null!;

    /// <summary>The photo's name and the IoU.</summary>
    public override string ToString() => ShownText.Of($"{System.IO.Path.GetFileName(Path)}: IoU {IoU:F2}");
}
