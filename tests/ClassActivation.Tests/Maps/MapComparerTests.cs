using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Maps;

/// <summary>Comparisons of maps, against figures worked out by hand.</summary>
public sealed class MapComparerTests
{
    private static readonly PhotoRegion Whole = new(0, 0, TestMaps.PhotoWidth, TestMaps.PhotoHeight);

    [Fact]
    public void Two_small_maps_give_the_figures_worked_out_by_hand()
    {
        ClassActivationMap reference = TestMaps.Map(2, [0, 1, 2, 3], "dog");
        ClassActivationMap map = TestMaps.Map(2, [6, 2, 4, 0]);

        CamComparison comparison = MapComparer.Compare(reference, map, 0.5, HeatmapNormalization.MinMax);

        // Deviations (-1.5, -0.5, 0.5, 1.5) and (3, -1, 1, -3): -8 / √(5 · 20).
        Assert.Equal(-0.8, comparison.Correlation, 1e-9);
        Assert.Equal([1, 0, 0, -1], comparison.Difference.Values);
        Assert.Equal(0.5, comparison.MeanAbsoluteDifference, 1e-7);

        // On the unit square the regions are u + 2v ≥ 1.5 and 2u + v ≤ 1.5: each 1/2, together 7/8, in common 1/8.
        Assert.Equal(1.0 / 7, comparison.IoU, 0.01);
        Assert.Equal(("cat", "dog", "cat minus dog"), (comparison.Label, comparison.ReferenceLabel, comparison.Difference.Label));
        Assert.Equal(nameof(HeatmapNormalization.Symmetric), comparison.Difference.Normalization);
        Assert.True(double.IsNaN(comparison.Difference.Probability));
        Assert.Equal((-1f, 1f), (comparison.Difference.Minimum, comparison.Difference.Maximum));
    }

    [Fact]
    public void Negative_values_are_cut_where_asked()
    {
        ClassActivationMap reference = TestMaps.Map(1, [-2, 0, 4]);
        ClassActivationMap map = TestMaps.Map(1, [-8, 1, 2]);

        CamComparison comparison = MapComparer.Compare(reference, map, 0.5, HeatmapNormalization.Positive);

        Assert.Equal([0, 0.5f, 0], comparison.Difference.Values);
    }

    [Fact]
    public void A_map_agrees_with_itself()
    {
        ClassActivationMap map = TestMaps.Map(2, [3, -1, 4, 1, -5, 9]);

        CamComparison comparison = MapComparer.Compare(map, map, 0.5, HeatmapNormalization.MinMax);

        Assert.Equal((1, 1, 0), (Math.Round(comparison.Correlation, 9), comparison.IoU, comparison.MeanAbsoluteDifference));
    }

    [Theory]
    [InlineData(new float[] { -1, -2, -3, -4 }, new float[] { -4, -1, -9, -2 }, 1)]
    [InlineData(new float[] { 0, 0, 0, 0 }, new float[] { -1, 0, -2, 0 }, 1)]
    [InlineData(new float[] { -1, -2, -3, -4 }, new float[] { 1, 0, 0, 0 }, 0)]
    public void The_regions_of_maps_without_positive_values_are_empty_and_agree(float[] one, float[] other, double iou)
    {
        CamComparison comparison = MapComparer.Compare(TestMaps.Map(2, one), TestMaps.Map(2, other), 0.5, HeatmapNormalization.Positive);

        Assert.Equal(iou, comparison.IoU);
        Assert.True(double.IsFinite(comparison.MeanAbsoluteDifference));
    }

    [Fact]
    public void Flat_maps_have_an_iou_over_their_whole_range_too()
    {
        CamComparison comparison = MapComparer.Compare(
            TestMaps.Map(1, [3, 3]), TestMaps.Map(1, [-2, -2]), 0.5, HeatmapNormalization.MinMax);

        Assert.Equal((1, 0), (comparison.IoU, comparison.MeanAbsoluteDifference));
    }

    [Fact]
    public void Maps_of_parts_that_do_not_meet_are_not_compared()
    {
        ClassActivationMap left = TestMaps.Map(1, [1, 2], coverage: new PhotoRegion(0, 0, 40, 50));
        ClassActivationMap right = TestMaps.Map(1, [1, 2], coverage: new PhotoRegion(60, 0, 40, 50));

        Assert.Contains(
            "no part of the photo in common",
            Assert.Throws<ArgumentException>(() => MapComparer.Compare(left, right, 0.5, HeatmapNormalization.MinMax)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_coarse_and_a_fine_grid_of_one_function_agree()
    {
        static double Plane(double x, double y) => x + 2 * y;
        ClassActivationMap coarse = TestMaps.Map(2, TestMaps.Sample(2, 3, Whole, Plane));
        ClassActivationMap fine = TestMaps.Map(5, TestMaps.Sample(5, 4, Whole, Plane));

        CamComparison comparison = MapComparer.Compare(coarse, fine, 0.5, HeatmapNormalization.MinMax);

        Assert.Equal((5, 4), (comparison.Difference.Rows, comparison.Difference.Columns));
        Assert.Equal(1, comparison.Correlation, 1e-6);
        Assert.Equal(1, comparison.IoU, 0.001);
        Assert.Equal(0, comparison.MeanAbsoluteDifference, 1e-6);
    }

    [Fact]
    public void Maps_of_other_parts_of_the_photo_are_compared_on_what_both_cover()
    {
        static double Plane(double x, double y) => 3 * x - y;
        var middle = new PhotoRegion(25, 0, 50, 50);
        ClassActivationMap whole = TestMaps.Map(3, TestMaps.Sample(3, 5, Whole, Plane));
        ClassActivationMap crop = TestMaps.Map(3, TestMaps.Sample(3, 3, middle, Plane), coverage: middle);

        CamComparison comparison = MapComparer.Compare(whole, crop, 0.5, HeatmapNormalization.MinMax);

        Assert.Equal(middle, comparison.Difference.Coverage);
        Assert.Equal(1, comparison.Correlation, 1e-6);
        Assert.Equal(0, comparison.MeanAbsoluteDifference, 1e-6);
    }

    [Fact]
    public void The_label_says_which_setting_differs()
    {
        float[] values = [0, 1];
        string LabelOf(ClassActivationMap reference, ClassActivationMap map) =>
            MapComparer.Compare(reference, map, 0.5, HeatmapNormalization.MinMax).Difference.Label;

        Assert.Equal("cat by LayerCam minus Cam", LabelOf(TestMaps.Map(1, values), TestMaps.Map(1, values, method: CamMethod.LayerCam)));
        Assert.Equal("cat by Other minus Net", LabelOf(TestMaps.Map(1, values), TestMaps.Map(1, values, model: "Other")));
    }

    [Fact]
    public void Maps_of_two_photos_are_refused()
    {
        var exception = Assert.Throws<ArgumentException>(() => MapComparer.Compare(
            TestMaps.Map(1, [0, 1], path: "a.png"), TestMaps.Map(1, [0, 1], path: "b.png"), 0.5, HeatmapNormalization.MinMax));

        Assert.Equal("'b.png' and 'a.png' are two photos; only maps of one photo can be compared.", exception.Message);
    }

    [Fact]
    public void A_flat_map_has_no_correlation()
    {
        CamComparison comparison = MapComparer.Compare(
            TestMaps.Map(1, [2, 2]), TestMaps.Map(1, [0, 1]), 0.5, HeatmapNormalization.MinMax);

        Assert.True(double.IsNaN(comparison.Correlation));
    }
}
