using System.Security.Cryptography;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Photos;

/// <summary>
/// The photos that the imaging tests read, and the fingerprints by which they compare pixels. The awkward ones in
/// Photos/ are small copies of samples/chelsea.png (CC0), written by Pillow 9.4 in every format and orientation.
/// </summary>
internal static class TestPhotos
{
    /// <summary>The path of an awkward photo of the tests or of one of the project's samples.</summary>
    public static string PathOf(string name)
    {
        string awkward = Path.Combine(AppContext.BaseDirectory, "Photos", name);
        return File.Exists(awkward) ? awkward : Path.Combine(AppContext.BaseDirectory, "samples", name);
    }

    public static PhotoSource Source(string name) => PhotoSource.FromFile(PathOf(name));

    public static Photo Decode(string name) => PhotoDecoder.Decode(Source(name));

    /// <summary>The path of a file of the reference data; the test is skipped where there is none.</summary>
    public static string Reference(string name) => Path.Combine(Locations.Reference(), name);

    public static byte[] Rgb(Photo photo)
    {
        var rgb = new byte[photo.Width * photo.Height * 3];
        for (int i = 0; i < photo.Width * photo.Height; i++)
        {
            photo.Pixels.AsSpan(4 * i, 3).CopyTo(rgb.AsSpan(3 * i));
        }

        return rgb;
    }

    /// <summary>The first 16 digits of the SHA-256 of packed RGB rows.</summary>
    public static string Fingerprint(ReadOnlySpan<byte> rgb) => Convert.ToHexStringLower(SHA256.HashData(rgb))[..16];

    public static byte[] Pixel(Photo photo, int x, int y) => photo.Pixels.AsSpan((y * photo.Width + x) * 4, 4).ToArray();

    public static int LargestDifference(Photo a, Photo b)
    {
        Assert.Equal((a.Width, a.Height), (b.Width, b.Height));
        return a.Pixels.Zip(b.Pixels, (x, y) => Math.Abs(x - y)).Max();
    }
}
