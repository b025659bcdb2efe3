namespace ClassActivation.Maps;

/// <summary>Grids are computed as one array, row by row, and shown as an array of rows, as scripts index them.</summary>
internal static class Grid
{
    /// <summary>The rows of a grid, each an array of its own.</summary>
    public static float[][] ToRows(ReadOnlySpan<float> values, int columns)
    {
        var rows = new float[values.Length / columns][];
        for (int row = 0; row < rows.Length; row++)
        {
            rows[row] = values.Slice(row * columns, columns).ToArray();
        }

        return rows;
    }
}
