namespace ClassActivation.Tests;

public sealed class FloatSpansTests
{
    // Every remainder of the vectors' length.
    public static TheoryData<int> Lengths => [1, 2, 3, 4, 5, 6, 7, 8, 70, 2048];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Sums_are_those_of_plain_loops_in_double_precision(int length)
    {
        var random = new Random(length);
        float[] values = Values(random, length), others = Values(random, length), sums = [.. others];
        FloatSpans.AddMultiple(values, -1.5f, sums);

        Assert.Equal(values.Sum(static v => (double)v), FloatSpans.Sum(values), 1e-3);
        Assert.Equal(values.Zip(others, static (a, b) => (double)a * b).Sum(), FloatSpans.Dot(values, others), 1e-3);
        Assert.All(sums.Select((sum, i) => (sum, i)), pair => Assert.Equal(others[pair.i] - (1.5 * values[pair.i]), pair.sum, 1e-5));
        Assert.Equal((values.Min(), values.Max()), FloatSpans.Extremes(values));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void One_value_that_is_not_finite_is_found_anywhere(float value)
    {
        for (int at = 0; at < 9; at++)
        {
            float[] values = new float[9];
            Assert.True(FloatSpans.AreFinite(values));
            values[at] = value;
            Assert.False(FloatSpans.AreFinite(values));
        }
    }

    [Fact]
    public void Spans_of_different_lengths_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => FloatSpans.Dot([1], [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => FloatSpans.AddMultiple([1], 1, new float[2]));
    }

    private static float[] Values(Random random, int length) =>
        [.. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() * 4) - 2))];
}
