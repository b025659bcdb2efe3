namespace ClassActivation.Maps;

/// <summary>Brings the cells of a map to values that are normalised on the pixels of a picture.</summary>
internal static class HeatmapNormalizer
{
    /// <summary>Normalises a map by the extremes of its own cells, see <see cref="HeatmapNormalization"/>.</summary>
    /// <exception cref="ArgumentException">A value is infinite or not a number.</exception>
    public static double[] Normalize(ReadOnlySpan<float> grid, HeatmapNormalization normalization)
    {
        double[] cells = Prepare(grid, normalization);
        return Scale(cells, cells.Min(), cells.Max(), normalization);
    }

    /// <summary>Normalises a map by the extremes among the pixels it is drawn on, see <see cref="HeatmapNormalization"/>.</summary>
    /// <param name="grid">The map, row-major.</param>
    /// <param name="columns">Columns of the map.</param>
    /// <param name="x">The map's place across the picture.</param>
    /// <param name="y">The map's place down the picture.</param>
    /// <param name="normalization">How.</param>
    /// <exception cref="ArgumentException">A value is infinite or not a number.</exception>
    public static double[] Normalize(
        ReadOnlySpan<float> grid, int columns, in GridAxis x, in GridAxis y, HeatmapNormalization normalization)
    {
        double[] cells = Prepare(grid, normalization);
        (double min, double max) = Extremes(cells, columns, x, y);
        return Scale(cells, min, max, normalization);
    }

    private static double[] Prepare(ReadOnlySpan<float> grid, HeatmapNormalization normalization)
    {
        var cells = new double[grid.Length];
        for (int i = 0; i < cells.Length; i++)
        {
            if (!float.IsFinite(grid[i]))
            {
                throw new ArgumentException("The map holds values that are infinite or not a number; it cannot be drawn.", nameof(grid));
            }

            cells[i] = normalization switch
            {
                HeatmapNormalization.Positive => Math.Max(grid[i], 0),
                HeatmapNormalization.None => Math.Clamp(grid[i], 0, 1),
                _ => grid[i],
            };
        }

        return cells;
    }

    private static double[] Scale(double[] cells, double min, double max, HeatmapNormalization normalization)
    {
        double farthest = Math.Max(Math.Abs(min), Math.Abs(max));
        (double zero, double one) = normalization switch
        {
            HeatmapNormalization.MinMax => (min, max),
            HeatmapNormalization.Positive => (0, max),
            HeatmapNormalization.Symmetric => (-farthest, farthest),
            HeatmapNormalization.None => (0, 1),
            _ => throw new ArgumentOutOfRangeException(nameof(normalization)),
        };
        double flat = normalization == HeatmapNormalization.Symmetric ? 0.5 : 0;
        for (int i = 0; i < cells.Length; i++)
        {
            cells[i] = one > zero ? (cells[i] - zero) / (one - zero) : flat;
        }

        return cells;
    }

    // Between cells a map is bilinear, so its extremes are on the pixels next to a cell.
    private static (double Min, double Max) Extremes(double[] cells, int columns, in GridAxis x, in GridAxis y)
    {
        double min = double.PositiveInfinity, max = double.NegativeInfinity;
        var line = new GridLine(cells, columns);
        List<int> across = PixelsNextToCells(x);
        foreach (int row in PixelsNextToCells(y))
        {
            line.MoveTo(y, row);
            foreach (int column in across)
            {
                double value = line.At(x, column);
                min = Math.Min(min, value);
                max = Math.Max(max, value);
            }
        }

        return (min, max);
    }

    private static List<int> PixelsNextToCells(in GridAxis axis)
    {
        var pixels = new List<int>();
        for (int i = 0; i < axis.Length; i++)
        {
            if (i == 0 || i == axis.Length - 1 || axis.Cells[i] != axis.Cells[i - 1] || axis.Cells[i] != axis.Cells[i + 1])
            {
                pixels.Add(i);
            }
        }

        return pixels;
    }
}
