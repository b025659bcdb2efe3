using ClassActivation.Photos;

namespace ClassActivation.Tests.Photos;

public class ResamplerTests
{
    // Fingerprints of Pillow 9.4's Image.resize of the same pixels.
    [Theory]
    [InlineData("chelsea.png", 337, 224, Resampling.Bilinear, "c7629c1ef0c94c7d")]
    [InlineData("chelsea.png", 1000, 700, Resampling.Bilinear, "826ea13167b6a5a7")]
    [InlineData("chelsea.png", 97, 450, Resampling.Bilinear, "b59da99b5c6f011d")]
    [InlineData("chelsea.png", 33, 32, Resampling.Bilinear, "72651a28c0fd5521")]
    [InlineData("chelsea.png", 2, 1, Resampling.Bilinear, "353ee5b147fe317c")]
    [InlineData("chelsea.png", 337, 224, Resampling.Nearest, "f98189e76de9c0df")]
    [InlineData("chelsea.png", 1000, 700, Resampling.Nearest, "7ac686f5a4b30a2b")]
    [InlineData("chelsea.png", 97, 450, Resampling.Nearest, "7f8e4408b2748ea7")]
    [InlineData("chelsea.png", 33, 32, Resampling.Nearest, "20e51884d6fa3722")]
    [InlineData("chelsea.png", 2, 1, Resampling.Nearest, "8706237b5f81409b")]
    [InlineData("chelsea.png", 337, 224, Resampling.Bicubic, "fedd56035811f062")]
    [InlineData("chelsea.png", 1000, 700, Resampling.Bicubic, "263974ecf083c9f2")]
    [InlineData("chelsea.png", 97, 450, Resampling.Bicubic, "001adcca00d25dcc")]
    [InlineData("chelsea.png", 33, 32, Resampling.Bicubic, "a03b8dbbad317a73")]
    [InlineData("chelsea.png", 2, 1, Resampling.Bicubic, "e7e1aa2aca5e5fda")]
    [InlineData("chelsea.png", 337, 224, Resampling.Lanczos, "c827649d29254555")]
    [InlineData("chelsea.png", 1000, 700, Resampling.Lanczos, "43ebeffd25edba4c")]
    [InlineData("chelsea.png", 97, 450, Resampling.Lanczos, "fda277bb74014550")]
    [InlineData("chelsea.png", 33, 32, Resampling.Lanczos, "57ea684d76e6c4c9")]
    [InlineData("chelsea.png", 2, 1, Resampling.Lanczos, "a84b6a051c3ec7ae")]
    [InlineData("china.jpg", 337, 224, Resampling.Bilinear, "5ac45f7d6bfaedbc")]
    [InlineData("china.jpg", 1000, 700, Resampling.Bilinear, "81ae33b08b386ba9")]
    [InlineData("china.jpg", 97, 450, Resampling.Bilinear, "7498c55fabffe359")]
    [InlineData("china.jpg", 33, 32, Resampling.Bilinear, "6511733cfd822a8e")]
    [InlineData("china.jpg", 2, 1, Resampling.Bilinear, "eb9f5f844d0f3b6b")]
    [InlineData("china.jpg", 337, 224, Resampling.Nearest, "412a87f04c837ed6")]
    [InlineData("china.jpg", 1000, 700, Resampling.Nearest, "dc63598a23cc2145")]
    [InlineData("china.jpg", 97, 450, Resampling.Nearest, "560b84a0af0ebe7e")]
    [InlineData("china.jpg", 33, 32, Resampling.Nearest, "305aa6ddef5f2e82")]
    [InlineData("china.jpg", 2, 1, Resampling.Nearest, "4fdfdb092ac03130")]
    [InlineData("china.jpg", 337, 224, Resampling.Bicubic, "0a1c29cc29bf8baf")]
    [InlineData("china.jpg", 1000, 700, Resampling.Bicubic, "300c079c5257d2a6")]
    [InlineData("china.jpg", 97, 450, Resampling.Bicubic, "550f753e72d3f3fa")]
    [InlineData("china.jpg", 33, 32, Resampling.Bicubic, "f43e3df26225a77a")]
    [InlineData("china.jpg", 2, 1, Resampling.Bicubic, "84c5c6c926cce65d")]
    [InlineData("china.jpg", 337, 224, Resampling.Lanczos, "1c6cb55e916ce52d")]
    [InlineData("china.jpg", 1000, 700, Resampling.Lanczos, "bbbce6197db7e7b8")]
    [InlineData("china.jpg", 97, 450, Resampling.Lanczos, "72ed49d4e68f181a")]
    [InlineData("china.jpg", 33, 32, Resampling.Lanczos, "0f6adb3b20ffbfd4")]
    [InlineData("china.jpg", 2, 1, Resampling.Lanczos, "deedcc2468ed0e03")]
    public void BytesAreThoseOfPillow(string name, int width, int height, Resampling resampling, string fingerprint)
    {
        Photo resized = Resampler.Resize(TestPhotos.Decode(name), width, height, resampling);

        Assert.Equal(fingerprint, TestPhotos.Fingerprint(TestPhotos.Rgb(resized)));
        Assert.All(Enumerable.Range(0, width * height), i => Assert.Equal(255, resized.Pixels[4 * i + 3]));
    }

    [Theory]
    [InlineData(Resampling.Bilinear)]
    [InlineData(Resampling.Nearest)]
    [InlineData(Resampling.Bicubic)]
    [InlineData(Resampling.Lanczos)]
    public void WindowIsThatPartOfTheWholeAndNothingBesidesIsWritten(Resampling resampling)
    {
        Photo photo = TestPhotos.Decode("coffee.png");
        byte[] whole = TestPhotos.Rgb(Resampler.Resize(photo, 301, 199, resampling));
        var buffer = new byte[51 * 23 * 3 + 32];
        Array.Fill(buffer, (byte)77);

        Resampler.ResizeToRgb(photo, 301, 199, 17, 9, 51, 23, resampling, buffer.AsSpan(16, 51 * 23 * 3));

        for (int y = 0; y < 23; y++)
        {
            Assert.Equal(whole.AsSpan(((9 + y) * 301 + 17) * 3, 51 * 3), buffer.AsSpan(16 + y * 51 * 3, 51 * 3));
        }

        Assert.All(buffer[..16].Concat(buffer[^16..]), value => Assert.Equal(77, value));
    }

    [Fact]
    public void WindowOutsideIsRefused()
    {
        Photo photo = TestPhotos.Decode("1x1.png");
        var rgb = new byte[4 * 4 * 3];

        Assert.Throws<ArgumentOutOfRangeException>(() => Resampler.ResizeToRgb(photo, 8, 8, 5, 0, 4, 4, Resampling.Bilinear, rgb));
        Assert.Throws<ArgumentOutOfRangeException>(() => Resampler.ResizeToRgb(photo, 8, 8, 0, -1, 4, 4, Resampling.Nearest, rgb));
        Assert.Throws<ArgumentException>(() => Resampler.ResizeToRgb(photo, 8, 8, 0, 0, 4, 5, Resampling.Bilinear, rgb));
    }

    [Fact]
    public void OnePixelFillsAnySize()
    {
        Photo resized = Resampler.Resize(TestPhotos.Decode("1x1.png"), 5, 3, Resampling.Lanczos);

        Assert.All(Enumerable.Range(0, 15), i => Assert.Equal([12, 200, 34, 255], resized.Pixels.AsSpan(4 * i, 4).ToArray()));
    }

    [Theory]
    [InlineData(100, 100, 66)]
    [InlineData(600, 600, 400)]
    [InlineData(5000, 600, 400)]
    public void ShrinkToFitKeepsTheShapeAndNeverEnlarges(int longest, int width, int height)
    {
        Photo photo = TestPhotos.Decode("coffee.png");

        Photo shrunk = photo.ShrinkToFit(longest);

        Assert.Equal((width, longest == 100 ? 67 : height), (shrunk.Width, shrunk.Height));
        Assert.Equal((600, 400), (shrunk.FullWidth, shrunk.FullHeight));
    }
}
