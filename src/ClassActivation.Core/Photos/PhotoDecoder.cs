using System.Runtime.InteropServices;
using ClassActivation.Photos.Formats;
using SkiaSharp;

namespace ClassActivation.Photos;

/// <summary>
/// Decodes JPEG, PNG, WebP, BMP, GIF (the first frame) and <see cref="FurtherFormats"/> into upright pixels. The content decides, not the file's
/// name. No colour management takes place: the pixels are the stored ones, as in Pillow and hence in Keras. The EXIF
/// orientation is read from JPEG and WebP; Skia does not read the rare one of PNG.
/// </summary>
public static class PhotoDecoder
{
    // What the bytes of a pixel may be, and what descriptions, profiles and further frames may take besides.
    private const int LargestPixel = 8;
    private const int LargestRest = 256 * 1024 * 1024;

    // Photos from cameras and programs come in 10 scans or so.
    private const int UsualScans = 16;

    /// <summary>Decodes a photo, turned upright by its EXIF orientation, transparency over white.</summary>
    /// <param name="source">The photo.</param>
    /// <param name="shorterSideAtLeast">
    /// Where given, a JPEG is decoded at the smallest of the scales 1/8 … 8/8 whose shorter side is still this long,
    /// which is several times faster for large photos. Other formats, and smaller photos, are decoded in full.
    /// </param>
    /// <param name="longerSideAtLeast">The same for the longer side; with both given, both hold.</param>
    /// <exception cref="PhotoException">The photo cannot be read or decoded; a truncated one counts as such.</exception>
    /// <exception cref="OutOfMemoryException">There is not enough memory for it.</exception>
    public static unsafe Photo Decode(PhotoSource source, int? shorterSideAtLeast = null, int? longerSideAtLeast = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (FurtherFormats.TryDecode(source) is { } further)
        {
            return further;
        }

        using SKData data = ReadAll(source);
        using SKCodec codec = ReadHeader(data, source);
        SKSizeI size = codec.Info.Size;
        PhotoLimits.CheckSize(size.Width, size.Height, source);
        bool hasManyScans = false;
        if (codec.EncodedFormat == SKEncodedImageFormat.Jpeg)
        {
            JpegStructure structure = JpegStructure.Read(Bytes(data));
            CheckScans(structure, size, source);
            hasManyScans = structure.IsProgressive || structure.ScanCount > 1;
            if ((shorterSideAtLeast ?? longerSideAtLeast) is not null)
            {
                size = SmallestScale(codec, shorterSideAtLeast ?? 1, longerSideAtLeast ?? 1);
            }
        }

        bool opaque = codec.Info.AlphaType == SKAlphaType.Opaque;
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
        var pixels = PixelBuffer.Rent(info.BytesSize);
        if (hasManyScans)
        {
            JpegMemory.CheckCoefficients(Bytes(data));
        }

        SKEncodedOrigin origin = codec.EncodedOrigin;
        fixed (byte* upright = pixels.Span)
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
            Transparency.CompositeOverWhite(pixels.Span);
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
        if (FurtherFormats.TryReadSize(source) is { } further)
        {
            return further;
        }

        using SKData data = ReadAll(source);
        using SKCodec codec = ReadHeader(data, source);
        return Orientation.UprightSize(codec.Info.Width, codec.Info.Height, codec.EncodedOrigin);
    }

    /// <summary>Whether a file is of a format that can be read, by its first bytes; the stream stays where it is.</summary>
    internal static bool IsSupported(Stream stream)
    {
        Span<byte> start = stackalloc byte[PictureFormats.StartLength];
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position -= read;
        return IsUsual(start[..read]) || FurtherFormats.IsRead(start[..read]);
    }

    /// <summary>Whether a file is of a format that Skia reads, by its first bytes.</summary>
    internal static bool IsUsual(ReadOnlySpan<byte> start) =>
        start.StartsWith(JpegStructure.Start) || start.StartsWith(PngStructure.Start) || start.StartsWith("GIF8"u8) || start.StartsWith("BM"u8)
        || (start.StartsWith("RIFF"u8) && (start.Length < 12 || start.Slice(8, 4).SequenceEqual("WEBP"u8)));

    private static SKCodec ReadHeader(SKData data, PhotoSource source)
    {
        Span<byte> content = Bytes(data);
        int length = content.StartsWith(PngStructure.Start) ? PngStructure.KeepPixels(content) : content.Length;
        // Neither this nor a subset keeps the bytes alive: the caller holds the data until the codec is gone.
        using SKData needed = SKData.Create(data.Data, length);
        return ReadHeader(new SKMemoryStream(needed), source);
    }

    private static SKCodec ReadHeader(SKStream stream, PhotoSource source) =>
        SKCodec.Create(stream, out SKCodecResult result)
        ?? throw (result == SKCodecResult.IncompleteInput ? CutOff(source) : Damaged(source));

    // Of a large file the header comes first: what is no photo, or too large a one, is refused without reading all of it.
    private static SKData ReadAll(PhotoSource source)
    {
        using Stream stream = source.Open();
        CheckStart(stream, source);
        if (stream.Length > LargestRest)
        {
            SKSizeI size = SizeInHeader(stream, source);
            PhotoLimits.CheckSize(size.Width, size.Height, source);
            if (stream.Length > Math.Min(LargestRest + (long)LargestPixel * size.Width * size.Height, int.MaxValue))
            {
                throw source.Failed(
                    PhotoFailure.TooLarge, $"has {stream.Length:N0} bytes, which is too much for a picture of {size.Width}×{size.Height} pixels; save it anew");
            }
        }

        return source.ReadAll(stream);
    }

    // The decoder knows more formats than these. Some have no mark of their own, so that any file might pass for them.
    private static void CheckStart(Stream stream, PhotoSource source)
    {
        ReadOnlySpan<byte> start = source.ReadStart(stream, 12);
        if (!IsUsual(start))
        {
            throw source.Failed(PhotoFailure.NotAPhoto, "is not a picture in a supported format; give a JPEG, PNG, WebP, BMP, GIF or TIFF file");
        }
    }

    private static SKSizeI SizeInHeader(Stream stream, PhotoSource source)
    {
        ReadOnlySpan<byte> start = source.ReadStart(stream, PngStructure.HeaderLength);
        if (start.StartsWith(PngStructure.Start))
        {
            (int width, int height) = PngStructure.ReadSize(start);
            return new SKSizeI(width, height);
        }

        using Stream header = source.Open();
        using SKCodec codec = ReadHeader(new SKManagedStream(header), source);
        return codec.Info.Size;
    }

    private static void CheckScans(JpegStructure structure, SKSizeI size, PhotoSource source)
    {
        if ((double)structure.ScanCount * size.Width * size.Height > (double)UsualScans * source.MaxPixels)
        {
            throw source.Failed(
                PhotoFailure.TooLarge,
                $"has {size.Width}×{size.Height} pixels in {structure.ScanCount:N0} scans, more work than -MaxPixels {source.MaxPixels:N0} allows; save it anew, or raise -MaxPixels where you trust it");
        }

        // The decoder fills missing scans in silence. In other files it notices when pixels are missing.
        if (structure is { IsProgressive: true, HasEnd: false })
        {
            throw CutOff(source);
        }
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
                throw Damaged(source);
        }
    }

    private static PhotoException Damaged(PhotoSource source) =>
        source.Failed(PhotoFailure.Damaged, "is damaged and cannot be decoded; get another copy of it");

    private static PhotoException CutOff(PhotoSource source) =>
        source.Failed(PhotoFailure.Truncated, "is cut off before the picture ends; get a complete copy of it");

    private static unsafe Span<byte> Bytes(SKData data) => new((void*)data.Data, (int)data.Size);
}
