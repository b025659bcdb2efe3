using ClassActivation.Explanation;

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

        var grid = new ComponentGrid(surface.Width, surface.Height);
        double level = surface.LevelOf(options.Threshold);
        double positiveSum = 0;
        for (int i = 0; i < surface.Values.Length; i++)
        {
            float value = surface.Values[i];
            positiveSum += value > 0 ? value : 0;
            if (value >= level)
            {
                grid.Add(i, value);
            }
        }

        IEnumerable<CamRegion> regions = grid.Components
            .Order(Component.LargestFirst)
            .Select((component, i) => ToRegion(component, i + 1, map, surface, positiveSum, options))
            .Where(region => region.Area >= options.MinArea);
        return [.. options.All ? regions : regions.Take(1)];
    }

    private static CamRegion ToRegion(
        Component component, int number, ClassActivationMap map, MapSurface surface, double positiveSum, RegionOptions options)
    {
        Box box = surface.BoxOf(component);
        return new CamRegion
        {
            Path = map.Path,
            Label = map.Label,
            ClassIndex = map.ClassIndex,
            Probability = map.Probability,
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
            Threshold = options.Threshold,
            Normalization = options.Normalization,
            Upsampling = options.Upsampling,
            ActivationMap = map,
        };
    }
}
