using System.Text.Json;
using ClassActivation.Drawing;
using ClassActivation.Maps;
using ClassActivation.Photos;
using ClassActivation.Tests.Photos;

namespace ClassActivation.Tests.Drawing;

public class OverlayRendererTests
{
    private static readonly float[] s_grid = [0.5f, -1, 2, 0.25f, 3, 1.5f, -2, 0, 1, 0, 4, -0.5f];

    // NumPy and SciPy, by the formula, in double precision.
    [Theory]
    [InlineData(0, 0, 61, 158, 125)]
    [InlineData(599, 0, 126, 225, 196)]
    [InlineData(100, 50, 116, 184, 139)]
    [InlineData(300, 200, 125, 210, 255)]
    [InlineData(431, 333, 185, 165, 47)]
    [InlineData(599, 399, 83, 112, 165)]
    [InlineData(250, 120, 99, 176, 144)]
    public void DefaultsAreTheNotebooksFormula(int x, int y, int red, int green, int blue) =>
        AssertPixel(Draw(new OverlayOptions()), x, y, red, green, blue);

    [Theory]
    [InlineData(0, 0, 55, 79, 161)]
    [InlineData(599, 0, 113, 100, 155)]
    [InlineData(300, 200, 121, 179, 255)]
    [InlineData(431, 333, 183, 174, 39)]
    [InlineData(599, 399, 76, 31, 50)]
    public void PositiveCutsAtZero(int x, int y, int red, int green, int blue)
    {
        var options = new OverlayOptions
        {
            Normalization = HeatmapNormalization.Positive,
            Colormap = Colormap.Get("turbo"),
            HeatmapOpacity = 0.7,
            ImageOpacity = 1,
        };

        AssertPixel(Draw(options), x, y, red, green, blue);
    }

    [Theory]
    [InlineData(0, 0, 152, 136, 127)]
    [InlineData(599, 0, 231, 207, 186)]
    [InlineData(300, 200, 231, 235, 242)]
    [InlineData(599, 399, 185, 158, 156)]
    [InlineData(250, 120, 202, 156, 136)]
    public void SymmetricHasZeroInTheMiddle(int x, int y, int red, int green, int blue) =>
        AssertPixel(
            Draw(
                new OverlayOptions
                {
                    Normalization = HeatmapNormalization.Symmetric,
                    Colormap = Colormap.Get("coolwarm"),
                }), x, y, red, green, blue);

    [SkippableFact]
    public void NotebooksPhotoGivesTheReferencePicture()
    {
        string expected = TestPhotos.Reference("seed/expected.json");
        using JsonDocument seed = JsonDocument.Parse(File.ReadAllText(expected));
        float[] grid = Cells(seed.RootElement.GetProperty("independentlyComputed").GetProperty("cam"));
        Photo photo = PhotoDecoder.Decode(PhotoSource.FromFile(TestPhotos.Reference("seed/car-1.png")));
        Photo reference = PhotoDecoder.Decode(PhotoSource.FromFile(TestPhotos.Reference("seed/overlay.png")));

        Photo drawn = OverlayRenderer.Draw(photo, grid, 7, 7, new OverlayOptions());

        Assert.InRange(TestPhotos.LargestDifference(reference, drawn), 0, 1);
    }

    [SkippableFact]
    public void ChelseaGivesTheReferencePicture()
    {
        using JsonDocument samples = JsonDocument.Parse(File.ReadAllText(TestPhotos.Reference("golden/samples.json")));
        float[] grid = Cells(samples.RootElement.GetProperty("images").GetProperty("chelsea.png")
            .GetProperty("fits").GetProperty("fullframe-bilinear").GetProperty("cam"));
        Photo reference = PhotoDecoder.Decode(PhotoSource.FromFile(TestPhotos.Reference("golden/chelsea-overlay.png")));

        Photo drawn = OverlayRenderer.Draw(TestPhotos.Decode("chelsea.png"), grid, 7, 11, new OverlayOptions());

        Assert.InRange(TestPhotos.LargestDifference(reference, drawn), 0, 1);
    }

    [Fact]
    public void SideBySideIsThePhotoThenTheOverlay()
    {
        Photo photo = TestPhotos.Decode("coffee.png");
        Photo overlay = Draw(new OverlayOptions());

        Photo drawn = Draw(new OverlayOptions { Layout = OverlayLayout.SideBySide });

        Assert.Equal((1200, 400), (drawn.Width, drawn.Height));
        foreach (int y in new[] { 0, 211, 399 })
        {
            Assert.Equal(photo.Pixels.AsSpan(y * 2400, 2400), drawn.Pixels.AsSpan(y * 4800, 2400));
            Assert.Equal(overlay.Pixels.AsSpan(y * 2400, 2400), drawn.Pixels.AsSpan(y * 4800 + 2400, 2400));
        }
    }

    [Fact]
    public void HeatmapShowsTheColoursAlone()
    {
        Photo drawn = OverlayRenderer.Draw(
            TestPhotos.Decode("coffee.png"), [0f, 1f], 1, 2,
            new OverlayOptions { Layout = OverlayLayout.Heatmap, Colormap = Colormap.Get("viridis") });

        Assert.Equal([0x44, 0x01, 0x54, 255], TestPhotos.Pixel(drawn, 0, 5));
        Assert.Equal([0xFD, 0xE7, 0x25, 255], TestPhotos.Pixel(drawn, 599, 5));
    }

    [Fact]
    public void BelowTheThresholdThePhotoStays()
    {
        Photo photo = TestPhotos.Decode("coffee.png");
        Photo overlay = Draw(new OverlayOptions());
        float[] values = GridUpsampler.Upsample(s_grid, 3, 4, 600, 400, Upsampling.AlignCorners);

        Photo drawn = Draw(new OverlayOptions { Threshold = 0.5 });

        // Rounding decides for pixels whose value is the threshold itself.
        float middle = (values.Min() + values.Max()) / 2;
        Assert.All(
            Enumerable.Range(0, values.Length).Where(i => values[i] < middle - 1e-4f),
            i => Assert.Equal(photo.Pixels[4 * i], drawn.Pixels[4 * i]));
        Assert.All(
            Enumerable.Range(0, values.Length).Where(i => values[i] > middle + 1e-4f),
            i => Assert.Equal(overlay.Pixels[4 * i], drawn.Pixels[4 * i]));
    }

    [Fact]
    public void OutsideOfTheCoveredPartThePhotoStays()
    {
        Photo photo = TestPhotos.Decode("coffee.png");

        Photo drawn = Draw(new OverlayOptions { Covered = new PhotoRegion(100, 50, 300, 200) });

        var inside = new List<int>();
        for (int i = 0; i < 600 * 400; i++)
        {
            if (i % 600 is >= 100 and < 400 && i / 600 is >= 50 and < 250)
            {
                inside.Add(i);
            }
            else
            {
                Assert.Equal(photo.Pixels.AsSpan(4 * i, 4), drawn.Pixels.AsSpan(4 * i, 4));
            }
        }

        // The map's first cell, 0.5, lies on the first covered pixel: (0.5 + 2) / 6 of jet, over the photo.
        (byte red, byte green, byte blue) = Colormap.Get("jet")[106];
        byte[] under = TestPhotos.Pixel(photo, 100, 50);
        AssertPixel(drawn, 100, 50, Blend(red, under[0]), Blend(green, under[1]), Blend(blue, under[2]));
        Assert.True(inside.Count(i => photo.Pixels[4 * i + 2] != drawn.Pixels[4 * i + 2]) > 50_000);

        static int Blend(int color, int photo) => (int)Math.Round(0.5 * color + 0.4 * photo + 25.5);
    }

    [Fact]
    public void CoveredPartIsInPixelsOfTheFullPhoto()
    {
        Photo full = TestPhotos.Decode("coffee.png");
        Photo half = Resampler.Resize(full, 300, 200, Resampling.Bilinear);

        Photo drawn = OverlayRenderer.Draw(half, s_grid, 3, 4, new OverlayOptions { Covered = new PhotoRegion(100, 50, 300, 200) });

        Assert.Equal(TestPhotos.Pixel(half, 49, 25), TestPhotos.Pixel(drawn, 49, 25));
        Assert.NotEqual(TestPhotos.Pixel(half, 50, 25), TestPhotos.Pixel(drawn, 50, 25));
        Assert.NotEqual(TestPhotos.Pixel(half, 199, 124), TestPhotos.Pixel(drawn, 199, 124));
        Assert.Equal(TestPhotos.Pixel(half, 200, 124), TestPhotos.Pixel(drawn, 200, 124));
    }

    [Fact]
    public void ContourLiesOnTheLevelAndIsWhiteWithADarkEdge()
    {
        var grey = new Photo(400, 100, [.. Enumerable.Repeat(new byte[] { 128, 128, 128, 255 }, 40_000).SelectMany(pixel => pixel)]);

        // The value is x / 399, so that the level 0.25 lies at x = 99.75; the line is 2 pixels wide, its edges 1 pixel each.
        Photo drawn = OverlayRenderer.Draw(
            grey, [0f, 1f], 1, 2, new OverlayOptions { HeatmapOpacity = 0, ImageOpacity = 1, Contour = 0.25 });

        byte[] row = [.. Enumerable.Range(0, 400).Select(x => TestPhotos.Pixel(drawn, x, 50)[0])];
        Assert.Equal(255, row[100]);
        Assert.InRange(row[98], 0, 100);
        Assert.InRange(row[102], 0, 100);
        Assert.All(row[..96].Concat(row[104..]), value => Assert.Equal(128, value));
    }

    [Theory]
    [InlineData(HeatmapNormalization.MinMax, 0)]
    [InlineData(HeatmapNormalization.Positive, 0)]
    [InlineData(HeatmapNormalization.Symmetric, 0)]
    [InlineData(HeatmapNormalization.None, 0)]
    public void FlatMapOfNegativeValuesIsTheLowestColour(HeatmapNormalization normalization, int index)
    {
        var options = new OverlayOptions { Layout = OverlayLayout.Heatmap, Normalization = normalization };

        Photo drawn = OverlayRenderer.Draw(TestPhotos.Decode("1x1.png"), [-3f, -3f], 2, 1, options);

        (byte red, byte green, byte blue) = Colormap.Get("jet")[index];
        Assert.Equal([red, green, blue, 255], drawn.Pixels);
    }

    [Fact]
    public void BadMapsAndOpacitiesAreRefused()
    {
        Photo photo = TestPhotos.Decode("1x1.png");

        Assert.Throws<ArgumentException>(() => OverlayRenderer.Draw(photo, [1f, 2f], 2, 2, new OverlayOptions()));
        Assert.Throws<ArgumentException>(() => OverlayRenderer.Draw(photo, [float.NaN], 1, 1, new OverlayOptions()));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => OverlayRenderer.Draw(photo, [1f], 1, 1, new OverlayOptions { HeatmapOpacity = 1.1 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => OverlayRenderer.Draw(photo, [1f], 1, 1, new OverlayOptions { ImageOpacity = double.NaN }));
    }

    private static Photo Draw(OverlayOptions options) => OverlayRenderer.Draw(TestPhotos.Decode("coffee.png"), s_grid, 3, 4, options);

    private static float[] Cells(JsonElement rows) =>
        [.. rows.EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(cell => cell.GetSingle())];

    private static void AssertPixel(Photo photo, int x, int y, int red, int green, int blue)
    {
        byte[] pixel = TestPhotos.Pixel(photo, x, y);
        Assert.InRange(pixel[0], red - 1, red + 1);
        Assert.InRange(pixel[1], green - 1, green + 1);
        Assert.InRange(pixel[2], blue - 1, blue + 1);
        Assert.Equal(255, pixel[3]);
    }
}
