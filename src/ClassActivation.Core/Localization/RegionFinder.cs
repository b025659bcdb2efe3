using ClassActivation.Maps;

namespace ClassActivation.Localization;

/// <summary>
/// Turns a map into boxes, as Zhou et al. 2016 do: the map is spread over the photo, cut at a share of its largest
/// value, and boxes are put around the connected components. Pixels that touch at a side or a corner are connected.
/// Photos of more than a megapixel are worked on at about one megapixel, and the boxes scaled.
/// </summary>
public static class RegionFinder
{
    /// <summary>Finds the regions of a map.</summary>
    /// <param name="map">The map.</param>
    /// <param name="options">What counts as a region.</param>
    /// <returns>The regions, the largest first; none where no place of the map stands out.</returns>
    public static IReadOnlyList<CamRegion> Find(ClassActivationMap map, RegionOptions options)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(options);
        var surface = new MapSurface(map, options.Normalization, options.Upsampling);
        if (surface.IsFlat)
        {
            return [];
        }

        double threshold = options.ThresholdFor(map);
        double positiveSum = surface.Values.Sum(static value => value > 0 ? (double)value : 0);
        // The probability that a box fits was learned at the threshold that suits the map, and at no other.
        bool isFitKnown = options.Threshold is null
            && options.Normalization == HeatmapNormalization.Positive
            && FitProbability.IsKnownFor(map);
        Box[] raised = isFitKnown ? BoxesAt(surface, FitProbability.Raised(threshold)) : [];
        Box[] lowered = isFitKnown ? BoxesAt(surface, FitProbability.Lowered(threshold)) : [];
        IEnumerable<CamRegion> regions = ComponentsAt(surface, threshold)
            .Order(Component.LargestFirst)
            .Select((component, i) => ToRegion(
                component, i + 1, map, surface, positiveSum, options, isFitKnown
                    ? FitOf(surface.BoxOf(component), raised, lowered, map)
                    : null))
            .Where(region => region.Area >= options.MinArea);
        return [.. options.All ? regions : regions.Take(1)];
    }

    private static double FitOf(Box box, Box[] raised, Box[] lowered, ClassActivationMap map) => FitProbability.Of(
        raised.Select(box.IoU).DefaultIfEmpty().Max(),
        lowered.Select(box.IoU).DefaultIfEmpty().Max(),
        box.Area / ((double)map.PhotoWidth * map.PhotoHeight),
        MapFusion.IsAverage(map.Scale, map.Flip));

    private static Box[] BoxesAt(MapSurface surface, double threshold) => [.. ComponentsAt(surface, threshold).Select(surface.BoxOf)];

    private static IReadOnlyList<Component> ComponentsAt(MapSurface surface, double threshold)
    {
        var grid = new ComponentGrid(surface.Width, surface.Height);
        double level = surface.LevelOf(threshold);
        for (int i = 0; i < surface.Values.Length; i++)
        {
            if (surface.Values[i] >= level)
            {
                grid.Add(i, surface.Values[i]);
            }
        }

        return grid.Components;
    }

    private static CamRegion ToRegion(
        Component component, int number, ClassActivationMap map, MapSurface surface, double positiveSum, RegionOptions options, double? fit)
    {
        Box box = surface.BoxOf(component);
        return new CamRegion(map)
        {
            Number = number,
            Left = (int)box.Left,
            Top = (int)box.Top,
            Width = (int)(box.Right - box.Left),
            Height = (int)(box.Bottom - box.Top),
            Area = (int)Math.Round(component.Area * surface.PixelWidth * surface.PixelHeight),
            Peak = component.Peak,
            PeakX = (int)((component.PeakColumn + 0.5) * surface.PixelWidth),
            PeakY = (int)((component.PeakRow + 0.5) * surface.PixelHeight),
            Mean = component.Sum / component.Area,
            Share = positiveSum == 0 ? 0 : component.PositiveSum / positiveSum,
            Threshold = options.ThresholdFor(map),
            MapNormalization = options.Normalization,
            MapUpsampling = options.Upsampling,
            FitProbability = fit,
        };
    }
}
