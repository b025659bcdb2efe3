using System.Text;
using ClassActivation.Photos.Containers;
using SkiaSharp;

namespace ClassActivation.Tests.Photos;

public sealed class PictureContainersTests
{
    private static readonly byte[] Xmp = Encoding.UTF8.GetBytes("<x:xmpmeta xmlns:x='adobe:ns:meta/'>größer</x:xmpmeta>");

    private static readonly byte[] OtherXmp = Encoding.UTF8.GetBytes("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>");

    // Longer than one segment of a JPEG holds, and odd.
    private static readonly byte[] Icc = [.. Enumerable.Range(0, 150_001).Select(static i => (byte)(i * 7919 >> 3))];

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg, 100)]
    [InlineData(SKEncodedImageFormat.Png, 100)]
    [InlineData(SKEncodedImageFormat.Webp, 80)]
    [InlineData(SKEncodedImageFormat.Webp, 100)]
    public void Metadata_comes_back_and_the_pixels_stay(SKEncodedImageFormat format, int quality)
    {
        byte[] plain = Encoded(format, quality);
        byte[] written = PictureContainers.With(plain, Xmp, Icc);
        PictureMetadata read = PictureContainers.Read(written);
        Assert.Equal(Xmp, read.Xmp);
        Assert.Equal(Icc, read.Icc);
        Assert.Null(read.Exif);
        Assert.Equal(Pixels(plain), Pixels(written));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void What_is_written_again_is_replaced_and_what_is_not_stays(SKEncodedImageFormat format)
    {
        byte[] plain = Encoded(format, 90);
        byte[] both = PictureContainers.With(plain, OtherXmp, Icc);
        byte[] written = PictureContainers.With(both, Xmp);
        PictureMetadata read = PictureContainers.Read(written);
        Assert.Equal(Xmp, read.Xmp);
        Assert.Equal(Icc, read.Icc);
        Assert.Equal(Pixels(plain), Pixels(written));
        Assert.Equal(PictureContainers.With(PictureContainers.With(plain, Xmp), icc: Icc).Length, written.Length);
    }

    [Fact]
    public void Exif_is_read_from_its_first_byte_on()
    {
        byte[] tiff = [.. "II*\0"u8, 8, 0, 0, 0, 0, 0];
        byte[] jpeg = Encoded(SKEncodedImageFormat.Jpeg, 90);
        byte[] segment = [0xFF, 0xE1, 0, (byte)(2 + 6 + tiff.Length), .. "Exif\0\0"u8, .. tiff];
        byte[] withExif = [.. jpeg[..2], .. segment, .. jpeg[2..]];
        Assert.Equal(tiff, PictureContainers.Read(withExif).Exif);
        PictureMetadata read = PictureContainers.Read(PictureContainers.With(withExif, Xmp, Icc));
        Assert.Equal(tiff, read.Exif);
        Assert.Equal(Xmp, read.Xmp);
        Assert.Equal(Icc, read.Icc);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Any_cut_and_any_changed_byte_is_read_without_an_exception(SKEncodedImageFormat format)
    {
        byte[] whole = PictureContainers.With(Encoded(format, 90), Xmp, Icc[..300]);
        for (int length = 0; length < whole.Length; length++)
        {
            PictureContainers.Read(whole.AsSpan(0, length));
            byte kept = whole[length];
            foreach (byte other in (byte[])[0, 0x7F, 0xFF])
            {
                whole[length] = other;
                PictureContainers.Read(whole);
            }

            whole[length] = kept;
        }
    }

    [Fact]
    public void A_small_text_that_unpacks_to_much_is_not_read()
    {
        using var packed = new MemoryStream();
        using (var deflater = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionLevel.SmallestSize, leaveOpen: true))
        {
            deflater.Write(new byte[PictureMetadata.LongestProfile + 1]);
        }

        byte[] content = [.. "a\0\0"u8, .. packed.ToArray()];
        byte[] png = Encoded(SKEncodedImageFormat.Png, 100);
        byte[] length = [(byte)(content.Length >> 24), (byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length];
        byte[] bomb = [.. png[..33], .. length, .. "iCCP"u8, .. content, 0, 0, 0, 0, .. png[33..]];
        Assert.Null(PictureContainers.Read(bomb).Icc);
    }

    private static byte[] Encoded(SKEncodedImageFormat format, int quality)
    {
        using var bitmap = new SKBitmap(23, 17);
        for (int i = 0; i < 23 * 17; i++)
        {
            bitmap.SetPixel(i % 23, i / 23, new SKColor((byte)(i * 11), (byte)(i * 5), (byte)(255 - i % 256)));
        }

        using SKData data = bitmap.Encode(format, quality);
        return data.ToArray();
    }

    private static byte[] Pixels(byte[] picture)
    {
        using var data = SKData.CreateCopy(picture);
        using SKCodec codec = SKCodec.Create(data);
        using SKBitmap bitmap = SKBitmap.Decode(codec, new SKImageInfo(23, 17, SKColorType.Rgba8888));
        return bitmap.Bytes;
    }
}
