using System.Security.Cryptography;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Photos;

/// <summary>Files of rare kinds: read as they should be, or refused for the true reason.</summary>
public class RareKindTests
{
    // Of the whole files: Pillow refuses these, where djpeg and browsers do not.
    [Theory]
    [InlineData("no-end.jpg", "94e087dacba07709")]
    [InlineData("half-end.jpg", "94e087dacba07709")]
    [InlineData("no-end-progressive.jpg", "94e087dacba07709")]
    [InlineData("no-end-grey.jpg", "c7c33e63ad50b7b5")]
    public void A_JPEG_without_its_end_but_with_all_its_pixels_is_read(string name, string fingerprint)
    {
        PhotoSource source = TestPhotos.Source(name);

        Assert.Equal(fingerprint, TestPhotos.Fingerprint(TestPhotos.Rgb(PhotoDecoder.Decode(source))));
        Assert.True(source.LacksEnd);
    }

    [Theory]
    [InlineData("no-end.jpg")]
    [InlineData("no-end-progressive.jpg")]
    [InlineData("no-end-grey.jpg")]
    public void One_that_lacks_the_least_of_its_pixels_is_cut_off(string name)
    {
        byte[] jpeg = File.ReadAllBytes(TestPhotos.PathOf(name));

        for (int missing = 2; missing < 40; missing++)
        {
            PhotoException error = Assert.Throws<PhotoException>(
                () => PhotoDecoder.Decode(PhotoSource.FromMemory("cut", jpeg[..^missing])));
            Assert.Equal(PhotoFailure.Truncated, error.Failure);
        }
    }

    [Fact]
    public void A_whole_JPEG_lacks_nothing()
    {
        PhotoSource source = TestPhotos.Source("china.jpg");
        PhotoDecoder.Decode(source);

        Assert.False(source.LacksEnd);
    }

    [Theory]
    [InlineData("gif-9-bit-codes.gif", "b9002d1c4f74cc31")]
    [InlineData("gif-11-bit-codes.gif", "b9002d1c4f74cc31")]
    [InlineData("gif-full-table.gif", "b9002d1c4f74cc31")]
    public void A_GIF_whose_codes_are_wider_than_its_colours_need_is_read(string name, string fingerprint) =>
        Assert.Equal(fingerprint, TestPhotos.Fingerprint(TestPhotos.Rgb(TestPhotos.Decode(name))));

    [Fact]
    public void Such_a_GIF_that_is_cut_off_is_an_error()
    {
        byte[] gif = File.ReadAllBytes(TestPhotos.PathOf("gif-full-table.gif"));

        for (int length = 800; length < gif.Length - 20; length += 97)
        {
            Assert.Throws<PhotoException>(() => PhotoDecoder.Decode(PhotoSource.FromMemory("cut", gif[..length])));
        }
    }

    [Theory]
    [InlineData("12-bit.jpg", "12 bits a colour")]
    [InlineData("lossless.jpg", "a lossless JPEG")]
    [InlineData("cgbi.png", "CgBI")]
    public void What_cannot_be_read_is_refused_for_the_true_reason(string name, string reason)
    {
        PhotoException error = Assert.Throws<PhotoException>(() => TestPhotos.Decode(name));

        Assert.Equal(PhotoFailure.UnknownKind, error.Failure);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("convert it", error.Message, StringComparison.Ordinal);
    }

    // Pillow: each frame as RGBA, alpha_composite over white.
    [Theory]
    [InlineData("animation.gif", "bb4c10f9e0d0eedd", "2d286754ce3cba69", "2ad4284e28114f71", "73309d70fb3b493f", "4a1ef123e0013854")]
    [InlineData("animation.webp", "0fc82d2bd2b5dcde", "0a823b4473597e82", "e7361a63c68b4b31", "148f18ea407f85fe", "4f9f3f09dea5677e")]
    [InlineData("animation-alpha.gif", "11e8cd6461557ca5", "a9380bd95b125ed1", "77186f218ecba0c1", "31c415c73f0897dd")]
    [InlineData("animation-alpha.webp", "4534bf57cbc2618a", "24b39a0f30b159f9", "a340805bf52744d4", "181d99f5095ea0be")]
    public void Frames_are_those_of_Pillow(string name, params string[] fingerprints)
    {
        PhotoSource source = TestPhotos.Source(name);

        Assert.Equal(fingerprints.Length, PhotoDecoder.CountFrames(source));
        Assert.Equal(fingerprints, Enumerable.Range(1, fingerprints.Length).Select(
            frame => TestPhotos.Fingerprint(TestPhotos.Rgb(PhotoDecoder.Decode(source.WithFrame(frame))))));
    }

    [Theory]
    [InlineData("animation.gif", 6)]
    [InlineData("animation.webp", 6)]
    [InlineData("china.jpg", 2)]
    [InlineData("rgba.png", 2)]
    public void A_frame_that_there_is_not_is_an_error(string name, int frame)
    {
        PhotoException error = Assert.Throws<PhotoException>(() => PhotoDecoder.Decode(TestPhotos.Source(name).WithFrame(frame)));

        Assert.Equal(PhotoFailure.NoSuchFrame, error.Failure);
        Assert.Contains($"no frame {frame}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frame_that_needs_more_work_than_its_pixels_allow_is_an_error()
    {
        PhotoSource source = TestPhotos.Source("animation.gif").WithMaxPixels(2400);

        Assert.Equal(60, PhotoDecoder.Decode(source.WithFrame(5)).Width);
        Assert.Equal(PhotoFailure.TooLarge, Assert.Throws<PhotoException>(() => PhotoDecoder.Decode(source.WithMaxPixels(2399))).Failure);
    }

    [Fact]
    public void Frames_of_a_file_are_photos_of_their_own()
    {
        PhotoSource source = TestPhotos.Source("animation.gif");

        PhotoIdentity first = source.Identify(), third = source.WithFrame(3).Identify();

        Assert.NotEqual(first, third);
        Assert.False(first.IsSamePhotoAs(third));
        Assert.Equal(third, PhotoSource.FromIdentity(third).Identify());
    }

    [Theory]
    [InlineData("profile.jpg")]
    [InlineData("profile.png")]
    [InlineData("profile.webp")]
    public void The_profile_of_RGB_pixels_is_found(string name) =>
        Assert.Equal("0f8fb935a97589e4", Convert.ToHexStringLower(SHA256.HashData(TestPhotos.Source(name).ReadProfile()!))[..16]);

    [Theory]
    [InlineData("profile-grey.jpg")]
    [InlineData("cmyk.jpg")]
    [InlineData("picture.bmp")]
    [InlineData("animation.gif")]
    public void A_profile_of_other_pixels_is_none(string name) => Assert.Null(TestPhotos.Source(name).ReadProfile());
}
