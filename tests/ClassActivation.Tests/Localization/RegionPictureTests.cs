using ClassActivation.Drawing;
using ClassActivation.Localization;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Localization;

/// <summary>Regions are cut out and outlined where they are.</summary>
public sealed class RegionPictureTests
{
    [Theory]
    [InlineData(0.0, false, 10, 20, 30, 10)]
    [InlineData(0.1, false, 7, 19, 36, 12)]
    [InlineData(1.0, false, 0, 10, 70, 30)]
    [InlineData(0.0, true, 10, 10, 30, 30)]
    [InlineData(0.5, true, 0, 0, 60, 50)]
    public void A_crop_holds_the_box_with_its_padding_as_far_as_the_photo_goes(
        double padding, bool square, int left, int top, int width, int height)
    {
        Photo crop = RegionCrop.Cut(Gradient(80, 50), Region(10, 20, 30, 10), padding, square);

        Assert.Equal((width, height), (crop.Width, crop.Height));
        Assert.Equal((left, top), (crop.Pixels[0], crop.Pixels[1]));
        Assert.Equal((left + width - 1, top + height - 1), (crop.Pixels[^4], crop.Pixels[^3]));
    }

    [Fact]
    public void A_photo_of_another_size_is_refused() =>
        Assert.Throws<ArgumentException>(() => RegionCrop.Cut(Gradient(50, 80), Region(10, 20, 30, 10)));

    [Fact]
    public void A_box_is_outlined_white_between_dark_lines_inside_of_its_edges()
    {
        Photo photo = Gradient(80, 50);
        ClassActivationMap map = Region(10, 20, 30, 10).ActivationMap;
        var options = new OverlayOptions();

        Photo plain = OverlayRenderer.Draw(photo, map.Values, map.Rows, map.Columns, options);
        Photo boxed = OverlayRenderer.Draw(
            photo, map.Values, map.Rows, map.Columns, options with { Boxes = [new PhotoRegion(10, 20, 30, 10)] });

        // At this size: one dark pixel, two white ones, one dark one.
        Assert.Equal([0, 255, 255, 0], Enumerable.Range(10, 4).Select(x => (int)boxed.Pixels[((25 * 80) + x) * 4]));
        Assert.Equal([0, 255, 255, 0], Enumerable.Range(26, 4).Select(y => (int)boxed.Pixels[((y * 80) + 25) * 4]));
        for (int y = 0; y < 50; y++)
        {
            for (int x = 0; x < 80; x++)
            {
                bool isOutline = x is >= 10 and < 40 && y is >= 20 and < 30 && (x is < 14 or >= 36 || y is < 24 or >= 26);
                int i = ((y * 80) + x) * 4;
                Assert.Equal(!isOutline, plain.Pixels.AsSpan(i, 4).SequenceEqual(boxed.Pixels.AsSpan(i, 4)));
            }
        }
    }

    [Fact]
    public void A_box_is_drawn_over_the_map_and_not_over_the_photo_beside_it()
    {
        Photo photo = Gradient(80, 50);
        ClassActivationMap map = Region(10, 20, 30, 10).ActivationMap;

        Photo pair = OverlayRenderer.Draw(photo, map.Values, map.Rows, map.Columns, new OverlayOptions
        {
            Layout = OverlayLayout.SideBySide,
            Boxes = [new PhotoRegion(10, 20, 30, 10)],
        });

        Assert.Equal(11, pair.Pixels[((25 * 160) + 11) * 4]);
        Assert.Equal(255, pair.Pixels[((25 * 160) + 91) * 4]);
    }

    // Red is the column and green the row.
    private static Photo Gradient(int width, int height)
    {
        var pixels = new byte[width * height * 4];
        for (int i = 0; i < width * height; i++)
        {
            (pixels[i * 4], pixels[(i * 4) + 1], pixels[(i * 4) + 2], pixels[(i * 4) + 3]) = (
                (byte)(i % width), (byte)(i / width), 99, 255);
        }

        return new Photo(width, height, pixels);
    }

    private static CamRegion Region(int left, int top, int width, int height) =>
        new(SyntheticMap.Of(new float[,] { { 0, 1 }, { 0.25f, 0.5f } }, 80, 50))
        {
            Number = 1,
            Left = left,
            Top = top,
            Width = width,
            Height = height,
            Area = width * height,
            Peak = 1,
            PeakX = left,
            PeakY = top,
            Mean = 1,
            Share = 1,
            Threshold = 0.16,
        };
}
