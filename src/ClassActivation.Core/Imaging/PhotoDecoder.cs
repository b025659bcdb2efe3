using System.Runtime.InteropServices;
using SkiaSharp;

namespace ClassActivation.Imaging;

/// <summary>
/// Decodes JPEG, PNG, WebP, BMP and GIF (the first frame) into upright pixels. The content decides, not the file's
/// name. No colour management takes place: the pixels are the stored ones, as in Pillow and hence in Keras. The EXIF
/// orientation is read from JPEG and WebP; Skia does not read the rare one of PNG.
/// </summary>
public static class PhotoDecoder
{
    private static ReadOnlySpan<byte> PngStart => [0x89, (byte)'P', (byte)'N', (byte)'G'];

    /// <summary>Decodes a photo, turned upright by its EXIF orientation, transparency over white.</summary>
    /// <param name="source">The photo.</param>
    /// <param name="shorterSideAtLeast">
    /// Where given, a JPEG is decoded at the smallest of the scales 1/8 … 8/8 whose shorter side is still this long,
    /// which is several times faster for large photos. Other formats, and smaller photos, are decoded in full.
    /// </param>
    /// <param name="longerSideAtLeast">The same for the longer side; with both given, both hold.</param>
    /// <exception cref="PhotoException">The photo cannot be read or decoded; a truncated one counts as such.</exception>
    public static unsafe Photo Decode(PhotoSource source, int? shorterSideAtLeast = null, int? longerSideAtLeast = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        using SKData data = source.ReadAll();
        using SKCodec codec = SKCodec.Create(data) ?? throw NotDecodable(source, Bytes(data));
        SKSizeI size = codec.Info.Size;
        if (codec.EncodedFormat == SKEncodedImageFormat.Jpeg && (shorterSideAtLeast ?? longerSideAtLeast) is not null)
        {
            size = SmallestScale(codec, shorterSideAtLeast ?? 1, longerSideAtLeast ?? 1);
        }

        if (4L * size.Width * size.Height > Array.MaxLength)
        {
            throw source.Failed(PhotoFailure.TooLarge, $"is too large with its {size.Width}×{size.Height} pixels; give a smaller copy of it");
        }

        // Skia fills the missing scans of a progressive JPEG in silence.
        if (codec.EncodedFormat == SKEncodedImageFormat.Jpeg && JpegStructure.IsProgressiveWithoutEnd(Bytes(data)))
        {
            throw CutOff(source);
        }

        bool opaque = codec.Info.AlphaType == SKAlphaType.Opaque;
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
        byte[] pixels = PixelPool.Rent(info.BytesSize);
        SKEncodedOrigin origin = codec.EncodedOrigin;
        fixed (byte* upright = pixels)
        {
            if (origin == SKEncodedOrigin.TopLeft)
            {
                GetPixels(codec, info, upright, source);
            }
            else
            {
                byte* stored = (byte*)NativeMemory.Alloc((nuint)info.BytesSize);
                try
                {
                    GetPixels(codec, info, stored, source);
                    Orientation.TurnUpright((uint*)stored, size.Width, size.Height, origin, (uint*)upright);
                }
                finally
                {
                    NativeMemory.Free(stored);
                }
            }
        }

        if (!opaque)
        {
            CompositeOverWhite(pixels);
        }

        (int width, int height) = Orientation.UprightSize(size.Width, size.Height, origin);
        (int fullWidth, int fullHeight) = Orientation.UprightSize(codec.Info.Width, codec.Info.Height, origin);
        return new Photo(width, height, pixels, fullWidth, fullHeight);
    }

    /// <summary>Reads a photo's upright width and height without decoding its pixels.</summary>
    /// <param name="source">The photo.</param>
    /// <exception cref="PhotoException">The photo cannot be read or its header is not that of a picture.</exception>
    public static (int Width, int Height) ReadUprightSize(PhotoSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        using Stream stream = source.Open();
        using SKCodec? codec = SKCodec.Create(stream, out _);
        if (codec is null)
        {
            using SKData data = source.ReadAll();
            throw NotDecodable(source, Bytes(data));
        }

        return Orientation.UprightSize(codec.Info.Width, codec.Info.Height, codec.EncodedOrigin);
    }

    private static SKSizeI SmallestScale(SKCodec codec, int shorterSideAtLeast, int longerSideAtLeast)
    {
        for (int eighths = 1; eighths < 8; eighths++)
        {
            SKSizeI size = codec.GetScaledDimensions(eighths / 8f);
            if (Math.Min(size.Width, size.Height) >= shorterSideAtLeast && Math.Max(size.Width, size.Height) >= longerSideAtLeast)
            {
                return size;
            }
        }

        return codec.Info.Size;
    }

    private static unsafe void GetPixels(SKCodec codec, SKImageInfo info, byte* pixels, PhotoSource source)
    {
        switch (codec.GetPixels(info, (nint)pixels))
        {
            case SKCodecResult.Success:
                return;
            case SKCodecResult.IncompleteInput:
                throw CutOff(source);
            default:
                throw source.Failed(PhotoFailure.Damaged, "is damaged and cannot be decoded; get another copy of it");
        }
    }

    private static PhotoException CutOff(PhotoSource source) =>
        source.Failed(PhotoFailure.Truncated, "is cut off before the picture ends; get a complete copy of it");

    // Skia reports any content without a complete header as incomplete, text too; the first bytes tell them apart.
    private static PhotoException NotDecodable(PhotoSource source, ReadOnlySpan<byte> content) =>
        content.StartsWith(PngStart) || content.StartsWith("RIFF"u8) || content.StartsWith("GIF8"u8) || content.StartsWith(JpegStructure.Start)
            ? CutOff(source)
            : source.Failed(PhotoFailure.NotAPhoto, "is not a picture in a supported format; give a JPEG, PNG, WebP, BMP or GIF file");

    private static unsafe ReadOnlySpan<byte> Bytes(SKData data) => new((void*)data.Data, (int)data.Size);

    private static void CompositeOverWhite(byte[] pixels)
    {
        for (int i = 0; i < pixels.Length; i += 4)
        {
            int alpha = pixels[i + 3];
            if (alpha == 255)
            {
                continue;
            }

            int white = (255 - alpha) * 255 + 127;
            pixels[i] = (byte)((pixels[i] * alpha + white) / 255);
            pixels[i + 1] = (byte)((pixels[i + 1] * alpha + white) / 255);
            pixels[i + 2] = (byte)((pixels[i + 2] * alpha + white) / 255);
            pixels[i + 3] = 255;
        }
    }
}
