using ClassActivation.Explanation;
using ClassActivation.Imaging;

namespace ClassActivation.Localization;

/// <summary>A part of a photo where a class activation map is high: the pixels above a threshold that touch, and their box.</summary>
public sealed class CamRegion
{
    /// <summary>The photo's full path, or the name given to a photo from memory.</summary>
    public required string Path { get; init; }

    /// <summary>The class's label.</summary>
    public required string Label { get; init; }

    /// <summary>The class's position in the network's predictions, from 0.</summary>
    public required int ClassIndex { get; init; }

    /// <summary>The softmax probability of the class, 0 to 1.</summary>
    public required double Probability { get; init; }

    /// <summary>The region's rank by area among those of its map, 1 for the largest.</summary>
    public required int Number { get; init; }

    /// <summary>The first column of the box, in pixels of the upright photo.</summary>
    public required int Left { get; init; }

    /// <summary>The first row of the box, in pixels of the upright photo.</summary>
    public required int Top { get; init; }

    /// <summary>The width of the box in pixels of the photo.</summary>
    public required int Width { get; init; }

    /// <summary>The height of the box in pixels of the photo.</summary>
    public required int Height { get; init; }

    /// <summary>The number of the photo's pixels in the region itself, which its box holds.</summary>
    public required int Area { get; init; }

    /// <summary>The map's largest value in the region, in the map's units.</summary>
    public required double Peak { get; init; }

    /// <summary>The column of the largest value, in pixels of the photo.</summary>
    public required int PeakX { get; init; }

    /// <summary>The row of the largest value, in pixels of the photo.</summary>
    public required int PeakY { get; init; }

    /// <summary>The map's mean over the region, in the map's units.</summary>
    public required double Mean { get; init; }

    /// <summary>The region's share of the sum of all the map's positive values, 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>The threshold that the region was found with, 0 to 1.</summary>
    public required double Threshold { get; init; }

    /// <summary>Which values of the map were 0 and 1.</summary>
    public HeatmapNormalization Normalization { get; init; } = HeatmapNormalization.Positive;

    /// <summary>Where the map's cells lay in the photo.</summary>
    public Upsampling Upsampling { get; init; } = Upsampling.HalfPixel;

    /// <summary>The map that the region was found in.</summary>
    public required ClassActivationMap ActivationMap { get; init; }

    /// <summary>Whether another region was found in the same map; maps that came from another process are compared by what they hold.</summary>
    internal bool HasSameMapAs(CamRegion other) =>
        ReferenceEquals(ActivationMap, other.ActivationMap)
        || (Path == other.Path && ClassIndex == other.ClassIndex && ActivationMap.Model == other.ActivationMap.Model
            && ActivationMap.Values.AsSpan().SequenceEqual(other.ActivationMap.Values));

    /// <summary>The label and the box.</summary>
    public override string ToString() => ShownText.Of($"{Label} at {Left},{Top} ({Width}×{Height})");
}
