using ClassActivation.Localization;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Localization;

/// <summary>Regions are the connected parts of a map above the threshold, and their figures are those of their pixels.</summary>
public sealed class RegionFinderTests
{
    private static readonly float[,] TwoParts =
    {
        { 0, 0, 0, 0, 0, 0, 0 },
        { 0, 4, 5, 0, 0, -2, 0 },
        { 0, 3, 0, 0, 0, 0, 0 },
        { 0, 0, 4, 0, 0, 10, 0 },
        { 0, 0, 0, 0, 0, 8, 0 },
    };

    [Fact]
    public void The_largest_region_is_the_one_of_most_pixels_and_corners_connect()
    {
        CamRegion region = Assert.Single(RegionFinder.Find(SyntheticMap.Of(TwoParts), new RegionOptions { Threshold = 0.25 }));

        Assert.Equal((1, 1, 1, 2, 3, 4), (region.Number, region.Left, region.Top, region.Width, region.Height, region.Area));
        Assert.Equal((5.0, 2, 1), (region.Peak, region.PeakX, region.PeakY));
        Assert.Equal(4.0, region.Mean, 1e-6);
        Assert.Equal(16.0 / 34, region.Share, 1e-6);
        Assert.Equal(0.25, region.Threshold);
        Assert.Equal(("wallaby", 104, 0.5, "/photos/a.jpg"), (region.Label, region.ClassIndex, region.Probability, region.Path));
    }

    [Fact]
    public void All_regions_come_with_the_largest_first()
    {
        IReadOnlyList<CamRegion> regions = RegionFinder.Find(SyntheticMap.Of(TwoParts), new RegionOptions { Threshold = 0.25, All = true });

        Assert.Equal([(1, 4), (2, 2)], regions.Select(static r => (r.Number, r.Area)));
        Assert.Equal((5, 3, 1, 2, 10.0), (regions[1].Left, regions[1].Top, regions[1].Width, regions[1].Height, regions[1].Peak));
    }

    [Fact]
    public void A_pixel_at_the_threshold_belongs_to_the_region() =>
        Assert.Equal(1, Assert.Single(RegionFinder.Find(SyntheticMap.Of(TwoParts), new RegionOptions { Threshold = 1, All = true })).Area);

    [Fact]
    public void Regions_smaller_than_the_smallest_area_are_left_out()
    {
        var options = new RegionOptions { Threshold = 0.25, All = true, MinArea = 3 };

        Assert.Equal(4, Assert.Single(RegionFinder.Find(SyntheticMap.Of(TwoParts), options)).Area);
        Assert.Empty(RegionFinder.Find(SyntheticMap.Of(TwoParts), options with { MinArea = 5 }));
    }

    [Fact]
    public void The_normalization_says_where_the_threshold_lies()
    {
        // From -10 to 10: 0.25 is -5 by MinMax, and 2.5 where negative values are cut off.
        ClassActivationMap map = SyntheticMap.Of(new float[,] { { -10, -6, -4, 2, 3, 10 } });

        Assert.Equal(
            4, RegionFinder.Find(map, new RegionOptions { Threshold = 0.25, Normalization = HeatmapNormalization.MinMax }).Single().Width);
        Assert.Equal(2, RegionFinder.Find(map, new RegionOptions { Threshold = 0.25 }).Single().Width);
    }

    [Fact]
    public void A_share_counts_positive_evidence_only()
    {
        ClassActivationMap map = SyntheticMap.Of(new float[,] { { 6, -1, 0, 0, 2, 2 } });

        CamRegion region = RegionFinder.Find(map, new RegionOptions { Threshold = 0.1, Normalization = HeatmapNormalization.MinMax })
            .Single();

        // The threshold lies at -0.3, so that all but the -1 is in a region; the right one has the more pixels.
        Assert.Equal(4, region.Area);
        Assert.Equal(4.0 / 10, region.Share, 1e-6);
    }

    [Theory]
    [InlineData(HeatmapNormalization.Positive, -1f, -2f)]
    [InlineData(HeatmapNormalization.MinMax, 3f, 3f)]
    public void A_map_in_which_no_place_stands_out_has_no_region(HeatmapNormalization normalization, float first, float second) =>
        Assert.Empty(RegionFinder.Find(SyntheticMap.Of(new[,] { { first, second } }), new RegionOptions { Normalization = normalization }));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Regions_are_those_that_a_flood_fill_finds(int seed)
    {
        ClassActivationMap map = SyntheticMap.Random(seed);
        foreach (double threshold in new[] { 0.05, 0.2, 0.5, 0.8 })
        {
            bool[] set = Array.ConvertAll(map.Values, value => Math.Max(value, 0) >= threshold * map.Maximum);
            IReadOnlyList<CamRegion> regions = RegionFinder.Find(map, new RegionOptions { Threshold = threshold, All = true });

            Assert.Equal(
                FloodFill.Components(set, map.Columns).Select(static c => (FloodFill.BoxOf(c), c.Count))
                    .Order(Comparer<(Box, int)>.Create(Compare)),
                regions.Select(static r => (new Box(r.Left, r.Top, r.Left + r.Width, r.Top + r.Height), r.Area))
                    .Order(Comparer<(Box, int)>.Create(Compare)));
            Assert.All(regions, region => Assert.Same(map, region.ActivationMap));
        }
    }

    [Fact]
    public void Cells_lie_in_the_middle_of_their_part_of_the_photo()
    {
        // Between the middles of a 0-cell (x = 50) and a 1-cell (x = 150) the map rises; from the photo's edge to 50 it is flat.
        ClassActivationMap map = SyntheticMap.Of(new float[,] { { 1, 0 } }, photoWidth: 200, photoHeight: 100);

        CamRegion region = RegionFinder.Find(map, new RegionOptions { Threshold = 0.5 }).Single();

        Assert.Equal((0, 0, 100, 100), (region.Left, region.Top, region.Width, region.Height));
    }

    [Fact]
    public void A_crop_of_the_photo_has_its_regions_where_they_are_in_the_photo()
    {
        ClassActivationMap map = SyntheticMap.Of(new float[,] { { 1, 0 }, { 0, 0 } }, 400, 200, new PhotoRegion(100, 0, 200, 200));

        CamRegion region = RegionFinder.Find(map, new RegionOptions { Threshold = 0.999 }).Single();

        Assert.Equal((100, 0), (region.Left, region.Top));
        Assert.InRange(region.Width, 50, 52);
    }

    [Fact]
    public void A_photo_of_many_megapixels_has_its_boxes_in_its_own_pixels()
    {
        ClassActivationMap map = SyntheticMap.Of(
            new float[,] { { 0, 0, 0, 0 }, { 0, 0, 1, 0 }, { 0, 0, 0, 0 }, { 0, 0, 0, 0 } }, 8000, 6000);

        CamRegion region = RegionFinder.Find(map, new RegionOptions { Threshold = 0.5 }).Single();

        // The middle of the cell, and from there half a cell to each side.
        Assert.InRange(region.Left, 4000 - 10, 4000 + 10);
        Assert.InRange(region.Top, 1500 - 10, 1500 + 10);
        Assert.InRange(region.Width, 2000 - 20, 2000 + 20);
        Assert.InRange(region.Height, 1500 - 20, 1500 + 20);
        Assert.InRange(region.PeakX, 5000 - 10, 5000 + 10);
        // A bilinear peak is at least a half where (1 - |x|)(1 - |y|) ≥ 1/2: 4·(1/2 + ln(1/2)/2) = 0.6137 cells.
        Assert.Equal(0.6137 * 2000 * 1500, region.Area, 0.01 * 2000 * 1500);
    }

    private static int Compare((Box Box, int Area) first, (Box Box, int Area) second) =>
        (first.Box.Top, first.Box.Left, first.Area).CompareTo((second.Box.Top, second.Box.Left, second.Area));
}
