using ClassActivation.Photos;
using SkiaSharp;

namespace ClassActivation.Drawing;

/// <summary>A format in which pictures are written.</summary>
public enum PictureFormat
{
    /// <summary>JPEG, colour at half resolution (4:2:0).</summary>
    Jpeg,

    /// <summary>PNG, without loss.</summary>
    Png,

    /// <summary>WebP.</summary>
    Webp,
}

/// <summary>Writes pictures.</summary>
public static class PhotoEncoder
{
    /// <summary>The quality where none is asked for.</summary>
    public const int DefaultQuality = 90;

    /// <summary>The longest side in pixels that a format can hold.</summary>
    /// <param name="format">The format.</param>
    public static int LongestSide(PictureFormat format) => format switch
    {
        PictureFormat.Jpeg => 65_500,
        PictureFormat.Png => 1_000_000,
        PictureFormat.Webp => 16_383,
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>The file name extension of a format, without the dot.</summary>
    internal static string Extension(this PictureFormat format) => format switch
    {
        PictureFormat.Jpeg => "jpg",
        PictureFormat.Png => "png",
        _ => "webp",
    };

    /// <summary>Encodes a picture.</summary>
    /// <param name="photo">The picture.</param>
    /// <param name="format">The format.</param>
    /// <param name="quality">0 to 100; without meaning for PNG, which loses nothing.</param>
    /// <param name="stream">Where the bytes go; not closed.</param>
    /// <exception cref="InvalidOperationException">The format cannot hold a picture of this size.</exception>
    public static unsafe void Encode(Photo photo, PictureFormat format, int quality, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfNegative(quality);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        var info = new SKImageInfo(photo.Width, photo.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var encoded = new SKDynamicMemoryWStream();
        bool done;
        fixed (byte* pixels = photo.Bytes)
        {
            using var pixmap = new SKPixmap(info, (nint)pixels);
            done = format switch
            {
                PictureFormat.Jpeg => pixmap.Encode(encoded, new SKJpegEncoderOptions(quality)),

                // Skia's own choice (all filters, level 6) takes over five times as long for a tenth fewer bytes.
                PictureFormat.Png => pixmap.Encode(encoded, new SKPngEncoderOptions(SKPngEncoderFilterFlags.Avg, 1)),
                PictureFormat.Webp => pixmap.Encode(encoded, new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossy, quality)),
                _ => throw new ArgumentOutOfRangeException(nameof(format)),
            };
        }

        if (!done)
        {
            throw new InvalidOperationException(
                $"A picture of {photo.Width}×{photo.Height} cannot be written as {format}; make it smaller or use another format.");
        }

        using SKData data = encoded.DetachAsData();
        stream.Write(data.AsSpan());
    }
}
