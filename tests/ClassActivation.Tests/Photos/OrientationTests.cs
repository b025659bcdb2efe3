using ClassActivation.Photos;

namespace ClassActivation.Tests.Photos;

/// <summary>
/// The orientation that files state, in every place where programs write it. The pixels are Pillow's after
/// ImageOps.exif_transpose.
/// </summary>
public class OrientationTests
{
    [Theory]
    [InlineData("exif-prefix-8.webp", 60, 40, "ceffde3858b9956a")]
    [InlineData("exif-long-6.webp", 60, 40, "77c4942b2744face")]
    [InlineData("exif-2.png", 40, 60, "132e29eaf22c7b37")]
    [InlineData("exif-5.png", 60, 40, "dc3d5649e50546f6")]
    [InlineData("exif-long-6.png", 60, 40, "77c4942b2744face")]
    [InlineData("exif-behind-6.png", 60, 40, "77c4942b2744face")]
    [InlineData("exif-ztxt-6.png", 60, 40, "77c4942b2744face")]
    [InlineData("exif-text-6.png", 60, 40, "77c4942b2744face")]
    [InlineData("exif-itxt-6.png", 60, 40, "77c4942b2744face")]
    [InlineData("exif-plain-itxt-6.png", 60, 40, "77c4942b2744face")]
    [InlineData("xmp-6.png", 60, 40, "77c4942b2744face")]
    [InlineData("exif-long-6.jpg", 60, 40, "0e4f652947d3ae1d")]
    [InlineData("exif-long-mm-6.jpg", 60, 40, "0e4f652947d3ae1d")]
    [InlineData("exif-slong-8.jpg", 60, 40, "1cbb932d7aae3519")]
    public void A_photo_is_turned_as_Pillow_turns_it(string name, int width, int height, string fingerprint) =>
        AssertPixels(name, width, height, fingerprint);

    // Pillow refuses the file; libvips and sharp write the mark of a JPEG's segment before EXIF data of other formats.
    [Fact]
    public void The_mark_before_the_data_of_a_PNG_is_passed_over() => AssertPixels("exif-prefix-6.png", 60, 40, "77c4942b2744face");

    [Theory]
    [InlineData("exif-0.jpg")]
    [InlineData("exif-9.jpg")]
    [InlineData("exif-long-65542.jpg")]
    [InlineData("exif-byte-6.jpg")]
    [InlineData("exif-cut.jpg")]
    [InlineData("exif-cut-behind-6.jpg")]
    [InlineData("xmp-6.jpg")]
    public void What_is_no_orientation_turns_nothing(string name) => AssertPixels(name, 40, 60, "ea7e68f8e1654f9a");

    [Theory]
    [InlineData("exif-5.png", "c0cedb5089505591")]
    [InlineData("exif-ztxt-6.png", "c0cedb5089505591")]
    [InlineData("exif-prefix-8.webp", "c0cedb5089505591")]
    [InlineData("exif-long-6.jpg", "ea7e68f8e1654f9a")]
    public void As_stored_nothing_is_turned(string name, string fingerprint)
    {
        PhotoSource source = TestPhotos.Source(name).WithReading(PhotoReading.AsStored);

        Photo photo = PhotoDecoder.Decode(source);

        Assert.Equal((40, 60), (photo.Width, photo.Height));
        Assert.Equal((40, 60), PhotoDecoder.ReadSize(source));
        Assert.Equal(fingerprint, TestPhotos.Fingerprint(TestPhotos.Rgb(photo)));
    }

    // Pillow's convert("RGB"), which is what load_img of Keras does.
    [Theory]
    [InlineData("rgba.png", "77c4942b2744face")]
    [InlineData("rgba.webp", "77c4942b2744face")]
    [InlineData("grey-alpha.png", "dde4d8652562b2db")]
    [InlineData("colour-key.png", "77c4942b2744face")]
    [InlineData("palette-alpha.gif", "3c3d82679d862038")]
    public void As_stored_transparent_pixels_have_the_colour_that_is_stored_for_them(string name, string fingerprint)
    {
        Photo photo = PhotoDecoder.Decode(TestPhotos.Source(name).WithReading(PhotoReading.AsStored));

        Assert.Equal(fingerprint, TestPhotos.Fingerprint(TestPhotos.Rgb(photo)));
        Assert.NotEqual(fingerprint, TestPhotos.Fingerprint(TestPhotos.Rgb(TestPhotos.Decode(name))));
        Assert.All(Enumerable.Range(0, photo.Width * photo.Height), i => Assert.Equal(255, photo.Pixels[4 * i + 3]));
    }

    [Fact]
    public void A_text_that_unpacks_to_more_than_any_EXIF_data_is_passed_over_once()
    {
        byte[] png = File.ReadAllBytes(TestPhotos.PathOf("picture-plain.png"));
        byte[] bomb = HostilePhotoTests.Chunk(
            "zTXt", [.. "Raw profile type exif\0\0"u8, .. HostilePhotoTests.Compress(new byte[2 * 1024 * 1024])]);
        byte[] stuffed = [.. png[..33], .. Enumerable.Repeat(bomb, 30).SelectMany(static chunk => chunk), .. png[33..]];

        long before = GC.GetAllocatedBytesForCurrentThread();
        Photo photo = PhotoDecoder.Decode(PhotoSource.FromMemory("stuffed", stuffed));

        Assert.Equal(PhotoDecoder.Decode(PhotoSource.FromMemory("plain", png)).Pixels, photo.Pixels);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1024 * 1024);
    }

    private static void AssertPixels(string name, int width, int height, string fingerprint)
    {
        Photo photo = TestPhotos.Decode(name);

        Assert.Equal((width, height), (photo.Width, photo.Height));
        Assert.Equal((width, height), PhotoDecoder.ReadSize(TestPhotos.Source(name)));
        Assert.Equal(fingerprint, TestPhotos.Fingerprint(TestPhotos.Rgb(photo)));
    }
}
