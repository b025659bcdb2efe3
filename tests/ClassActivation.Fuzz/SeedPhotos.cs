using ClassActivation.Photos;
using SkiaSharp;

namespace ClassActivation.Fuzz;

/// <summary>A whole photo that damaged ones are made from.</summary>
/// <param name="Kind">Its format and variant.</param>
/// <param name="Extension">Its file name extension.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record SeedPhoto(string Kind, string Extension, byte[] Content);

/// <summary>
/// The whole photos: the samples, made anew in every format, small and large, and the tests' awkward photos for the
/// variants that no encoder at hand writes (progressive, CMYK and turned JPEG, GIF).
/// </summary>
internal static class SeedPhotos
{
    private static readonly (int Width, int Height)[] SmallSizes = [(48, 36), (17, 61), (8, 8), (97, 5), (1, 1)];

    /// <summary>The small ones, which most inputs are made from.</summary>
    public static IReadOnlyList<SeedPhoto> Small { get; } = [.. MakeSmall()];

    /// <summary>The large ones.</summary>
    public static IReadOnlyList<SeedPhoto> Large => LargeOnes.Value;

    // They take seconds to make, and short runs may not need them.
    private static readonly Lazy<IReadOnlyList<SeedPhoto>> LargeOnes = new(static () => [.. MakeLarge()]);

    private static IEnumerable<SeedPhoto> MakeSmall()
    {
        Photo[] samples = [.. Samples()];
        for (int i = 0; i < SmallSizes.Length; i++)
        {
            (int width, int height) = SmallSizes[i];
            foreach (SeedPhoto seed in Encode(Resampler.Resize(samples[i % samples.Length], width, height, Resampling.Bicubic)))
            {
                yield return seed;
            }
        }

        foreach (string path in Files("Photos").Where(static path => new FileInfo(path).Length > 0))
        {
            string extension = Path.GetExtension(path)[1..];
            yield return new SeedPhoto($"{extension} {Path.GetFileNameWithoutExtension(path)}", extension, File.ReadAllBytes(path));
        }
    }

    private static IEnumerable<SeedPhoto> MakeLarge()
    {
        Photo[] samples = [.. Samples()];
        foreach (SeedPhoto seed in samples.Skip(1).Take(1).SelectMany(Encode))
        {
            yield return seed;
        }

        foreach (SeedPhoto seed in EncodeJpeg(Resampler.Resize(samples[0], 2400, 1600, Resampling.Bilinear)))
        {
            yield return seed;
        }
    }

    private static IEnumerable<Photo> Samples() => Files("samples").Select(static path => PhotoDecoder.Decode(PhotoSource.FromFile(path)));

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, folder)).Order(StringComparer.Ordinal);

    private static IEnumerable<SeedPhoto> EncodeJpeg(Photo photo)
    {
        using SKBitmap color = ToBitmap(photo);
        using SKBitmap grey = color.Copy(SKColorType.Gray8);
        yield return new("jpeg", "jpg", Jpeg(color, SKJpegEncoderDownsample.Downsample420));
        yield return new("jpeg 4:2:2", "jpg", Jpeg(color, SKJpegEncoderDownsample.Downsample422));
        yield return new("jpeg 4:4:4", "jpg", Jpeg(color, SKJpegEncoderDownsample.Downsample444));
        yield return new("jpeg grey", "jpg", Jpeg(grey, SKJpegEncoderDownsample.Downsample420));
    }

    private static IEnumerable<SeedPhoto> Encode(Photo photo)
    {
        foreach (SeedPhoto jpeg in EncodeJpeg(photo))
        {
            yield return jpeg;
        }

        using SKBitmap color = ToBitmap(photo);
        using SKBitmap translucent = Translucent(photo);
        yield return new("webp lossy", "webp", Webp(color, SKWebpEncoderCompression.Lossy));
        yield return new("webp lossless", "webp", Webp(color, SKWebpEncoderCompression.Lossless));
        yield return new("webp alpha", "webp", Webp(translucent, SKWebpEncoderCompression.Lossy));
        yield return new("png", "png", Encode(color, SKEncodedImageFormat.Png));
        yield return new("png alpha", "png", Encode(translucent, SKEncodedImageFormat.Png));
        foreach (PngVariant variant in Enum.GetValues<PngVariant>())
        {
            yield return new($"png {variant}", "png", PngFile.Write(photo, variant));
        }

        yield return new("bmp", "bmp", PlainFormats.Bmp(photo, 24));
        yield return new("bmp 8-bit", "bmp", PlainFormats.Bmp(photo, 8));
        yield return new("bmp RLE", "bmp", PlainFormats.RunLengthBmp(photo));
        yield return new("gif", "gif", PlainFormats.Gif(photo));
        yield return new("ico", "ico", PlainFormats.Ico(photo));
        yield return new("wbmp", "wbmp", PlainFormats.Wbmp(photo));
    }

    private static byte[] Jpeg(SKBitmap bitmap, SKJpegEncoderDownsample downsample) => Encode(
        bitmap, (pixels, stream) => pixels.Encode(stream, new SKJpegEncoderOptions(85, downsample, SKJpegEncoderAlphaOption.Ignore)));

    private static byte[] Webp(SKBitmap bitmap, SKWebpEncoderCompression compression) => Encode(
        bitmap, (pixels, stream) => pixels.Encode(stream, new SKWebpEncoderOptions(compression, 70)));

    private static byte[] Encode(SKBitmap bitmap, SKEncodedImageFormat format) =>
        Encode(bitmap, (pixels, stream) => pixels.Encode(stream, format, 90));

    private static byte[] Encode(SKBitmap bitmap, Func<SKPixmap, Stream, bool> encode)
    {
        using SKPixmap pixels = bitmap.PeekPixels();
        using var encoded = new MemoryStream();
        return encode(pixels, encoded) ? encoded.ToArray() : throw new InvalidOperationException("A seed photo could not be encoded.");
    }

    private static SKBitmap ToBitmap(Photo photo)
    {
        var bitmap = new SKBitmap(new SKImageInfo(photo.Width, photo.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        photo.Pixels.CopyTo(bitmap.GetPixelSpan());
        return bitmap;
    }

    private static SKBitmap Translucent(Photo photo)
    {
        var bitmap = new SKBitmap(new SKImageInfo(photo.Width, photo.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        Span<byte> pixels = bitmap.GetPixelSpan();
        photo.Pixels.CopyTo(pixels);
        for (int i = 3; i < pixels.Length; i += 4)
        {
            pixels[i] = (byte)(i / 4 * 7);
        }

        return bitmap;
    }
}
