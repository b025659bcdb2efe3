using ClassActivation.Drawing;
using ClassActivation.Identity;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Photos;

public class LetterboxTests
{
    [Theory]
    [InlineData(451, 300, 224, 224, 149, 0, -37)]
    [InlineData(300, 451, 224, 149, 224, -37, 0)]
    [InlineData(300, 300, 224, 224, 224, 0, 0)]
    [InlineData(20000, 1, 224, 224, 1, 0, -111)]
    public void The_whole_photo_lies_in_the_middle_of_a_square(
        int photoWidth, int photoHeight, int resolution, int width, int height, int left, int top)
    {
        InputGeometry geometry = InputGeometry.Compute(photoWidth, photoHeight, InputFit.Letterbox, resolution);

        Assert.Equal((width, height, left, top), (geometry.ResizedWidth, geometry.ResizedHeight, geometry.CropLeft, geometry.CropTop));
        Assert.Equal((resolution, resolution), (geometry.InputWidth, geometry.InputHeight));
        Assert.Equal((double)resolution * photoWidth / width, geometry.Covered.Width, 6);
        Assert.Equal((double)top * photoHeight / height, geometry.Covered.Top, 6);
        Assert.True(MapCheck.CanCover(geometry.Covered, InputFit.Letterbox, photoWidth, photoHeight));
    }

    // Fingerprints of Pillow's resize, pasted on a canvas of the margin's colour.
    [Theory]
    [InlineData("chelsea.png", 224, "124,116,104", "b9f10453fd1f236b")]
    [InlineData("china.jpg", 64, "114,114,114", "f34d907405346fbe")]
    public void Pixels_are_those_of_Pillow(string name, int resolution, string margin, string fingerprint)
    {
        var settings = new InputSettings(InputFit.Letterbox, resolution) { Margin = MarginColor.Parse(margin)!.Value };

        Assert.Equal(fingerprint, TestPhotos.Fingerprint(settings.Show(TestPhotos.Decode(name)).Pixels));
    }

    [Theory]
    [InlineData("1,2,3", true)]
    [InlineData("1,2", false)]
    [InlineData("1,2,300", false)]
    [InlineData("1,x,2,3", false)]
    [InlineData("", false)]
    public void A_colour_is_three_bytes(string text, bool isOne) => Assert.Equal(isOne ? text : null, MarginColor.Parse(text)?.ToString());

    // A ramp over the square: of 4 cells between which 300 pixels lie, the photo shows the middle third.
    [Fact]
    public void Of_a_map_that_reaches_beyond_the_photo_the_middle_is_seen()
    {
        float[] values = GridUpsampler.Upsample([0, 3, 6, 9], 4, 1, 100, 100, Upsampling.AlignCorners, new PhotoRegion(0, -100, 100, 300));

        for (int y = 0; y < 100; y++)
        {
            Assert.Equal((100 + y) * 9 / 299.0, values[y * 100], 1e-5);
        }

        float[] centers = GridUpsampler.Upsample([0, 3, 6, 9], 4, 1, 100, 100, Upsampling.HalfPixel, new PhotoRegion(0, -100, 100, 300));
        Assert.Equal(3 * ((100 + 50.5) * 4 / 300 - 0.5), centers[50 * 100], 1e-5);
    }

    [Fact]
    public void Colours_span_the_values_on_the_photo_alone()
    {
        var white = new Photo(90, 30, [.. Enumerable.Repeat((byte)255, 90 * 30 * 4)]);
        float[] peakInMargin = [100, 100, 100, 0, 1, 2, 100, 100, 100];
        var options =
            new OverlayOptions
            {
                Layout = OverlayLayout.Heatmap,
                Colormap = Colormap.Get("gray"),
                Covered = new PhotoRegion(0, -1000, 90, 2030),
            };

        Photo picture = OverlayRenderer.Draw(white, peakInMargin, 3, 3, options);

        Assert.InRange(TestPhotos.Pixel(picture, 0, 15)[0], 0, 8);
        Assert.InRange(TestPhotos.Pixel(picture, 89, 15)[0], 100, 255);
    }

    [Theory]
    [InlineData(-10, 120, true)]
    [InlineData(10, 80, true)]
    [InlineData(10, 120, false)]
    [InlineData(-10, 60, false)]
    [InlineData(200, 10, false)]
    [InlineData(-1e9, 2e9, false)]
    [InlineData(double.NaN, 100, false)]
    [InlineData(0, double.PositiveInfinity, false)]
    public void A_part_lies_in_the_photo_or_with_a_margin_the_photo_in_it(double left, double width, bool can)
    {
        var part = new PhotoRegion(left, 0, width, 50);

        Assert.Equal(can, MapCheck.CanCover(part, InputFit.Letterbox, 100, 50));
        Assert.Equal(can && left >= 0, MapCheck.CanCover(part, InputFit.CenterCrop, 100, 50));
    }
}
