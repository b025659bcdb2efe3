using System.Text.Json;
using ClassActivation.Maps;
using ClassActivation.Photos;
using ClassActivation.Tests.Photos;

namespace ClassActivation.Tests.Drawing;

public class GridUpsamplerTests
{
    private static readonly float[] s_grid = [0.5f, -1, 2, 0.25f, 3, 1.5f, -2, 0, 1, 0, 4, -0.5f];

    // scipy.ndimage.zoom(grid, (7/3, 9/4), order=1).
    private static readonly double[] s_zoomed =
    [
        0.5, -0.0625, -0.625, -0.625, 0.5, 1.625, 1.5625, 0.90625, 0.25,
        1.33333333, 0.77083333, 0.20833333, -0.0625, 0.25, 0.5625, 0.54166667, 0.35416667, 0.16666667,
        2.16666667, 1.60416667, 1.04166667, 0.5, 0, -0.5, -0.47916667, -0.19791667, 0.08333333,
        3, 2.4375, 1.875, 1.0625, -0.25, -1.5625, -1.5, -0.75, 0,
        2.33333333, 1.83333333, 1.33333333, 0.875, 0.5, 0.125, -0.04166667, -0.10416667, -0.16666667,
        1.66666667, 1.22916667, 0.79166667, 0.6875, 1.25, 1.8125, 1.41666667, 0.54166667, -0.33333333,
        1, 0.625, 0.25, 0.5, 2, 3.5, 2.875, 1.1875, -0.5,
    ];

    // Pillow's enlarging Image.resize((9, 7), BILINEAR) of a mode F picture, which has half-pixel centres.
    private static readonly double[] s_halfPixel =
    [
        0.5, 0.25, -0.416667, -0.833333, 0.5, 1.833333, 1.319444, 0.541667, 0.25,
        0.857143, 0.607143, -0.059524, -0.527778, 0.392857, 1.313492, 0.956349, 0.416667, 0.214286,
        1.928571, 1.678571, 1.011905, 0.388889, 0.071429, -0.246032, -0.132937, 0.041667, 0.107143,
        3.0, 2.75, 2.083333, 1.305556, -0.25, -1.805556, -1.222222, -0.333333, 0.0,
        2.142857, 1.928571, 1.357143, 0.84127, 0.714286, 0.587302, 0.265873, -0.083333, -0.214286,
        1.285714, 1.107143, 0.630952, 0.376984, 1.678571, 2.980159, 1.753968, 0.166667, -0.428571,
        1.0, 0.833333, 0.388889, 0.222222, 2.0, 3.777778, 2.25, 0.25, -0.5,
    ];

    [Fact]
    public void AlignCornersIsScipysZoom() =>
        AssertClose(s_zoomed, GridUpsampler.Upsample(s_grid, 3, 4, 9, 7, Upsampling.AlignCorners), 1e-6);

    [Fact]
    public void HalfPixelIsPillowsEnlarging() =>
        AssertClose(s_halfPixel, GridUpsampler.Upsample(s_grid, 3, 4, 9, 7, Upsampling.HalfPixel), 2e-6);

    [Fact]
    public void OutsideOfTheCoveredPartIsNoNumber()
    {
        float[] values = GridUpsampler.Upsample(s_grid, 3, 4, 13, 10, Upsampling.AlignCorners, new PhotoRegion(1.8, 1.4, 9, 6.9));

        Assert.Equal(13 * 10 - 9 * 7, values.Count(float.IsNaN));
        AssertClose(s_zoomed, [.. Enumerable.Range(0, 63).Select(i => values[(1 + i / 9) * 13 + 2 + i % 9])], 1e-6);
    }

    [Theory]
    [InlineData(Upsampling.AlignCorners)]
    [InlineData(Upsampling.HalfPixel)]
    public void OneCellFillsThePictureAndOnePixelTakesOne(Upsampling mode)
    {
        Assert.All(GridUpsampler.Upsample([7f], 1, 1, 5, 4, mode), value => Assert.Equal(7f, value));
        Assert.Equal(mode == Upsampling.HalfPixel ? 2f : 1f, Assert.Single(GridUpsampler.Upsample([1f, 3f], 1, 2, 1, 1, mode)));
    }

    [Fact]
    public void WrongNumberOfValuesIsRefused() =>
        Assert.Throws<ArgumentException>(() => GridUpsampler.Upsample(s_grid, 3, 5, 9, 7, Upsampling.AlignCorners));

    [SkippableTheory]
    [InlineData("chelsea.png")]
    [InlineData("flower.jpg")]
    public void RowOfTheGoldenMapIsMet(string name)
    {
        using JsonDocument samples = JsonDocument.Parse(File.ReadAllText(TestPhotos.Reference("golden/samples.json")));
        JsonElement fit = samples.RootElement.GetProperty("images").GetProperty(name).GetProperty("fits").GetProperty("stretch-nearest");
        float[] grid =
        [
            .. fit.GetProperty("cam").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(cell => cell.GetSingle())
        ];
        double[] expected = [.. fit.GetProperty("zoom32_row100").EnumerateArray().Select(value => value.GetDouble())];

        float[] values = GridUpsampler.Upsample(grid, 7, 7, 224, 224, Upsampling.AlignCorners);

        AssertClose(expected, values[(100 * 224)..(101 * 224)], 1e-4);
    }

    private static void AssertClose(double[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - tolerance, pair.First + tolerance));
    }
}
