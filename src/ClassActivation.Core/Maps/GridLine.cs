namespace ClassActivation.Maps;

/// <summary>A map interpolated down to one row of pixels: values at the columns, and the slopes between them.</summary>
internal sealed class GridLine(double[] cells, int columns)
{
    private readonly double[] _values = new double[columns];

    // The last slope stays zero: there is no next column.
    private readonly double[] _slopes = new double[columns];

    /// <summary>The values at the columns of the current row.</summary>
    public double[] Values => _values;

    /// <summary>The differences to the next column.</summary>
    public double[] Slopes => _slopes;

    public void MoveTo(in GridAxis y, int row)
    {
        int upper = y.Cells[row] * columns;
        double fraction = y.Fractions[row];
        int lower = fraction > 0 ? upper + columns : upper;
        for (int i = 0; i < columns; i++)
        {
            _values[i] = cells[upper + i] * (1 - fraction) + cells[lower + i] * fraction;
        }

        for (int i = 0; i < columns - 1; i++)
        {
            _slopes[i] = _values[i + 1] - _values[i];
        }
    }

    public double At(in GridAxis x, int column)
    {
        int cell = x.Cells[column];
        return _values[cell] + _slopes[cell] * x.Fractions[column];
    }
}
