using ClassActivation.Photos;
using ClassActivation.Photos.Containers;

namespace ClassActivation.Tests.Photos;

public class PhotoDecoderTests
{
    // Fingerprints of Pillow's pixels: Image.open, ImageOps.exif_transpose, convert("RGB").
    [Theory]
    [InlineData("16-bit.png", 60, 40, "0b4057744b774ab1")]
    [InlineData("1x1.png", 1, 1, "686950ce23060a75")]
    [InlineData("cmyk.jpg", 60, 40, "caa07052a1d83f66")]
    [InlineData("grey.jpg", 60, 40, "b12bbcaa7f3b30d0")]
    [InlineData("orientation-1.jpg", 60, 40, "f2f9803d98e65944")]
    [InlineData("orientation-2.jpg", 60, 40, "14737a53bebaed97")]
    [InlineData("orientation-3.jpg", 60, 40, "3d9c2a0e219e509b")]
    [InlineData("orientation-4.jpg", 60, 40, "6e46999080772421")]
    [InlineData("orientation-5.jpg", 60, 40, "51b3344e4ed79032")]
    [InlineData("orientation-6.jpg", 60, 40, "de80f0dec8e6cc73")]
    [InlineData("orientation-6.webp", 60, 40, "0b4057744b774ab1")]
    [InlineData("orientation-7.jpg", 60, 40, "72d89cea07b5a3b8")]
    [InlineData("orientation-8.jpg", 60, 40, "76cea285f1351e02")]
    [InlineData("panorama.jpg", 2000, 30, "d920674e766f6a78")]
    [InlineData("picture.bmp", 60, 40, "0b4057744b774ab1")]
    [InlineData("picture.webp", 60, 40, "0b4057744b774ab1")]
    [InlineData("png-named.jpg", 60, 40, "0b4057744b774ab1")]
    [InlineData("progressive.jpg", 60, 40, "f2f9803d98e65944")]
    [InlineData("two-frames.gif", 60, 40, "e00f7adfbcccb706")]
    [InlineData("alps.jpg", 1024, 484, "e9d0d371c267b38e")]
    [InlineData("chelsea.png", 451, 300, "416b729128bfb2c3")]
    [InlineData("china.jpg", 640, 427, "e701459344fd6979")]
    [InlineData("coffee.png", 600, 400, "0ce2b51640b9c95f")]
    [InlineData("flower.jpg", 640, 427, "3202904ed246795b")]
    public void PixelsAreThoseOfPillow(string name, int width, int height, string fingerprint)
    {
        Photo photo = TestPhotos.Decode(name);

        Assert.Equal((width, height), (photo.Width, photo.Height));
        Assert.Equal((width, height), (photo.FullWidth, photo.FullHeight));
        Assert.Equal((width, height), PhotoDecoder.ReadSize(TestPhotos.Source(name)));
        Assert.Equal(fingerprint, TestPhotos.Fingerprint(TestPhotos.Rgb(photo)));
        Assert.All(Enumerable.Range(0, width * height), i => Assert.Equal(255, photo.Pixels[4 * i + 3]));
    }

    // Pillow: alpha_composite over white.
    [Theory]
    [InlineData("alpha.png", 0, 0, 255, 255, 255)]
    [InlineData("alpha.png", 10, 5, 237, 230, 225)]
    [InlineData("alpha.png", 30, 20, 222, 200, 183)]
    [InlineData("alpha.png", 50, 39, 171, 153, 143)]
    [InlineData("alpha.png", 59, 0, 53, 34, 21)]
    [InlineData("palette-alpha.png", 0, 0, 152, 122, 103)]
    [InlineData("palette-alpha.png", 10, 5, 151, 108, 77)]
    [InlineData("palette-alpha.png", 30, 20, 217, 196, 181)]
    [InlineData("palette-alpha.png", 59, 0, 79, 53, 34)]
    public void TransparencyIsOverWhite(string name, int x, int y, int red, int green, int blue)
    {
        byte[] pixel = TestPhotos.Pixel(TestPhotos.Decode(name), x, y);

        Assert.InRange(pixel[0], red - 1, red + 1);
        Assert.InRange(pixel[1], green - 1, green + 1);
        Assert.InRange(pixel[2], blue - 1, blue + 1);
        Assert.Equal(255, pixel[3]);
    }

    [Fact]
    public void SixteenBitGreyKeepsItsHighByte()
    {
        // The stored value is 1000 x + 100 y.
        Photo photo = TestPhotos.Decode("16-bit-grey.png");

        Assert.Equal([0, 0, 0, 255], TestPhotos.Pixel(photo, 0, 0));
        Assert.Equal([125, 125, 125, 255], TestPhotos.Pixel(photo, 30, 20));
        Assert.Equal([245, 245, 245, 255], TestPhotos.Pixel(photo, 59, 39));
    }

    [Theory]
    [InlineData(null, null, 640, 427)]
    [InlineData(427, null, 640, 427)]
    [InlineData(300, null, 480, 321)]
    [InlineData(10, null, 80, 54)]
    [InlineData(null, 100, 160, 107)]
    [InlineData(10, 100, 160, 107)]
    [InlineData(5000, 5000, 640, 427)]
    public void JpegIsDecodedAtTheSmallestScaleThatSuffices(int? shorter, int? longer, int width, int height)
    {
        Photo photo = PhotoDecoder.Decode(TestPhotos.Source("china.jpg"), shorter, longer);

        Assert.Equal((width, height), (photo.Width, photo.Height));
        Assert.Equal((640, 427), (photo.FullWidth, photo.FullHeight));
    }

    [Fact]
    public void ReducedScaleTurnsUprightToo()
    {
        Photo photo = PhotoDecoder.Decode(TestPhotos.Source("orientation-6.jpg"), shorterSideAtLeast: 20);

        Assert.Equal((30, 20, 60, 40), (photo.Width, photo.Height, photo.FullWidth, photo.FullHeight));
    }

    [Fact]
    public void ReducedScaleGivesAnInputOfTheSameSizeAndNearlyTheSamePixels()
    {
        PhotoSource source = TestPhotos.Source("alps.jpg");
        NetworkInput full = NetworkInput.Create(PhotoDecoder.Decode(source), InputFit.FullFrame, 64, Resampling.Bilinear);
        NetworkInput reduced = NetworkInput.Create(
            PhotoDecoder.Decode(source, shorterSideAtLeast: 128), InputFit.FullFrame, 64, Resampling.Bilinear);

        Assert.Equal((full.Width, full.Height), (reduced.Width, reduced.Height));
        Assert.InRange(full.Pixels.Zip(reduced.Pixels, (a, b) => Math.Abs(a - b)).Average(), 0, 2.5);
    }

    [Fact]
    public void MemoryGivesThePixelsOfTheFile()
    {
        byte[] content = File.ReadAllBytes(TestPhotos.PathOf("cmyk.jpg"));

        Photo photo = PhotoDecoder.Decode(PhotoSource.FromMemory("a scan", content));

        Assert.Equal(TestPhotos.Decode("cmyk.jpg").Pixels, photo.Pixels);
    }

    [Theory]
    [InlineData("no such photo.jpg", PhotoFailure.NotFound)]
    [InlineData("no such folder/photo.jpg", PhotoFailure.NotFound)]
    [InlineData("empty.jpg", PhotoFailure.Empty)]
    [InlineData("text-named.jpg", PhotoFailure.NotAPhoto)]
    [InlineData("truncated.jpg", PhotoFailure.Truncated)]
    [InlineData("truncated-progressive.jpg", PhotoFailure.Truncated)]
    [InlineData("truncated-header.jpg", PhotoFailure.Truncated)]
    [InlineData("truncated.png", PhotoFailure.Truncated)]
    [InlineData("truncated.webp", PhotoFailure.Truncated)]
    [InlineData("huge.png", PhotoFailure.TooLarge)]
    public void BadPhotoIsOneSentenceWithItsName(string name, PhotoFailure failure)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Photos", name);

        PhotoException exception = Assert.Throws<PhotoException>(() => PhotoDecoder.Decode(PhotoSource.FromFile(path)));

        Assert.Equal(failure, exception.Failure);
        Assert.StartsWith($"'{path}' ", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ProgressiveJpegFailsWhereverItIsCutOff()
    {
        byte[] content = File.ReadAllBytes(TestPhotos.PathOf("progressive.jpg"));

        Assert.All(
            Enumerable.Range(4, content.Length - 4 - JpegStructure.End.Length),
            length => Assert.Equal(
                PhotoFailure.Truncated,
                Assert.Throws<PhotoException>(() => PhotoDecoder.Decode(PhotoSource.FromMemory("cut", content[..length]))).Failure));
    }

    [Fact]
    public void TruncatedJpegFailsAtReducedScaleToo() =>
        Assert.Equal(
            PhotoFailure.Truncated,
            Assert.Throws<PhotoException>(() => PhotoDecoder.Decode(TestPhotos.Source("truncated.jpg"), 16)).Failure);

    [Fact]
    public void DirectoryIsToldApart()
    {
        PhotoSource source = PhotoSource.FromFile(AppContext.BaseDirectory);

        Assert.Equal(PhotoFailure.IsDirectory, Assert.Throws<PhotoException>(() => PhotoDecoder.Decode(source)).Failure);
        Assert.Equal(PhotoFailure.IsDirectory, Assert.Throws<PhotoException>(() => PhotoDecoder.ReadSize(source)).Failure);
    }

    [Fact]
    public void TheSizeOfTextIsAnErrorOfTheSameKind() =>
        Assert.Equal(
            PhotoFailure.NotAPhoto,
            Assert.Throws<PhotoException>(() => PhotoDecoder.ReadSize(TestPhotos.Source("text-named.jpg"))).Failure);

    [Fact]
    public void SourceKnowsItsName()
    {
        PhotoSource file = TestPhotos.Source("china.jpg");
        PhotoSource memory = PhotoSource.FromMemory("a scan", [1]);

        Assert.Equal(("china.jpg", TestPhotos.PathOf("china.jpg")), (file.Name, file.Path));
        Assert.Equal(("a scan", null), (memory.Name, memory.Path));
    }
}
