using ClassActivation.Maps;

namespace ClassActivation.Localization;

/// <summary>What counts as a region of a map.</summary>
public sealed record RegionOptions
{
    /// <summary>
    /// The normalised value, 0 to 1, that a pixel must reach; null for what suits a map, which depends on its method and
    /// on whether it is of one or several scales.
    /// </summary>
    public double? Threshold { get; init; }

    /// <summary>Which values of the map are 0 and 1.</summary>
    public HeatmapNormalization Normalization { get; init; } = HeatmapNormalization.Positive;

    /// <summary>Where the map's cells lie in the photo.</summary>
    public Upsampling Upsampling { get; init; } = Upsampling.HalfPixel;

    /// <summary>Whether to give all regions, or the largest only.</summary>
    public bool All { get; init; }

    /// <summary>The smallest area of a region, in pixels of the photo.</summary>
    public int MinArea { get; init; }

    /// <summary>The threshold for a map, 0 to 1.</summary>
    internal double ThresholdFor(ClassActivationMap map) => Threshold ?? RegionThreshold.For(map);
}
