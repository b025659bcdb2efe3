namespace ClassActivation.Localization;

/// <summary>How well the boxes of one map agree with the true boxes at every threshold, from one pass over its pixels.</summary>
internal sealed class ThresholdSweep
{
    /// <summary>The number of thresholds: 0, 0.001, …, 0.999 (Choe et al. 2020 step by 0.001 too).</summary>
    public const int Levels = 1000;

    /// <summary>Sweeps a map.</summary>
    /// <param name="surface">The map.</param>
    /// <param name="truth">The true boxes, one or more.</param>
    public ThresholdSweep(MapSurface surface, IReadOnlyList<Box> truth)
    {
        if (surface.IsFlat)
        {
            return;
        }

        (int[] order, int[] starts) = SortByLevel(surface);
        var grid = new ComponentGrid(surface.Width, surface.Height);
        for (int level = Levels - 1; level >= 0; level--)
        {
            foreach (int index in order.AsSpan(starts[level]..starts[level + 1]))
            {
                grid.Add(index, surface.Values[index]);
            }

            foreach (Component component in grid.Components)
            {
                BestIoU[level] = Math.Max(BestIoU[level], IoU(component));
            }

            LargestIoU[level] = grid.Components.Min(Component.LargestFirst) is { } largest ? IoU(largest) : 0;
        }

        Component all = grid.Components.MaxBy(static component => component.Peak)!;
        PeakX = (all.PeakColumn + 0.5) * surface.PixelWidth;
        PeakY = (all.PeakRow + 0.5) * surface.PixelHeight;

        double IoU(Component component) => truth.Max(surface.BoxOf(component).IoU);
    }

    /// <summary>At each threshold the best IoU of any component's box with any true box; 0 for a flat map.</summary>
    public double[] BestIoU { get; } = new double[Levels];

    /// <summary>At each threshold the best IoU of the largest component's box with any true box; 0 for a flat map.</summary>
    public double[] LargestIoU { get; } = new double[Levels];

    /// <summary>Where the largest value lies across the photo, in its pixels; NaN for a flat map.</summary>
    public double PeakX { get; } = double.NaN;

    /// <summary>Where the largest value lies down the photo, in its pixels; NaN for a flat map.</summary>
    public double PeakY { get; } = double.NaN;

    // A counting sort: the pixels of level i are order[starts[i]..starts[i + 1]].
    private static (int[] Order, int[] Starts) SortByLevel(MapSurface surface)
    {
        var starts = new int[Levels + 1];
        for (int i = 0; i < surface.Values.Length; i++)
        {
            if (!float.IsNaN(surface.Values[i]))
            {
                starts[LevelOf(surface, i) + 1]++;
            }
        }

        for (int level = 0; level < Levels; level++)
        {
            starts[level + 1] += starts[level];
        }

        var order = new int[starts[Levels]];
        int[] next = [.. starts];
        for (int i = 0; i < surface.Values.Length; i++)
        {
            if (!float.IsNaN(surface.Values[i]))
            {
                order[next[LevelOf(surface, i)]++] = i;
            }
        }

        return (order, starts);
    }

    private static int LevelOf(MapSurface surface, int index) =>
        Math.Clamp((int)(surface.Normalize(surface.Values[index]) * Levels), 0, Levels - 1);
}
