using System.Globalization;
using ClassActivation.Photos.Formats;
using SkiaSharp;

namespace ClassActivation.Photos;

/// <summary>
/// Photos of formats that Skia does not read as Pillow does: TIFF is read here, and further formats by the companion module
/// where it is installed. What nobody reads is refused by name.
/// </summary>
public static class FurtherFormats
{
    /// <summary>The name of the companion module.</summary>
    public const string CompanionName = "ClassActivation.Formats";

    // What the bytes of a pixel may be, and what descriptions, profiles and further pages may take besides.
    private const int LargestPixel = 8;
    private const int LargestRest = 256 * 1024 * 1024;

    /// <summary>
    /// Finds the companion module's reader each time that a photo needs it; gives null where that is not installed. May be set once
    /// by the program that uses the library.
    /// </summary>
    public static Func<IPictureReader?> FindCompanion { get; set; } = static () => null;

    /// <summary>Decodes a photo of a further format.</summary>
    /// <returns>The upright photo, transparency over white; null for a photo of another format.</returns>
    /// <exception cref="PhotoException">It is of a further format and cannot be read.</exception>
    internal static Photo? TryDecode(PhotoSource source)
    {
        if (Find(source) is not { } found)
        {
            return null;
        }

        try
        {
            DecodedPicture picture = found.Reader.Read(found.File);
            PhotoLimits.CheckSize(picture.Width, picture.Height, source);
            return Upright(picture);
        }
        catch (PictureReadException e)
        {
            throw Failed(e, source);
        }
    }

    /// <summary>Reads the upright size of a photo of a further format; null for a photo of another one.</summary>
    /// <exception cref="PhotoException">It is of a further format and cannot be read.</exception>
    internal static (int Width, int Height)? TryReadSize(PhotoSource source) => Find(source)?.Size;

    /// <summary>How many pictures a file of a further format holds; null for a photo of another one.</summary>
    /// <exception cref="PhotoException">It is of a further format and cannot be read.</exception>
    internal static int? TryCountFrames(PhotoSource source) => Find(source) is null ? null : source.FrameCount;

    /// <summary>Whether a file is of a further format that is read, by its first bytes.</summary>
    internal static bool IsRead(ReadOnlySpan<byte> start) => PictureFormats.Recognise(start) is { } format
        && (format.Support == FormatSupport.Tiff || (format.Support == FormatSupport.Companion && FindCompanion() is not null));

    // The size is held against the limits before there is memory for the pixels.
    private static Found? Find(PhotoSource source)
    {
        using Stream stream = source.Open();
        byte[] start = source.ReadStart(stream, PictureFormats.StartLength);
        if (PhotoDecoder.IsUsual(start) || PictureFormats.Recognise(start) is not { } format)
        {
            return null;
        }

        try
        {
            source.SetFrameCount(CountFrames(format, stream, source));
            IPictureReader reader = ReaderOf(format, stream, source);
            byte[] file = ReadAll(stream, source);
            file = source.Frame == 1 ? file : TiffStructure.BeginWith(source.Frame, file);
            (int width, int height) = reader.ReadSize(file);
            PhotoLimits.CheckSize(width, height, source);
            if (file.Length > LargestRest + (long)LargestPixel * width * height)
            {
                throw source.Failed(
                    PhotoFailure.TooLarge,
                    $"has {file.Length:N0} bytes, which is too much for a picture of {width}×{height} pixels; save it anew");
            }

            return new Found(reader, file, (width, height));
        }
        catch (PictureReadException e)
        {
            throw Failed(e, source);
        }
    }

    private static int CountFrames(PictureFormat format, Stream stream, PhotoSource source) =>
        format.Support == FormatSupport.Tiff ? source.ReadFrom(() => TiffStructure.CountPages(stream)) : 1;

    private static IPictureReader ReaderOf(PictureFormat format, Stream stream, PhotoSource source)
    {
        string what = "is " + format.Name;
        if (format.Support == FormatSupport.Tiff)
        {
            TiffStructure picture = source.ReadFrom(() => TiffStructure.Read(stream, source.Frame));
            if (picture.IsCameraRaw)
            {
                PictureFormat raw = PictureFormats.RawOf(picture.Make);
                throw Refused("is " + raw.Name, raw, source);
            }

            (int width, int height) = TiffReader.SizeOf(picture);
            PhotoLimits.CheckSize(width, height, source);
            if (TiffReader.WhatIsNotRead(picture) is not { } other)
            {
                return TiffReader.Instance;
            }

            what = other;
        }

        return (format.Support == FormatSupport.None ? null : FindCompanion()) ?? throw Refused(what, format, source);
    }

    private static PhotoException Refused(string what, PictureFormat format, PhotoSource source)
    {
        string advice = string.Format(
            CultureInfo.InvariantCulture, format.Advice, source.Name.Replace("'", "''", StringComparison.Ordinal));
        return source.Failed(
            PhotoFailure.OtherFormat,
            format.Support == FormatSupport.None
                ? $"{what}, which is not read; {advice}"
                : $"{what}, which is read where the module {CompanionName} is installed; run Install-PSResource"
                    + $" {CompanionName}, or {advice}");
    }

    private static byte[] ReadAll(Stream stream, PhotoSource source)
    {
        if (stream.Length > Array.MaxLength)
        {
            throw source.Failed(
                PhotoFailure.TooLarge,
                $"has {stream.Length:N0} bytes, more than can be read; save it anew, in parts where it has several pages");
        }

        return source.ReadFrom(() =>
        {
            stream.Position = 0;
            var file = new byte[stream.Length];
            stream.ReadExactly(file);
            return file;
        });
    }

    private static unsafe Photo Upright(DecodedPicture picture)
    {
        var origin = (SKEncodedOrigin)picture.Orientation;
        (int width, int height) = Orientation.UprightSize(picture.Width, picture.Height, origin);
        PixelBuffer pixels = PixelBuffer.Rent(picture.Pixels.Length);
        fixed (byte* stored = picture.Pixels, upright = pixels.Span)
        {
            Orientation.TurnUpright((uint*)stored, picture.Width, picture.Height, origin, (uint*)upright);
        }

        Transparency.CompositeOverWhite(pixels.Span);
        return new Photo(width, height, pixels);
    }

    private static PhotoException Failed(PictureReadException e, PhotoSource source) => source.Failed(
        e.Failure switch
        {
            PictureReadFailure.Truncated => PhotoFailure.Truncated,
            PictureReadFailure.TooLarge => PhotoFailure.TooLarge,
            PictureReadFailure.UnknownKind or PictureReadFailure.NoReader => PhotoFailure.OtherFormat,
            _ => PhotoFailure.Damaged,
        },
        e.Message,
        e);

    private sealed record Found(IPictureReader Reader, byte[] File, (int Width, int Height) Size);
}
