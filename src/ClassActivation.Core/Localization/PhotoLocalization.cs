using ClassActivation.Identity;
using ClassActivation.Maps;

namespace ClassActivation.Localization;

/// <summary>How well the map of one photo finds the true boxes.</summary>
public sealed class PhotoLocalization : CamAnswer
{
    /// <summary>Makes the figures of one map.</summary>
    /// <param name="map">The map.</param>
    internal PhotoLocalization(ClassActivationMap map)
        : base(map.Photo, map.Question) => Probability = map.Probability;

    /// <summary>The photo's full path, or the name given to a photo from memory.</summary>
    public override string Path => base.Path;

    /// <summary>The class's label.</summary>
    public override string Label => base.Label;

    /// <summary>The softmax probability of the class, 0 to 1.</summary>
    public double Probability { get; }

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
