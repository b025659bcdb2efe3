using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Drawing;

/// <summary>What a drawn picture shows.</summary>
public enum OverlayLayout
{
    /// <summary>The map over the photo.</summary>
    Overlay,

    /// <summary>The photo on the left, the map over the photo on the right: twice as wide.</summary>
    SideBySide,

    /// <summary>The map alone.</summary>
    Heatmap,
}

/// <summary>How a map is drawn over a photo. The defaults give the notebook's figure.</summary>
public sealed record OverlayOptions
{
    private const double HighlightThreshold = 0.3;

    /// <summary>The colours of the map.</summary>
    public Colormap Colormap { get; init; } = Colormap.Get("jet");

    /// <summary>The share of the map in a pixel, 0 to 1.</summary>
    public double HeatmapOpacity { get; init; } = 0.5;

    /// <summary>The share of the photo over white below the map, 0 to 1.</summary>
    public double ImageOpacity { get; init; } = 0.8;

    /// <summary>What the picture shows.</summary>
    public OverlayLayout Layout { get; init; }

    /// <summary>How the map's values are brought to the range of the colours.</summary>
    public HeatmapNormalization Normalization { get; init; }

    /// <summary>Where the map's cells lie.</summary>
    public Upsampling Upsampling { get; init; }

    /// <summary>What the map is between its cells.</summary>
    public Interpolation Interpolation { get; init; }

    /// <summary>The part of the full-size photo that the map covers; null for all of it. Outside, the photo stays as it is.</summary>
    public PhotoRegion? Covered { get; init; }

    /// <summary>
    /// Where the normalised value is below this, the photo stays as it is (in <see cref="OverlayLayout.Heatmap"/>: white).
    /// </summary>
    public double? Threshold { get; init; }

    /// <summary>The normalised value at which a level line is drawn.</summary>
    public double? Contour { get; init; }

    /// <summary>The boxes to outline, in pixels of the full-size photo.</summary>
    public IReadOnlyList<PhotoRegion> Boxes { get; init; } = [];

    /// <summary>What a look is made of, for a map of a given kind.</summary>
    /// <param name="style">The look.</param>
    /// <param name="normalization">
    /// The map's own normalisation. A difference, which is symmetric, keeps it in every look, and is drawn in the colours
    /// of differences without a threshold: what speaks against the class counts as much there.
    /// </param>
    public static OverlayOptions Of(OverlayStyle style, HeatmapNormalization normalization)
    {
        if (style == OverlayStyle.Notebook)
        {
            return new OverlayOptions { Normalization = normalization, Colormap = Colormap.DefaultFor(normalization) };
        }

        bool isDifference = normalization == HeatmapNormalization.Symmetric;
        var smooth = new OverlayOptions
        {
            Normalization = normalization == HeatmapNormalization.MinMax ? HeatmapNormalization.Positive : normalization,
            Colormap = isDifference
                ? Colormap.DefaultFor(normalization)
                : Colormap.Get(style == OverlayStyle.Accessible ? "viridis" : "turbo"),
            ImageOpacity = 1,
            HeatmapOpacity = 0.55,
            Upsampling = Upsampling.HalfPixel,
            Interpolation = Interpolation.Bicubic,
        };
        return style switch
        {
            OverlayStyle.Highlight when !isDifference => smooth with { Threshold = HighlightThreshold, Contour = HighlightThreshold },
            OverlayStyle.Outline => smooth with { HeatmapOpacity = 0, Contour = isDifference ? 0.75 : HighlightThreshold },
            _ => smooth,
        };
    }
}
