using ClassActivation.Localization;
using ClassActivation.Maps;

namespace ClassActivation.Tests.Localization;

/// <summary>The figures are those of their definitions, worked out threshold by threshold.</summary>
public sealed class LocalizationBenchmarkTests
{
    private const int Levels = 1000;

    private readonly LocalizationBenchmark _benchmark = new(new RegionOptions { Threshold = 0.3 }, tolerance: 0);

    [Fact]
    public void MaxBoxAcc_and_V2_are_those_of_a_search_over_all_thresholds()
    {
        var random = new Random(1);
        var photos = new List<PhotoLocalization>();
        var best = new List<double[]>();
        var largest = new List<double[]>();
        foreach (ClassActivationMap map
            in Enumerable.Range(10, 30).Select(static seed => SyntheticMap.Random(seed)).Where(static m => m.Maximum > 0).Take(16))
        {
            Box[] truth = [RandomBox(random, map), RandomBox(random, map)];
            photos.Add(_benchmark.Measure(map, truth));
            (double[] bestCurve, double[] largestCurve) = Search(map, truth);
            best.Add(bestCurve);
            largest.Add(largestCurve);
            Assert.Equal(bestCurve.Max(), photos[^1].BestIoU, 1e-9);
            Assert.Equal(largestCurve[300], photos[^1].IoU, 1e-9);
        }

        CamLocalization summary = _benchmark.Summarize(photos);

        Assert.Equal(MaxShare(best, 0.3), summary.BoxAcc30, 1e-9);
        Assert.Equal(MaxShare(best, 0.5), summary.BoxAcc50, 1e-9);
        Assert.Equal(MaxShare(best, 0.7), summary.BoxAcc70, 1e-9);
        Assert.Equal((MaxShare(best, 0.3) + MaxShare(best, 0.5) + MaxShare(best, 0.7)) / 3, summary.MaxBoxAccV2, 1e-9);
        Assert.Equal(MaxShare(largest, 0.5), summary.MaxBoxAcc, 1e-9);
        Assert.Equal(Share(best, 0.5, summary.Threshold50), summary.BoxAcc50, 1e-9);
        Assert.Equal(Share(largest, 0.5, 0.3), summary.BoxAcc, 1e-9);
        Assert.Equal(largest.Average(static curve => curve[300]), summary.MeanIoU, 1e-9);
        Assert.Equal(16, summary.Count);
        // The photos must tell the figures apart for this to be a test.
        Assert.True(summary.BoxAcc30 > summary.BoxAcc70 && summary.BoxAcc70 > 0);
    }

    [Fact]
    public void A_true_box_around_a_smaller_region_counts_for_V2_but_not_for_V1()
    {
        ClassActivationMap map = SyntheticMap.Of(new float[,]
        {
            { 9, 9, 9, 0, 0 },
            { 9, 9, 9, 0, 10 },
        });
        Box[] truth = [new Box(0, 0, 3, 2)];

        // Above 0.9 only the pixel on the right is left; the true box is found below.
        PhotoLocalization large = _benchmark.Measure(map, truth);
        PhotoLocalization small = _benchmark.Measure(map, [new Box(4, 1, 5, 2)]);

        Assert.Equal((1.0, 1.0), (large.IoU, large.BestIoU));
        Assert.Equal((0.0, 1.0), (small.IoU, small.BestIoU));
        Assert.Equal(0.001, small.BestThreshold);
        CamLocalization summary = _benchmark.Summarize([large, small]);
        Assert.Equal((1.0, 0.5, 0.5), (summary.MaxBoxAccV2, summary.MaxBoxAcc, summary.PointingGame));
        Assert.Equal((0.5, 0.5), (summary.BoxAcc, summary.MeanIoU));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1.4, false)]
    [InlineData(1.6, true)]
    public void The_pointing_game_tolerates_a_distance_from_the_box(double tolerance, bool isHit)
    {
        // The largest value is in the middle of the pixel (4, 0), 1.5 pixels right of the box.
        ClassActivationMap map = SyntheticMap.Of(new float[,] { { 0, 1, 2, 3, 9 } });

        PhotoLocalization photo = new LocalizationBenchmark(new RegionOptions(), tolerance).Measure(map, [new Box(0, 0, 3, 1)]);

        Assert.Equal(isHit, photo.IsHit);
    }

    [Fact]
    public void A_map_without_evidence_finds_nothing()
    {
        PhotoLocalization photo = _benchmark.Measure(SyntheticMap.Of(new float[,] { { -1, -2 } }), [new Box(0, 0, 2, 1)]);

        Assert.Equal((0.0, 0.0, false), (photo.IoU, photo.BestIoU, photo.IsHit));
        Assert.Equal(0, _benchmark.Summarize([photo]).MaxBoxAccV2);
    }

    [Fact]
    public void Nothing_to_measure_against_is_refused()
    {
        Assert.Throws<ArgumentException>(() => _benchmark.Measure(SyntheticMap.Random(1), []));
        Assert.Throws<ArgumentOutOfRangeException>(() => _benchmark.Summarize([]));
    }

    [Fact]
    public void IoU_is_the_intersection_over_the_union()
    {
        Assert.Equal(1.0 / 7, new Box(0, 0, 2, 2).IoU(new Box(1, 1, 3, 3)), 1e-12);
        Assert.Equal(0, new Box(0, 0, 2, 2).IoU(new Box(2, 0, 3, 2)));
        Assert.Equal(1, new Box(0, 0, 2, 2).IoU(new Box(0, 0, 2, 2)));
    }

    private static (double[] Best, double[] Largest) Search(ClassActivationMap map, Box[] truth)
    {
        var best = new double[Levels];
        var largest = new double[Levels];
        for (int level = 0; level < Levels; level++)
        {
            bool[] set = Array.ConvertAll(map.Values, value => (double)Math.Max(value, 0) / map.Maximum * Levels >= level);
            IReadOnlyList<IReadOnlyList<(int X, int Y)>> components = FloodFill.Components(set, map.Columns);
            best[level] = components.Max(c => truth.Max(FloodFill.BoxOf(c).IoU));
            IReadOnlyList<(int X, int Y)> most = components.MinBy(static c => (-c.Count, FloodFill.BoxOf(c).Top, FloodFill.BoxOf(c).Left))!;
            largest[level] = truth.Max(FloodFill.BoxOf(most).IoU);
        }

        return (best, largest);
    }

    private static double Share(List<double[]> curves, double iou, double threshold) =>
        curves.Count(curve => curve[(int)Math.Round(threshold * Levels)] >= iou) / (double)curves.Count;

    private static double MaxShare(List<double[]> curves, double iou) =>
        Enumerable.Range(0, Levels).Max(level => Share(curves, iou, (double)level / Levels));

    private static Box RandomBox(Random random, ClassActivationMap map)
    {
        int left = random.Next(map.Columns - 4), top = random.Next(map.Rows - 4);
        return new Box(left, top, random.Next(left + 3, map.Columns + 1), random.Next(top + 3, map.Rows + 1));
    }
}
