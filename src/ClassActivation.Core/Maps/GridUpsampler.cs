using ClassActivation.Photos;

namespace ClassActivation.Maps;

/// <summary>Spreads the few values of a map over the pixels of a picture.</summary>
public static class GridUpsampler
{
    /// <summary>Interpolates a map bilinearly over a whole picture.</summary>
    /// <param name="grid">The map, row-major, <c>rows × columns</c>.</param>
    /// <param name="rows">Rows of the map.</param>
    /// <param name="columns">Columns of the map.</param>
    /// <param name="width">Width of the picture in pixels.</param>
    /// <param name="height">Height of the picture in pixels.</param>
    /// <param name="mode">Where the cells lie.</param>
    /// <returns>One value per pixel, row-major, <c>height × width</c>.</returns>
    public static float[] Upsample(ReadOnlySpan<float> grid, int rows, int columns, int width, int height, Upsampling mode) =>
        Upsample(grid, rows, columns, width, height, mode, new PhotoRegion(0, 0, width, height));

    /// <summary>Interpolates a map bilinearly over a part of a picture.</summary>
    /// <param name="grid">The map, row-major, <c>rows × columns</c>.</param>
    /// <param name="rows">Rows of the map.</param>
    /// <param name="columns">Columns of the map.</param>
    /// <param name="width">Width of the picture in pixels.</param>
    /// <param name="height">Height of the picture in pixels.</param>
    /// <param name="mode">Where the cells lie.</param>
    /// <param name="covered">The part of the picture that the map covers, in pixels of the picture; rounded to whole pixels.</param>
    /// <returns>One value per pixel, row-major, <c>height × width</c>; NaN outside of the covered part.</returns>
    public static float[] Upsample(
        ReadOnlySpan<float> grid, int rows, int columns, int width, int height, Upsampling mode, PhotoRegion covered)
    {
        CheckGrid(grid, rows, columns);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        var values = new float[checked(width * height)];
        var x = new GridAxis(columns, width, covered.Left, covered.Width, mode);
        var y = new GridAxis(rows, height, covered.Top, covered.Height, mode);
        if (x.Length < width || y.Length < height)
        {
            Array.Fill(values, float.NaN);
        }

        double[] cells = new double[grid.Length];
        for (int i = 0; i < cells.Length; i++)
        {
            cells[i] = grid[i];
        }

        var line = new GridLine(cells, columns);
        for (int row = 0; row < y.Length; row++)
        {
            line.MoveTo(y, row);
            Span<float> target = values.AsSpan((y.First + row) * width + x.First, x.Length);
            for (int column = 0; column < target.Length; column++)
            {
                target[column] = (float)line.At(x, column);
            }
        }

        return values;
    }

    internal static void CheckGrid(ReadOnlySpan<float> grid, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        if (grid.Length != (long)rows * columns)
        {
            throw new ArgumentException($"A map of {rows}×{columns} has {(long)rows * columns} values, not {grid.Length}.", nameof(grid));
        }
    }
}
