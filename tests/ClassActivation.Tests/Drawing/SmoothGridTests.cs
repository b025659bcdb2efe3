using ClassActivation.Maps;

namespace ClassActivation.Tests.Drawing;

/// <summary>Cubic convolution against what is known of it: it goes through the cells and reproduces parabolas (Keys 1981).</summary>
public sealed class SmoothGridTests
{
    [Fact]
    public void Goes_through_the_cells_and_follows_a_parabola_between_them()
    {
        const int rows = 7, columns = 9, fineness = 16;
        float[] grid = Sample(rows, columns, static i => i, static (x, y) => 0.5 * x * x - 2 * x + 0.25 * y * y + x * y);

        (float[] values, int fineRows, int fineColumns) = SmoothGrid.Refine(grid, rows, columns, Upsampling.AlignCorners);

        Assert.Equal(((rows - 1) * fineness + 1, (columns - 1) * fineness + 1), (fineRows, fineColumns));
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                Assert.Equal(grid[row * columns + column], values[row * fineness * fineColumns + column * fineness], 1e-4f);
            }
        }

        for (int row = fineness; row <= (rows - 2) * fineness; row++)
        {
            for (int column = fineness; column <= (columns - 2) * fineness; column++)
            {
                (double x, double y) = ((double)column / fineness, (double)row / fineness);
                Assert.Equal(0.5 * x * x - 2 * x + 0.25 * y * y + x * y, values[row * fineColumns + column], 1e-3);
            }
        }
    }

    [Fact]
    public void Cells_in_the_middle_of_their_parts_stay_there()
    {
        const int cells = 6, fineness = 16;
        float[] grid = Sample(cells, cells, static i => i, static (x, y) => x * x + y);

        (float[] values, int rows, int columns) = SmoothGrid.Refine(grid, cells, cells, Upsampling.HalfPixel);

        Assert.Equal((cells * fineness, cells * fineness), (rows, columns));
        for (int i = 2 * fineness; i < 4 * fineness; i++)
        {
            double x = (i + 0.5) / fineness - 0.5, y = (40 + 0.5) / fineness - 0.5;
            Assert.Equal(x * x + y, values[40 * columns + i], 1e-3);
        }
    }

    [Fact]
    public void Stays_within_the_range_of_the_cells()
    {
        float[] grid = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];

        (float[] values, _, _) = SmoothGrid.Refine(grid, 3, 4, Upsampling.HalfPixel);

        Assert.All(values, static value => Assert.InRange(value, 0, 1));
        Assert.True(values.Max() > 0.9);
    }

    [Fact]
    public void A_single_cell_is_the_same_everywhere()
    {
        Assert.All(SmoothGrid.Refine([3], 1, 1, Upsampling.HalfPixel).Values, static value => Assert.Equal(3, value, 1e-5f));
        Assert.Equal(3, Assert.Single(SmoothGrid.Refine([3], 1, 1, Upsampling.AlignCorners).Values), 1e-5f);
    }

    private static float[] Sample(int rows, int columns, Func<int, double> place, Func<double, double, double> surface) =>
        [.. Enumerable.Range(0, rows * columns).Select(i => (float)surface(place(i % columns), place(i / columns)))];
}
