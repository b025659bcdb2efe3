using ClassActivation.Photos;
using ClassActivation.Photos.Containers;

namespace ClassActivation.Tests.Photos;

/// <summary>Colours of photos with a profile, where pictures cannot carry it; the right ones are LittleCMS' (make_wide.py).</summary>
public sealed class SrgbColorsTests
{
    [Fact]
    public void Colours_of_wide_primaries_are_turned_as_by_LittleCMS()
    {
        PhotoSource source = TestPhotos.Source("wide.png");
        byte[] stored = TestPhotos.Rgb(PhotoDecoder.Decode(source));

        byte[] turned = TestPhotos.Rgb(SrgbColors.Of(PhotoDecoder.Decode(source), source));

        Assert.Equal([60, 80, 200], stored[..3]);
        Assert.All(
            TestPhotos.Rgb(TestPhotos.Decode("wide.srgb.png")).Zip(turned), static pair => Assert.InRange(pair.Second - pair.First, -1, 1));
    }

    [Theory]
    [InlineData("profile.png")] // of sRGB
    [InlineData("profile-grey.jpg")]
    [InlineData("wide.srgb.png")]
    [InlineData("picture.bmp")]
    public void Others_stay_as_they_are(string name)
    {
        Photo photo = TestPhotos.Decode(name);

        Assert.Same(photo, SrgbColors.Of(photo, TestPhotos.Source(name)));
    }

    // A profile is a stranger's: whatever stands in it, the photo comes out.
    [Fact]
    public void A_damaged_profile_is_none()
    {
        byte[] file = File.ReadAllBytes(TestPhotos.PathOf("wide.png"));
        byte[] profile = PhotoSource.FromMemory("wide", file).ReadProfile()!;
        for (int at = 36; at < profile.Length; at += 3)
        {
            byte[] damaged = [.. profile];
            damaged[at] ^= 0xFF;
            PhotoSource source = PhotoSource.FromMemory("damaged", PictureContainers.With(file, icc: damaged));

            Photo turned = SrgbColors.Of(PhotoDecoder.Decode(source), source);

            Assert.Equal((64, 48), (turned.Width, turned.Height));
        }
    }
}
