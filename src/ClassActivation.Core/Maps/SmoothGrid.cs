namespace ClassActivation.Maps;

/// <summary>Makes a map finer, so smoothly that what is drawn bilinearly from it shows no cells.</summary>
internal static class SmoothGrid
{
    // Straight lines over a sixteenth of a cell cannot be told from the curve.
    private const int Fineness = 16;

    /// <summary>A finer map through the same cells, by cubic convolution (Keys 1981), kept within the range of the cells.</summary>
    /// <param name="grid">The map, row-major, <c>rows × columns</c>.</param>
    /// <param name="rows">Rows of the map.</param>
    /// <param name="columns">Columns of the map.</param>
    /// <param name="mode">Where its cells lie; the finer map's lie in the same way.</param>
    public static (float[] Values, int Rows, int Columns) Refine(ReadOnlySpan<float> grid, int rows, int columns, Upsampling mode)
    {
        (int[] Cells, double[] Weights) x = Taps(columns, mode), y = Taps(rows, mode);
        int width = x.Cells.Length / 4, height = y.Cells.Length / 4;
        var wide = new double[rows * width];
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < width; i++)
            {
                double sum = 0;
                for (int tap = 4 * i; tap < 4 * i + 4; tap++)
                {
                    sum += x.Weights[tap] * grid[row * columns + x.Cells[tap]];
                }

                wide[row * width + i] = sum;
            }
        }

        (float least, float most) = Range(grid);
        var values = new float[height * width];
        for (int row = 0; row < height; row++)
        {
            for (int i = 0; i < width; i++)
            {
                double sum = 0;
                for (int tap = 4 * row; tap < 4 * row + 4; tap++)
                {
                    sum += y.Weights[tap] * wide[y.Cells[tap] * width + i];
                }

                values[row * width + i] = float.IsFinite((float)sum) ? Math.Clamp((float)sum, least, most) : (float)sum;
            }
        }

        return (values, height, width);
    }

    private static (float Least, float Most) Range(ReadOnlySpan<float> grid)
    {
        (float least, float most) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (float value in grid)
        {
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        }

        return (least, most);
    }

    // For each fine cell the four cells around it, those outside replaced by the outermost, and their weights.
    private static (int[] Cells, double[] Weights) Taps(int cells, Upsampling mode)
    {
        int fine = mode == Upsampling.HalfPixel ? cells * Fineness : (cells - 1) * Fineness + 1;
        var places = new int[4 * fine];
        var weights = new double[4 * fine];
        for (int i = 0; i < fine; i++)
        {
            double place = mode == Upsampling.HalfPixel ? (i + 0.5) / Fineness - 0.5 : (double)i / Fineness;
            int before = (int)Math.Floor(place);
            for (int tap = 0; tap < 4; tap++)
            {
                int cell = before - 1 + tap;
                places[4 * i + tap] = Math.Clamp(cell, 0, cells - 1);
                weights[4 * i + tap] = Keys(Math.Abs(place - cell));
            }
        }

        return (places, weights);
    }

    private static double Keys(double distance) => distance switch
    {
        < 1 => (1.5 * distance - 2.5) * distance * distance + 1,
        < 2 => ((-0.5 * distance + 2.5) * distance - 4) * distance + 2,
        _ => 0,
    };
}
