using ClassActivation.Imaging;

namespace ClassActivation.Localization;

/// <summary>
/// What counts as a region of a map. The defaults are what found objects best over maps of one or several resolutions;
/// they do best with the resolution 288 and the scales 1 and 2.
/// </summary>
public sealed record RegionOptions
{
    /// <summary>The threshold where none is asked for.</summary>
    public const double DefaultThreshold = 0.16;

    /// <summary>The normalised value, 0 to 1, that a pixel must reach.</summary>
    public double Threshold { get; init; } = DefaultThreshold;

    /// <summary>Which values of the map are 0 and 1.</summary>
    public HeatmapNormalization Normalization { get; init; } = HeatmapNormalization.Positive;

    /// <summary>Where the map's cells lie in the photo.</summary>
    public Upsampling Upsampling { get; init; } = Upsampling.HalfPixel;

    /// <summary>Whether to give all regions, or the largest only.</summary>
    public bool All { get; init; }

    /// <summary>The smallest area of a region, in pixels of the photo.</summary>
    public int MinArea { get; init; }
}
