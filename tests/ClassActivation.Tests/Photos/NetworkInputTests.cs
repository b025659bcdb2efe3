using ClassActivation.Photos;

namespace ClassActivation.Tests.Photos;

public class NetworkInputTests
{
    // The input sizes of the golden maps, from the photos' sizes.
    [Theory]
    [InlineData(451, 300, 224, 337, 224)]
    [InlineData(600, 400, 224, 336, 224)]
    [InlineData(1024, 484, 224, 474, 224)]
    [InlineData(640, 427, 224, 336, 224)]
    [InlineData(427, 640, 224, 224, 336)]
    [InlineData(300, 300, 288, 288, 288)]
    [InlineData(1, 1, 32, 32, 32)]
    [InlineData(4000, 1000, 224, 896, 224)]
    [InlineData(2000, 30, 224, 896, 224)]
    [InlineData(1, 65000, 224, 224, 896)]
    public void FullFrameKeepsTheShapeUpToFourToOne(int photoWidth, int photoHeight, int resolution, int width, int height)
    {
        InputGeometry geometry = InputGeometry.Compute(photoWidth, photoHeight, InputFit.FullFrame, resolution);

        Assert.Equal(new InputGeometry(width, height, 0, 0, width, height, new PhotoRegion(0, 0, photoWidth, photoHeight)), geometry);
    }

    [Fact]
    public void StretchIsASquareOfTheWholePhoto() =>
        Assert.Equal(
            new InputGeometry(224, 224, 0, 0, 224, 224, new PhotoRegion(0, 0, 640, 427)),
            InputGeometry.Compute(640, 427, InputFit.Stretch, 224));

    // Resized sizes are round(256 · long / short), offsets floor((size − 224) / 2), as in the independent figures.
    [Theory]
    [InlineData(640, 427, 224, 384, 256, 80, 16)]
    [InlineData(451, 300, 224, 385, 256, 80, 16)]
    [InlineData(427, 640, 224, 256, 384, 16, 80)]
    [InlineData(1024, 484, 224, 542, 256, 159, 16)]
    [InlineData(500, 375, 288, 439, 329, 75, 20)]
    public void CenterCropCutsOutTheMiddle(
        int photoWidth, int photoHeight, int resolution, int resizedWidth, int resizedHeight, int left, int top)
    {
        InputGeometry geometry = InputGeometry.Compute(photoWidth, photoHeight, InputFit.CenterCrop, resolution);

        Assert.Equal((resizedWidth, resizedHeight), (geometry.ResizedWidth, geometry.ResizedHeight));
        Assert.Equal((left, top), (geometry.CropLeft, geometry.CropTop));
        Assert.Equal((resolution, resolution), (geometry.InputWidth, geometry.InputHeight));
        Assert.Equal((double)left * photoWidth / resizedWidth, geometry.Covered.Left, 9);
        Assert.Equal((double)top * photoHeight / resizedHeight, geometry.Covered.Top, 9);
        Assert.Equal((double)resolution * photoWidth / resizedWidth, geometry.Covered.Width, 9);
        Assert.Equal((double)resolution * photoHeight / resizedHeight, geometry.Covered.Height, 9);
    }

    [Theory]
    [InlineData(0, 10, 224)]
    [InlineData(10, -1, 224)]
    [InlineData(10, 10, 31)]
    [InlineData(10, 10, 4097)]
    public void ImpossibleSizesAreRefused(int width, int height, int resolution) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => InputGeometry.Compute(width, height, InputFit.FullFrame, resolution));

    // Fingerprints of Pillow's resize, and crop, of the same pixels.
    [Theory]
    [InlineData("chelsea.png", InputFit.FullFrame, 337, 224, "c7629c1ef0c94c7d")]
    [InlineData("china.jpg", InputFit.CenterCrop, 224, 224, "8f226af8e3e704d5")]
    [InlineData("chelsea.png", InputFit.CenterCrop, 224, 224, "35d403d5e2412d1e")]
    public void PixelsAreThoseOfPillow(string name, InputFit fit, int width, int height, string fingerprint)
    {
        NetworkInput input = NetworkInput.Create(TestPhotos.Decode(name), fit, 224, Resampling.Bilinear);

        Assert.Equal((width, height), (input.Width, input.Height));
        Assert.Equal(fingerprint, TestPhotos.Fingerprint(input.Pixels));
    }

    [Fact]
    public void FlipMirrorsEveryRow()
    {
        NetworkInput input = NetworkInput.Create(TestPhotos.Decode("coffee.png"), InputFit.FullFrame, 32, Resampling.Bilinear);

        NetworkInput flipped = input.Flip();

        Assert.Equal(input.Pixels.AsSpan(5 * input.Width * 3, 3), flipped.Pixels.AsSpan((6 * input.Width - 1) * 3, 3));
        Assert.NotEqual(input.Pixels, flipped.Pixels);
        Assert.Equal(input.Pixels, flipped.Flip().Pixels);
    }
}
