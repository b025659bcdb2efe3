using ClassActivation.Drawing;
using ClassActivation.Photos;
using ClassActivation.Tests.Photos;

namespace ClassActivation.Tests.Drawing;

public class PhotoEncoderTests
{
    [Fact]
    public void PngComesBackAsItWas()
    {
        Photo photo = TestPhotos.Decode("coffee.png");

        byte[] png = Encode(photo, PictureFormat.Png, 0);

        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png[..4]);
        Assert.Equal(2, png[25]); // colour type: RGB without alpha
        Assert.Equal(photo.Pixels, PhotoDecoder.Decode(PhotoSource.FromMemory("png", png)).Pixels);
    }

    [Theory]
    [InlineData(PictureFormat.Jpeg, 3.0)]
    [InlineData(PictureFormat.Webp, 3.0)]
    public void LossyFormatsComeBackNearlyAsTheyWereAndSmallerWithLessQuality(PictureFormat format, double difference)
    {
        Photo photo = TestPhotos.Decode("coffee.png");

        byte[] good = Encode(photo, format, PhotoEncoder.DefaultQuality);
        byte[] poor = Encode(photo, format, 30);

        Photo decoded = PhotoDecoder.Decode(PhotoSource.FromMemory("lossy", good));
        Assert.InRange(photo.Pixels.Zip(decoded.Pixels, (a, b) => Math.Abs(a - b)).Average(), 0.01, difference);
        Assert.True(poor.Length * 2 < good.Length);
    }

    [Fact]
    public void TooWideForWebpIsAClearError()
    {
        var photo = new Photo(20_000, 1, new byte[80_000]);

        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => Encode(photo, PictureFormat.Webp, 90));

        Assert.Contains("20000×1", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    public void QualityOutOfRangeIsRefused(int quality) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Encode(TestPhotos.Decode("1x1.png"), PictureFormat.Jpeg, quality));

    private static byte[] Encode(Photo photo, PictureFormat format, int quality)
    {
        using var stream = new MemoryStream();
        PhotoEncoder.Encode(photo, format, quality, stream);
        return stream.ToArray();
    }
}
