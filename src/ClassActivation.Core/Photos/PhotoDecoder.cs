using System.Runtime.InteropServices;
using ClassActivation.Photos.Containers;
using ClassActivation.Photos.Formats;
using SkiaSharp;

namespace ClassActivation.Photos;

/// <summary>
/// Decodes JPEG, PNG, WebP, BMP, GIF and <see cref="FurtherFormats"/>. The content decides, not the file's name. No colour management
/// takes place: the pixels are the stored ones, as in Pillow and hence in Keras. The orientation is read by one reader for all formats.
/// </summary>
public static class PhotoDecoder
{
    // What the bytes of a pixel may be, and what descriptions, profiles and further frames may take besides.
    private const int LargestPixel = 8;
    private const int LargestRest = 256 * 1024 * 1024;

    // Photos from cameras and programs come in 10 scans or so.
    private const int UsualScans = 16;

    // Bits that no two of the ends have in common for long, and no byte that begins a marker.
    private static readonly byte[][] PossibleEnds =
    [
        new byte[16],
        [.. Enumerable.Repeat((byte)0x55, 16)],
        [0xA7, 0x3C, 0x91, 0xE4, 0x5B, 0xD2, 0x68, 0x1F, 0xB9, 0x46, 0x0D, 0xF3, 0x72, 0xC8, 0x2E, 0x95],
    ];

    /// <summary>
    /// Decodes a photo as its source says that it is to be read: <see cref="PhotoSource.Reading"/>,
    /// <see cref="PhotoSource.Frame"/>.
    /// </summary>
    /// <param name="source">The photo.</param>
    /// <param name="shorterSideAtLeast">
    /// Where given, a JPEG is decoded at the smallest of the scales 1/8 … 8/8 whose shorter side is still this long,
    /// which is several times faster for large photos. Other formats, and smaller photos, are decoded in full.
    /// </param>
    /// <param name="longerSideAtLeast">The same for the longer side; with both given, both hold.</param>
    /// <exception cref="PhotoException">The photo cannot be read or decoded; a truncated one counts as such.</exception>
    /// <exception cref="OutOfMemoryException">There is not enough memory for it.</exception>
    public static Photo Decode(PhotoSource source, int? shorterSideAtLeast = null, int? longerSideAtLeast = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (FurtherFormats.TryDecode(source) is { } further)
        {
            return further;
        }

        using SKData data = ReadAll(source);
        SKEncodedOrigin origin = OriginOf(data, source);
        Span<byte> content = Bytes(data);
        if (content.StartsWith(JpegStructure.Start))
        {
            return DecodeJpeg(data, source, origin, shorterSideAtLeast, longerSideAtLeast);
        }

        if (source is { Reading: PhotoReading.AsStored, Frame: 1 } && content.StartsWith(GifStructure.Start))
        {
            GifStructure.ClearTransparency(content);
        }

        using SKCodec codec = ReadHeader(data, source);
        PhotoLimits.CheckSize(codec.Info.Size.Width, codec.Info.Size.Height, source);
        CheckFrame(codec, source);
        if (TryDecode(codec, codec.Info.Size, origin, source, out PixelBuffer pixels) is var result and not SKCodecResult.Success)
        {
            if (codec.EncodedFormat != SKEncodedImageFormat.Gif || DecodeRewritten(content, origin, source) is not { } rewritten)
            {
                throw Unreadable(result, source);
            }

            pixels = rewritten;
        }

        return ToPhoto(pixels, codec.Info.Size, codec.Info.Size, origin);
    }

    /// <summary>Reads the width and height that a decoded photo has, without decoding its pixels.</summary>
    /// <param name="source">The photo.</param>
    /// <exception cref="PhotoException">The photo cannot be read or its header is not that of a picture.</exception>
    public static (int Width, int Height) ReadSize(PhotoSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (FurtherFormats.TryReadSize(source) is { } further)
        {
            return further;
        }

        using SKData data = ReadAll(source);
        SKEncodedOrigin origin = OriginOf(data, source);
        using SKCodec codec = ReadHeader(data, source);
        return Orientation.UprightSize(codec.Info.Width, codec.Info.Height, origin);
    }

    /// <summary>How many pictures a file holds: 1 but for animated GIF and WebP files and TIFF files of several pages.</summary>
    /// <param name="source">The photo.</param>
    /// <exception cref="PhotoException">The photo cannot be read or its header is not that of a picture.</exception>
    public static int CountFrames(PhotoSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (FurtherFormats.TryCountFrames(source) is { } count)
        {
            return count;
        }

        using SKData data = ReadAll(source);
        using SKCodec codec = ReadHeader(data, source);
        PhotoLimits.CheckSize(codec.Info.Size.Width, codec.Info.Size.Height, source);
        return FrameCount(codec);
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
        start.StartsWith(JpegStructure.Start)
            || start.StartsWith(PngStructure.Start)
            || start.StartsWith("GIF8"u8)
            || start.StartsWith("BM"u8)
        || (start.StartsWith("RIFF"u8) && (start.Length < 12 || start.Slice(8, 4).SequenceEqual("WEBP"u8)));

    private static Photo DecodeJpeg(
        SKData data, PhotoSource source, SKEncodedOrigin origin, int? shorterSideAtLeast, int? longerSideAtLeast)
    {
        JpegStructure structure = JpegStructure.Read(Bytes(data));
        using SKCodec codec = ReadHeader(data, source);
        SKSizeI size = codec.Info.Size;
        PhotoLimits.CheckSize(size.Width, size.Height, source);
        CheckFrame(codec, source);
        CheckScans(structure, size, source);
        bool isReduced = (shorterSideAtLeast ?? longerSideAtLeast) is not null;
        size = isReduced ? SmallestScale(codec, shorterSideAtLeast ?? 1, longerSideAtLeast ?? 1) : size;
        if (structure.IsProgressive || structure.ScanCount > 1)
        {
            JpegMemory.CheckCoefficients(Bytes(data));
        }

        PixelBuffer pixels;
        if (structure.HasEnd)
        {
            SKCodecResult result = TryDecode(codec, size, origin, source, out pixels);
            if (result != SKCodecResult.Success)
            {
                throw Unreadable(structure, result, source);
            }
        }
        else
        {
            pixels = DecodeWithoutEnd(data, structure, size, origin, source);
            source.LacksEnd = true;
        }

        return ToPhoto(pixels, size, codec.Info.Size, origin);
    }

    /// <summary>
    /// Decodes a JPEG that ends without the marker for it. Its pixels are all there where they do not depend on what follows: the
    /// decoder is given several ends, and asks for more than these hold as soon as more than the last bits are missing.
    /// </summary>
    private static PixelBuffer DecodeWithoutEnd(
        SKData data, JpegStructure structure, SKSizeI size, SKEncodedOrigin origin, PhotoSource source)
    {
        // Of several scans the decoder wants the end itself, and with it makes up whole intervals that are missing.
        bool hasManyScans = structure.IsProgressive || structure.ScanCount > 1;
        if (!structure.HasAllScans || (hasManyScans && structure.HasRestarts))
        {
            throw Unreadable(structure, SKCodecResult.IncompleteInput, source);
        }

        ReadOnlySpan<byte> content = Bytes(data);
        content = content[^1] == 0xFF ? content[..^1] : content;
        PixelBuffer? first = null;
        foreach (byte[] bits in PossibleEnds)
        {
            using SKData whole = SKData.CreateCopy([.. content, .. bits, .. hasManyScans ? JpegStructure.End : []]);
            using SKCodec codec = ReadHeader(whole, source);
            bool isSame = TryDecode(codec, size, origin, source, out PixelBuffer pixels) == SKCodecResult.Success
                && (first is not { } other || other.Span.SequenceEqual(pixels.Span));
            if (!isSame)
            {
                first?.Return();
                throw Unreadable(structure, SKCodecResult.IncompleteInput, source);
            }

            if (first is not null)
            {
                pixels.Return();
            }

            first ??= pixels;
        }

        return first!.Value;
    }

    // The decoder does not know all ways in which other programs write the codes of a GIF.
    private static PixelBuffer? DecodeRewritten(ReadOnlySpan<byte> gif, SKEncodedOrigin origin, PhotoSource source)
    {
        if (GifStructure.WithPlainCodes(gif, source.Frame, (double)UsualScans * source.MaxPixels) is not { } plain)
        {
            return null;
        }

        using SKData data = SKData.CreateCopy(plain);
        using SKCodec codec = ReadHeader(data, source);
        return TryDecode(codec, codec.Info.Size, origin, source, out PixelBuffer pixels) == SKCodecResult.Success ? pixels : null;
    }

    // Skia reads the orientation of some formats only, and not as others do.
    private static SKEncodedOrigin OriginOf(SKData data, PhotoSource source) => source.Reading == PhotoReading.AsStored
        ? SKEncodedOrigin.TopLeft
        : (SKEncodedOrigin)PhotoOrientation.Of(Bytes(data));

    private static Photo ToPhoto(PixelBuffer pixels, SKSizeI size, SKSizeI fullSize, SKEncodedOrigin origin)
    {
        (int width, int height) = Orientation.UprightSize(size.Width, size.Height, origin);
        (int fullWidth, int fullHeight) = Orientation.UprightSize(fullSize.Width, fullSize.Height, origin);
        return new Photo(width, height, pixels, fullWidth, fullHeight);
    }

    private static SKCodec ReadHeader(SKData data, PhotoSource source)
    {
        Span<byte> content = Bytes(data);
        if (PngStructure.IsOfApp(content))
        {
            throw source.Failed(
                PhotoFailure.UnknownKind,
                "is a PNG in the form that Apple's tools put into apps (CgBI), which only Apple's programs read; convert it on a Mac"
                + " first, for example with sips -s format jpeg");
        }

        int length = content.StartsWith(PngStructure.Start) ? PngStructure.KeepPixels(content) : content.Length;
        // Neither this nor a subset keeps the bytes alive: the caller holds the data until the codec is gone.
        using SKData needed = SKData.Create(data.Data, length);
        return SKCodec.Create(new SKMemoryStream(needed), out SKCodecResult result)
            ?? throw (
                content.StartsWith(JpegStructure.Start)
                    ? Unreadable(JpegStructure.Read(content), result, source)
                    : Unreadable(result, source));
    }

    // The decoder calls what it does not know damaged, or waits for more of it.
    private static PhotoException Unreadable(JpegStructure structure, SKCodecResult result, PhotoSource source) =>
        structure.UnknownKind is not { } kind
        ? Unreadable(result, source)
        : source.Failed(
            PhotoFailure.UnknownKind,
            $"is {kind}, which browsers do not show either; convert it to a JPEG with 8 bits a colour or to a PNG first");

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
                    PhotoFailure.TooLarge,
                    $"has {stream.Length:N0} bytes, which is too much for a picture of {size.Width}×{size.Height} pixels; save it anew");
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
            throw source.Failed(
                PhotoFailure.NotAPhoto, "is not a picture in a supported format; give a JPEG, PNG, WebP, BMP, GIF or TIFF file");
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
        using SKCodec codec = SKCodec.Create(new SKManagedStream(header), out SKCodecResult result) ?? throw Unreadable(result, source);
        return codec.Info.Size;
    }

    private static void CheckScans(JpegStructure structure, SKSizeI size, PhotoSource source)
    {
        if ((double)structure.ScanCount * size.Width * size.Height > (double)UsualScans * source.MaxPixels)
        {
            throw source.Failed(
                PhotoFailure.TooLarge,
                $"has {size.Width}×{size.Height} pixels in {structure.ScanCount:N0} scans, more work than a limit of {source.MaxPixels:N0}"
                + " pixels allows; save it anew, or allow more where you trust it");
        }
    }

    private static void CheckFrame(SKCodec codec, PhotoSource source)
    {
        source.SetFrameCount(FrameCount(codec));

        // A frame may need all that come before it.
        if ((double)source.Frame * codec.Info.Width * codec.Info.Height > (double)UsualScans * source.MaxPixels)
        {
            throw source.Failed(
                PhotoFailure.TooLarge,
                $"has {codec.Info.Width}×{codec.Info.Height} pixels in each of {source.Frame:N0} frames up to the wanted one, more work"
                + $" than the {source.MaxPixels:N0} pixels that are allowed; allow more where you trust it");
        }
    }

    // A still picture has none to the decoder.
    private static int FrameCount(SKCodec codec) => Math.Max(1, codec.FrameCount);

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

    /// <summary>Decodes the pixels, upright and without transparency.</summary>
    private static unsafe SKCodecResult TryDecode(
        SKCodec codec, SKSizeI size, SKEncodedOrigin origin, PhotoSource source, out PixelBuffer pixels)
    {
        if (4L * size.Width * size.Height > Array.MaxLength)
        {
            throw source.Failed(
                PhotoFailure.TooLarge, $"is too large with its {size.Width}×{size.Height} pixels; give a smaller copy of it");
        }

        bool opaque = codec.Info.AlphaType == SKAlphaType.Opaque && source.Frame == 1;
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
        pixels = PixelBuffer.Rent(info.BytesSize);
        SKCodecResult result;
        fixed (byte* upright = pixels.Span)
        {
            if (origin == SKEncodedOrigin.TopLeft)
            {
                result = GetPixels(codec, info, upright, source);
            }
            else
            {
                byte* stored = (byte*)NativeMemory.Alloc((nuint)info.BytesSize);
                try
                {
                    result = GetPixels(codec, info, stored, source);
                    Orientation.TurnUpright((uint*)stored, size.Width, size.Height, origin, (uint*)upright);
                }
                finally
                {
                    NativeMemory.Free(stored);
                }
            }
        }

        if (result != SKCodecResult.Success)
        {
            pixels.Return();
            return result;
        }

        if (!opaque && source.Reading == PhotoReading.AsStored)
        {
            MakeOpaque(pixels.Span);
        }
        else if (!opaque)
        {
            Transparency.CompositeOverWhite(pixels.Span);
        }

        return result;
    }

    private static unsafe SKCodecResult GetPixels(SKCodec codec, SKImageInfo info, byte* pixels, PhotoSource source) =>
        source.Frame == 1 ? codec.GetPixels(info, (nint)pixels) : codec.GetPixels(info, (nint)pixels, new SKCodecOptions(source.Frame - 1));

    private static PhotoException Unreadable(SKCodecResult result, PhotoSource source) => result == SKCodecResult.IncompleteInput
        ? source.Failed(PhotoFailure.Truncated, "is cut off before the picture ends; get a complete copy of it")
        : source.Failed(PhotoFailure.Damaged, "is damaged and cannot be decoded; get another copy of it");

    private static unsafe Span<byte> Bytes(SKData data) => new((void*)data.Data, (int)data.Size);

    private static void MakeOpaque(Span<byte> pixels)
    {
        for (int i = 3; i < pixels.Length; i += 4)
        {
            pixels[i] = 255;
        }
    }
}
