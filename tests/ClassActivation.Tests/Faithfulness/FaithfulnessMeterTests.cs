using ClassActivation.Faithfulness;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Faithfulness;

/// <summary>A picture whose left half is white and whose right half is black, and scores that can be worked out by hand.</summary>
public sealed class FaithfulnessMeterTests
{
    private const int Side = 20;

    private static readonly NetworkInput HalfWhite = new(
        Side, Side, [.. Enumerable.Range(0, Side * Side * 3).Select(static i => (byte)(IsLeft(i / 3) ? 255 : 0))]);

    private static readonly float[] Left = [.. Enumerable.Range(0, Side * Side).Select(static i => IsLeft(i) ? 1f : 0f)];
    private static readonly float[] Right = Array.ConvertAll(Left, static v => 1 - v);
    private static readonly FaithfulnessOptions WithMean = new() { Replacement = Replacement.Mean };

    [Fact]
    public void Deletion_and_insertion_are_the_areas_worked_out_by_hand()
    {
        var meter = new FaithfulnessMeter(HalfWhite, WhiteShare, WithMean);

        FaithfulnessScores right = meter.Measure(Left);
        FaithfulnessScores wrong = meter.Measure(Right);

        // The score falls from 1 to 0 while the white half goes, then stays: half of half a square.
        Assert.Equal(0.25, right.Deletion, 1e-9);
        Assert.Equal(0.75, right.Insertion, 1e-9);
        Assert.Equal(0.75, wrong.Deletion, 1e-9);
        Assert.Equal(0.25, wrong.Insertion, 1e-9);
        Assert.Equal(21, right.DeletionCurve.Length);
        Assert.Equal([1, 0.9, 0.8], right.DeletionCurve[..3]);
        Assert.Equal([0, 0, 0, 0.1], wrong.InsertionCurve[8..12], (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Theory]
    [InlineData(1, 0.5, 0.5)]
    [InlineData(2, 0.25, 0.75)]
    [InlineData(3, (0.5 + 0.335) / 3, (0.665 + 1 + 0.5) / 3)]
    public void Steps_need_not_divide_the_pixels(int steps, double deletion, double insertion)
    {
        // A third of 400 pixels are 133: 0.335 of the 200 white ones are left.
        FaithfulnessScores scores = new FaithfulnessMeter(HalfWhite, WhiteShare, WithMean with { Steps = steps }).Measure(Left);

        Assert.Equal(steps + 1, scores.InsertionCurve.Length);
        Assert.Equal(deletion, scores.Deletion, 1e-9);
        Assert.Equal(insertion, scores.Insertion, 1e-9);
    }

    [Fact]
    public void Average_drop_and_increase_compare_with_the_masked_picture()
    {
        float[] halfLeft = Array.ConvertAll(Left, static v => v == 1 ? 0.5f : 1f);

        FaithfulnessScores kept = new FaithfulnessMeter(HalfWhite, LeftMean, WithMean).Measure(Left);
        FaithfulnessScores faded = new FaithfulnessMeter(HalfWhite, LeftMean, WithMean).Measure(halfLeft);
        FaithfulnessScores brighter = new FaithfulnessMeter(HalfWhite, WholeMean, WithMean).Measure(Left);

        Assert.Equal((0, 0), (kept.AverageDrop, kept.IncreaseInConfidence));
        // White fades half-way to the mean of 127.5: 191 of 255 is left.
        Assert.Equal(64 / 255.0, faded.AverageDrop, 1e-9);
        Assert.Equal(0, faded.IncreaseInConfidence);
        Assert.Equal((0, 1), (brighter.AverageDrop, brighter.IncreaseInConfidence));
    }

    [Fact]
    public void Road_imputes_the_most_and_the_least_relevant_tenths()
    {
        FaithfulnessScores scores = new FaithfulnessMeter(HalfWhite, LeftMean, WithMean).Measure(Left);
        FaithfulnessScores wrong = new FaithfulnessMeter(HalfWhite, LeftMean, WithMean).Measure(Right);

        // Without black pixels white ones are imputed beside white ones; once all white ones are gone, there is only black.
        Assert.InRange(scores.RoadLeastRelevantFirst, 0.98, 1);
        Assert.InRange(scores.RoadMostRelevantFirst, 0.35, 4.05 / 9);
        Assert.Equal((scores.RoadLeastRelevantFirst - scores.RoadMostRelevantFirst) / 2, scores.Road);
        Assert.Equal(-scores.Road, wrong.Road, 0.02);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void A_map_costs_what_the_documentation_says(int steps)
    {
        int count = 0;
        var meter = new FaithfulnessMeter(HalfWhite, Counting, WithMean with { Steps = steps });
        Assert.Equal(2, count);

        meter.Measure(Left);

        Assert.Equal(2 + (2 * (steps - 1)) + 19, count);

        double Counting(NetworkInput input)
        {
            Interlocked.Increment(ref count);
            return WhiteShare(input);
        }
    }

    [Fact]
    public void The_figures_do_not_depend_on_how_many_scores_run_at_once()
    {
        FaithfulnessOptions options = new() { Replacement = Replacement.Imputation, Steps = 5, Seed = 11 };

        FaithfulnessScores one = new FaithfulnessMeter(HalfWhite, WholeMean, options with { Parallelism = 1 }).MeasureRandom(3, 4);
        FaithfulnessScores four = new FaithfulnessMeter(HalfWhite, WholeMean, options with { Parallelism = 4 }).MeasureRandom(3, 4);
        FaithfulnessScores other = new FaithfulnessMeter(HalfWhite, WholeMean, options with { Seed = 12 }).MeasureRandom(3, 4);

        Assert.Equal(one.DeletionCurve, four.DeletionCurve);
        Assert.Equal(one.InsertionCurve, four.InsertionCurve);
        Assert.Equal(one.Road, four.Road);
        Assert.NotEqual(one.Road, other.Road);
    }

    [Fact]
    public void Random_maps_find_neither_half_and_the_centre_map_finds_the_middle()
    {
        FaithfulnessOptions options = WithMean with { RandomMaps = 40 };

        FaithfulnessScores random = new FaithfulnessMeter(HalfWhite, WhiteShare, options).MeasureRandom(4, 4);
        float[] center = BaselineMap.Center(Side, Side + 1);

        Assert.Equal(0.5, random.Deletion, 0.06);
        Assert.Equal(0.5, random.Insertion, 0.06);
        Assert.Equal(center.Max(), center[(10 * Side) + 10]);
        Assert.Equal(center, center.AsEnumerable().Reverse());
        Assert.Equal(Math.Exp(-0.5 * (0.1 * 0.1)) * Math.Exp(-0.5 * Math.Pow(10 / 5.25, 2)), center[10], 1e-6);
    }

    [Fact]
    public void A_failing_score_ends_the_measuring_with_its_own_error()
    {
        var meter = new FaithfulnessMeter(
            HalfWhite, input => input == HalfWhite || WhiteShare(input) == 0 ? 1 : throw new TimeoutException(), WithMean);

        Assert.Throws<TimeoutException>(() => meter.Measure(Left));
        Assert.Throws<ArgumentException>(() => meter.Measure([1f]));
    }

    [Fact]
    public void Cancelling_ends_the_measuring()
    {
        using var cancellation = new CancellationTokenSource();
        var meter = new FaithfulnessMeter(HalfWhite, WhiteShare, WithMean, cancellation.Token);
        cancellation.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => meter.Measure(Left));
    }

    private static bool IsLeft(int pixel) => pixel % Side < Side / 2;

    private static double WhiteShare(NetworkInput input) =>
        Enumerable.Range(0, Side * Side).Count(i => input.Pixels[i * 3] == 255) / (Side * Side / 2.0);

    private static double LeftMean(NetworkInput input) =>
        Enumerable.Range(0, Side * Side).Where(IsLeft).Average(i => input.Pixels[i * 3] / 255.0);

    private static double WholeMean(NetworkInput input) => input.Pixels.Average(static p => p / 255.0);
}
