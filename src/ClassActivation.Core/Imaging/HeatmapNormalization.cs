namespace ClassActivation.Imaging;

/// <summary>How the values of a map are brought to the range from 0 to 1 that a colour map has.</summary>
public enum HeatmapNormalization
{
    /// <summary>The smallest value becomes 0 and the largest 1; a flat map becomes 0.</summary>
    MinMax,

    /// <summary>Negative values become 0 and the largest value 1; a map without positive values becomes 0.</summary>
    Positive,

    /// <summary>Zero becomes 0.5 and the value farthest from it 0 or 1: for a diverging colour map.</summary>
    Symmetric,

    /// <summary>Values stay as they are, limited to 0 … 1.</summary>
    None,
}

internal static class HeatmapNormalizer
{
    /// <summary>Normalises a map.</summary>
    /// <exception cref="ArgumentException">A value is infinite or not a number.</exception>
    public static double[] Normalize(ReadOnlySpan<float> grid, HeatmapNormalization normalization)
    {
        double min = double.PositiveInfinity, max = double.NegativeInfinity;
        foreach (float value in grid)
        {
            if (!float.IsFinite(value))
            {
                throw new ArgumentException("The map holds values that are infinite or not a number; it cannot be drawn.", nameof(grid));
            }

            min = Math.Min(min, value);
            max = Math.Max(max, value);
        }

        (double zero, double one) = normalization switch
        {
            HeatmapNormalization.MinMax => (min, max),
            HeatmapNormalization.Positive => (0, max),
            HeatmapNormalization.Symmetric => (-Math.Max(Math.Abs(min), Math.Abs(max)), Math.Max(Math.Abs(min), Math.Abs(max))),
            HeatmapNormalization.None => (0, 1),
            _ => throw new ArgumentOutOfRangeException(nameof(normalization)),
        };
        var normalized = new double[grid.Length];
        if (one <= zero)
        {
            Array.Fill(normalized, normalization == HeatmapNormalization.Symmetric ? 0.5 : 0);
            return normalized;
        }

        for (int i = 0; i < normalized.Length; i++)
        {
            normalized[i] = Math.Clamp((grid[i] - zero) / (one - zero), 0, 1);
        }

        return normalized;
    }
}
