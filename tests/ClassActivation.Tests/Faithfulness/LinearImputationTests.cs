using ClassActivation.Faithfulness;

namespace ClassActivation.Tests.Faithfulness;

/// <summary>The conjugate gradients against an elimination of the whole matrix.</summary>
public sealed class LinearImputationTests
{
    [Theory]
    [InlineData(13, 9, 0.3)]
    [InlineData(9, 13, 0.9)]
    [InlineData(24, 19, 0.6)]
    [InlineData(1, 8, 0.5)]
    [InlineData(7, 2, 0.5)]
    public void Scattered_pixels_are_imputed_as_by_elimination(int width, int height, double share)
    {
        var random = new Random(width);
        bool[] missing = [.. Enumerable.Range(0, width * height).Select(i => i > 0 && random.NextDouble() < share)];

        AssertSolved(width, height, missing, random);
    }

    [Fact]
    public void A_gap_that_reaches_three_edges_is_imputed_as_by_elimination()
    {
        bool[] missing = [.. Enumerable.Range(0, 26 * 17).Select(i => i % 26 > 3)];

        AssertSolved(26, 17, missing, new Random(5));
    }

    [Fact]
    public void A_slope_goes_on_through_a_gap()
    {
        double[] slope = [.. Enumerable.Range(0, 60 * 40).Select(i => (2.0 * (i % 60)) + (3.0 * (i / 60)))];
        bool[] missing = [.. Enumerable.Range(0, 60 * 40).Select(i => i % 60 is > 4 and < 55 && i / 60 is > 3 and < 37)];
        double[] known = [.. slope.Select((value, i) => missing[i] ? 0 : value)];

        double[] solved = new LinearImputation(60, 40, missing).Solve(known, 1e-9);
        double[] solvedByDefault = new LinearImputation(60, 40, missing).Solve(known);

        Assert.All(slope.Zip(solved), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.All(slope.Zip(solvedByDefault), pair => Assert.Equal(pair.First, pair.Second, 0.5));
    }

    [Fact]
    public void Known_pixels_stay_as_they_are()
    {
        double[] known = [1, 2, 3, 4, 5, 6];

        Assert.Equal(known, new LinearImputation(3, 2, new bool[6]).Solve(known));
    }

    [Fact]
    public void Without_a_known_pixel_there_is_no_solution() =>
        Assert.Throws<ArgumentException>(() => new LinearImputation(2, 2, [true, true, true, true]));

    private static void AssertSolved(int width, int height, bool[] missing, Random random)
    {
        double[] known = [.. missing.Select(isMissing => isMissing ? 0 : 255 * random.NextDouble())];

        double[] solved = new LinearImputation(width, height, missing).Solve(known, 1e-10);

        double[] expected = Eliminate(width, height, missing, known);
        Assert.All(expected.Zip(solved), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    private static double[] Eliminate(int width, int height, bool[] missing, double[] known)
    {
        int count = known.Length;
        var matrix = new double[count, count];
        double[] right = [.. known];
        for (int i = 0; i < count; i++)
        {
            matrix[i, i] = missing[i] ? 0 : 1;
            for (int dy = -1; dy <= 1 && missing[i]; dy++)
            {
                for (int dx = -1; dx <= 1; dx++)
                {
                    (int x, int y) = ((i % width) + dx, (i / width) + dy);
                    if ((dx != 0 || dy != 0) && x >= 0 && y >= 0 && x < width && y < height)
                    {
                        double weight = dx == 0 || dy == 0 ? 1 / 6.0 : 1 / 12.0;
                        matrix[i, (y * width) + x] = -weight;
                        matrix[i, i] += weight;
                    }
                }
            }
        }

        for (int pivot = 0; pivot < count; pivot++)
        {
            for (int row = pivot + 1; row < count; row++)
            {
                double factor = matrix[row, pivot] / matrix[pivot, pivot];
                for (int column = pivot; factor != 0 && column < count; column++)
                {
                    matrix[row, column] -= factor * matrix[pivot, column];
                }

                right[row] -= factor * right[pivot];
            }
        }

        for (int row = count - 1; row >= 0; row--)
        {
            for (int column = row + 1; column < count; column++)
            {
                right[row] -= matrix[row, column] * right[column];
            }

            right[row] /= matrix[row, row];
        }

        return right;
    }
}
