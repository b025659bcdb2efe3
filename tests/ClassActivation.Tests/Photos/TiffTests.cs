using System.Globalization;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Photos;

/// <summary>TIFF files, against the fingerprints of Pillow's pixels that make_tiffs.py wrote.</summary>
public class TiffTests
{
    private static readonly string[] Refused = ["cmyk.tif", "jpeg.tif", "tiled.tif"];

    private static string Folder => Path.GetDirectoryName(TestPhotos.PathOf(Path.Combine("tiff", "pillow.tsv")))!;

    public static TheoryData<string, int, int, string> Pillow()
    {
        var data = new TheoryData<string, int, int, string>();
        foreach (string[] fields in File.ReadAllLines(Path.Combine(Folder, "pillow.tsv")).Select(static line => line.Split('\t')))
        {
            if (!Refused.Contains(fields[0]))
            {
                data.Add(
                    fields[0],
                    int.Parse(fields[1], CultureInfo.InvariantCulture),
                    int.Parse(fields[2], CultureInfo.InvariantCulture),
                    fields[3]);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Pillow))]
    public void Pixels_are_those_of_Pillow(string name, int width, int height, string fingerprint)
    {
        PhotoSource source = Source(name);
        Photo photo = PhotoDecoder.Decode(source);

        Assert.Equal((width, height), (photo.Width, photo.Height));
        Assert.Equal((width, height), PhotoDecoder.ReadSize(source));
        Assert.Equal(fingerprint, TestPhotos.Fingerprint(TestPhotos.Rgb(photo)));
    }

    [Fact]
    public void Each_page_is_that_of_Pillow_and_no_other()
    {
        foreach (string[] fields in File.ReadAllLines(Path.Combine(Folder, "pillow-pages.tsv")).Select(static line => line.Split('\t')))
        {
            int page = int.Parse(fields[1], CultureInfo.InvariantCulture), count = int.Parse(fields[2], CultureInfo.InvariantCulture);
            PhotoSource source = Source(fields[0]).WithFrame(page);
            Photo photo = PhotoDecoder.Decode(source);

            Assert.Equal($"{fields[3]}×{fields[4]}", $"{photo.Width}×{photo.Height}");
            Assert.Equal((photo.Width, photo.Height), PhotoDecoder.ReadSize(source));
            Assert.Equal(fields[5], TestPhotos.Fingerprint(TestPhotos.Rgb(photo)));
            Assert.Equal(count, PhotoDecoder.CountFrames(Source(fields[0])));
            Assert.Equal(
                PhotoFailure.NoSuchFrame,
                Assert.Throws<PhotoException>(() => PhotoDecoder.Decode(Source(fields[0]).WithFrame(count + 1))).Failure);
        }
    }

    [Theory]
    [InlineData("circle.tif")]
    [InlineData("rgb-bigtiff.tif")]
    [InlineData("rgb-bigtiff-motorola.tif")]
    public void A_file_has_the_pages_that_its_chain_of_directories_has(string name)
    {
        Assert.Equal(1, PhotoDecoder.CountFrames(Source(name)));
        PhotoException e = Assert.Throws<PhotoException>(() => PhotoDecoder.Decode(Source(name).WithFrame(2)));
        Assert.Equal($"'{Path.Combine(Folder, name)}' has one frame and no frame 2.", e.Message);
    }

    // Pillow makes white of all above 255. The stored value is (257 · grey + 77 · i) mod 65,536 for the pixel i.
    [Fact]
    public void Grey_of_16_bits_keeps_its_high_byte()
    {
        Photo grey = PhotoDecoder.Decode(Source("grey-raw.tif")), deep = PhotoDecoder.Decode(Source("grey-16.tif"));

        Assert.All(
            Enumerable.Range(0, grey.Width * grey.Height),
            i => Assert.Equal((257 * grey.Pixels[4 * i] + 77 * i) % 65536 / 256, deep.Pixels[4 * i]));
    }

    // The colours were multiplied by alpha and cut off to whole numbers, which loses up to a level over white.
    [Fact]
    public void Alpha_that_colours_are_multiplied_by_gives_the_same_picture()
    {
        Photo straight = PhotoDecoder.Decode(Source("alpha.tif")), associated = PhotoDecoder.Decode(Source("alpha-associated.tif"));

        Assert.InRange(TestPhotos.LargestDifference(straight, associated), 0, 2);
    }

    [Theory]
    [InlineData("cmyk.tif", "is a TIFF in CMYK colours,")]
    [InlineData("jpeg.tif", "is a TIFF")]
    [InlineData("tiled.tif", "is a tiled TIFF,")]
    [InlineData("float.tif", "is a TIFF of signed or floating-point numbers,")]
    public void What_is_not_read_is_named_with_what_to_do(string name, string what)
    {
        PhotoException e = Assert.Throws<PhotoException>(() => PhotoDecoder.Decode(Source(name)));

        Assert.Equal(PhotoFailure.OtherFormat, e.Failure);
        Assert.StartsWith($"'{Path.Combine(Folder, name)}' {what}", e.Message);
        Assert.EndsWith(
            "which is read where the module ClassActivation.Formats is installed; run Install-PSResource ClassActivation.Formats, or"
            + $" convert it with: magick '{name}' '{name}.png'.",
            e.Message);
    }

    [Fact]
    public void A_file_that_is_cut_off_anywhere_is_refused()
    {
        byte[] whole = File.ReadAllBytes(Path.Combine(Folder, "strips.tif"));
        for (int length = 4; length < whole.Length - 8; length += 7)
        {
            var source = PhotoSource.FromMemory("cut", whole[..length]);

            PhotoException e = Assert.Throws<PhotoException>(() => PhotoDecoder.Decode(source));

            Assert.True(e.Failure is PhotoFailure.Truncated, $"{length}: {e.Message}");
        }
    }

    [Fact]
    public void The_limit_of_pixels_is_kept_before_anything_is_decoded()
    {
        PhotoSource source = Source("rgb-raw.tif").WithMaxPixels(23 * 17 - 1);

        Assert.Equal(PhotoFailure.TooLarge, Assert.Throws<PhotoException>(() => PhotoDecoder.Decode(source)).Failure);
        Assert.Equal(23, PhotoDecoder.Decode(source.WithMaxPixels(23 * 17)).Width);
    }

    private static PhotoSource Source(string name) => PhotoSource.FromFile(Path.Combine(Folder, name));
}
