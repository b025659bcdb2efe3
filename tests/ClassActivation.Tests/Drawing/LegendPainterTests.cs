using ClassActivation.Drawing;
using ClassActivation.Maps;
using ClassActivation.Photos;
using SkiaSharp;

namespace ClassActivation.Tests.Drawing;

/// <summary>Legends below pictures.</summary>
public sealed class LegendPainterTests
{
    private static readonly Colormap Jet = Colormap.Get("jet");

    [Theory]
    [InlineData(500, 375)]
    [InlineData(64, 64)]
    [InlineData(2000, 120)]
    [InlineData(90, 900)]
    public void The_picture_stays_as_it_is_and_text_and_colours_come_below(int width, int height)
    {
        Photo picture = Filled(width, height);

        Photo labelled = LegendPainter.Append(picture, Legend("Egyptian cat"));

        Assert.Equal(width, labelled.Width);
        Assert.True(picture.Pixels.AsSpan().SequenceEqual(labelled.Pixels.AsSpan(0, picture.Pixels.Length)));
        List<(byte, byte, byte)> strip = [.. Pixels(labelled).Skip(width * height)];
        Assert.Contains(strip, static p => p.Item1 < 100 && p.Item1 == p.Item2 && p.Item2 == p.Item3);
        Assert.Contains(strip, static p => Enumerable.Range(110, 40).Any(i => Jet[i] == p));
        Assert.Equal((255, 255, 255), strip[^1]);

        // Blue comes before red along the bar.
        (byte, byte, byte)[] bar = BarOf(labelled, height);
        int blue = Array.FindIndex(
            bar, static p => p.Item3 > p.Item1 + 100), red = Array.FindIndex(bar, static p => p.Item1 > p.Item3 + 100);
        Assert.InRange(blue, 0, red - 1);
    }

    [Fact]
    public void A_picture_too_narrow_for_text_stands_in_the_middle_of_a_wider_one()
    {
        Photo labelled = LegendPainter.Append(Filled(8, 4), Legend("Egyptian cat"));

        Assert.InRange(labelled.Width, 40, 120);
        (byte, byte, byte)[] firstRow = [.. Pixels(labelled).Take(labelled.Width)];
        Assert.Equal(8, firstRow.Count(static p => p == (40, 50, 60)));
        Assert.Equal((40, 50, 60), firstRow[labelled.Width / 2]);
    }

    [Fact]
    public void Below_the_threshold_the_bar_has_no_colour_and_the_level_line_is_marked()
    {
        Photo labelled = LegendPainter.Append(Filled(600, 400), Legend("cat") with { Threshold = 0.5, Contour = 0.75 });

        (byte, byte, byte)[] bar = BarOf(labelled, 400);
        Assert.DoesNotContain(Jet[60], bar);
        Assert.Contains(Jet[160], bar);
        Assert.Contains(((byte)0, (byte)0, (byte)0), bar);
    }

    [Theory]
    [InlineData("猫 in 東京 🐈")]
    [InlineData("broken \ud800 half")]
    [InlineData("line\nbreak\ttab")]
    [InlineData("")]
    public void Any_text_can_be_drawn(string title)
    {
        Photo labelled = LegendPainter.Append(Filled(200, 100), Legend(title));

        Assert.True(labelled.Height > 100);
    }

    [Fact]
    public void Text_is_wrapped_at_spaces_and_cut_at_the_end()
    {
        using var pen = new TextPen(16, SKColors.Black);
        string text = string.Join(' ', Enumerable.Repeat("hen-of-the-woods", 6));

        IReadOnlyList<string> lines = pen.Wrap(text, 200, 2);

        Assert.Equal(2, lines.Count);
        Assert.Equal("hen-of-the-woods", lines[0]);
        Assert.EndsWith("…", lines[1], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.True(pen.Measure(line) <= 200));
        Assert.Equal("short", pen.Fit("short", 200));
    }

    [Theory]
    [InlineData(-2.4812, 34.72, HeatmapNormalization.MinMax, "−2.5", "34.7")]
    [InlineData(-2.4812, 34.72, HeatmapNormalization.Positive, "0", "34.7")]
    [InlineData(-2.4812, 34.72, HeatmapNormalization.Symmetric, "−34.7", "34.7")]
    [InlineData(-2.4812, 34.72, HeatmapNormalization.None, "0", "1.00")]
    [InlineData(0.0223, 27.1, HeatmapNormalization.MinMax, "0", "27.1")]
    [InlineData(-0.01234, 0.05, HeatmapNormalization.MinMax, "−0.0123", "0.0500")]
    [InlineData(0, 1.5e-7, HeatmapNormalization.MinMax, "0", "1.5E−7")]
    [InlineData(3, 3, HeatmapNormalization.MinMax, "3.00", "3.00")]
    public void The_scale_is_that_of_the_normalisation_with_the_same_decimals_at_both_ends(
        double minimum, double maximum, HeatmapNormalization normalization, string low, string high)
    {
        ColorScale scale = ColorScale.Of(minimum, maximum, normalization);

        Assert.Equal((low, high), (scale.LowText, scale.HighText));
    }

    private static Legend Legend(string title) => new()
    {
        Title = title,
        Detail = "80.2%",
        Scale = new ColorScale(-2.5, 34.7),
        Colormap = Jet,
    };

    private static Photo Filled(int width, int height)
    {
        var pixels = new byte[width * height * 4];
        for (int i = 0; i < pixels.Length; i += 4)
        {
            (pixels[i], pixels[i + 1], pixels[i + 2], pixels[i + 3]) = (40, 50, 60, 255);
        }

        return new Photo(width, height, pixels);
    }

    // The row of the strip with the most different colours crosses the bar.
    private static (byte, byte, byte)[] BarOf(Photo labelled, int pictureHeight) =>
        Pixels(labelled).Skip(labelled.Width * pictureHeight).Chunk(labelled.Width).MaxBy(static row => row.Distinct().Count())!;

    private static IEnumerable<(byte, byte, byte)> Pixels(Photo photo) =>
        Enumerable.Range(0, photo.Width * photo.Height)
            .Select(i => (photo.Pixels[4 * i], photo.Pixels[4 * i + 1], photo.Pixels[4 * i + 2]));
}
