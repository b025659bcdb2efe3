using System.Runtime.InteropServices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Tiff;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace ClassActivation.Photos.Formats;

/// <summary>
/// Reads TIFF files of the kinds that scanners and programs write: strips, bilevel, grey, colour and palette, 1 to 16 bits, with
/// and without alpha. The first page is read. Of 16 bits the upper 8 count, as in Pillow.
/// </summary>
internal sealed class TiffReader : IPictureReader
{
    /// <summary>The one reader.</summary>
    public static readonly TiffReader Instance = new();

    private const int BlackIsZero = 1;
    private const int Palette = 3;

    private static readonly Dictionary<long, string> OtherColors = new()
    {
        [4] = "a transparency mask",
        [5] = "in CMYK colours",
        [6] = "in YCbCr colours",
        [8] = "in CIE L*a*b* colours",
        [9] = "in ICC L*a*b* colours",
        [10] = "in ITU L*a*b* colours",
        [32803] = "a camera's raw picture",
        [32844] = "in LogL colours",
        [32845] = "in LogLuv colours",
    };

    private static readonly Dictionary<long, string> OtherCompressions = new()
    {
        [6] = "JPEG (of the old kind)",
        [7] = "JPEG",
        [34661] = "JBIG",
        [34712] = "JPEG 2000",
        [34887] = "LERC",
        [34892] = "lossy JPEG",
        [34925] = "LZMA",
        [50000] = "Zstandard",
        [50001] = "WebP",
        [50002] = "JPEG XL",
        [52546] = "JPEG XL",
    };

    private TiffReader()
    {
    }

    /// <summary>Says what of a picture is not read here, as the end of a sentence after its name; null where all is.</summary>
    public static string? WhatIsNotRead(TiffStructure picture)
    {
        long[] bits = picture.BitsPerSample;
        return picture.IsTiled ? "is a tiled TIFF"
            : OtherColors.TryGetValue(picture.Photometric, out string? color) ? $"is a TIFF {color}"
            : picture.Photometric is < 0 or > Palette ? $"is a TIFF of the colours number {picture.Photometric}"
            : OtherCompressions.TryGetValue(picture.Compression, out string? compression) ? $"is a TIFF compressed with {compression}"
            : picture.Compression is not (
                1 or 2 or 3 or 4 or 5 or 8 or 32773 or 32946) ? $"is a TIFF of the compression number {picture.Compression}"
            : picture.SampleFormats.Any(static format => format is not (1 or 4)) ? "is a TIFF of signed or floating-point numbers"
            : bits.Any(bit => bit != bits[0]) || bits[0] is not (1 or 2 or 4 or 8 or 16) ? $"is a TIFF of {string.Join(", ", bits)} bits"
            : !IsKnownSampleCount(picture) ? $"is a TIFF of {picture.SamplesPerPixel} values a pixel"
            : null;
    }

    public (int Width, int Height) ReadSize(byte[] file)
    {
        using var stream = new MemoryStream(file, writable: false);
        TiffStructure picture = TiffStructure.Read(stream);
        (int width, int height) = SizeOf(picture);
        return picture.Orientation >= 5 ? (height, width) : (width, height);
    }

    /// <summary>The size as stored.</summary>
    /// <exception cref="PictureReadException">There is none.</exception>
    public static (int Width, int Height) SizeOf(TiffStructure picture) =>
        picture is { Width: > 0 and <= int.MaxValue, Height: > 0 and <= int.MaxValue }
            ? ((int)picture.Width, (int)picture.Height)
            : throw Damaged();

    public DecodedPicture Read(byte[] file)
    {
        using var whole = new MemoryStream(file, writable: false);
        TiffStructure picture = TiffStructure.Read(whole);
        picture.CheckStrips();
        (int width, int height) = SizeOf(picture);
        bool isDeep = picture.BitsPerSample[0] == 16 || picture.Photometric == Palette;
        using var stream = new MemoryStream(picture.WithPixelsOnly(file), writable: false);
        byte[] pixels = isDeep ? UpperBytes(Decode<Rgba64>(stream, width, height)) : Decode<Rgba32>(stream, width, height);
        if (!HasAlpha(picture))
        {
            MakeOpaque(pixels);
        }

        if (picture is { Compression: 2 or 3 or 4, Photometric: BlackIsZero })
        {
            Invert(pixels);
        }

        return new DecodedPicture(width, height, pixels, picture.Orientation);
    }

    private static bool IsKnownSampleCount(TiffStructure picture) =>
        picture.BitsPerSample.Length == picture.SamplesPerPixel
        && (picture.Photometric == 2
            ? picture.BitsPerSample[0] >= 8
                && (picture.SamplesPerPixel == 3 || (picture.SamplesPerPixel == 4 && picture.ExtraSamples is [0 or 1 or 2]))
            : picture.SamplesPerPixel == 1
                && (picture.Photometric != Palette || picture.PaletteLength == 3 << (int)picture.BitsPerSample[0]));

    private static bool HasAlpha(TiffStructure picture) => picture.SamplesPerPixel == 4 && picture.ExtraSamples is not [0, ..];

    private static byte[] Decode<TPixel>(Stream file, int width, int height)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        try
        {
            var decoder = new TiffDecoder { DecodingMode = FrameDecodingMode.First, IgnoreMetadata = true };
            using Image<TPixel> image = decoder.Decode<TPixel>(
                new Configuration(new TiffConfigurationModule()), file, CancellationToken.None);
            if ((image.Width, image.Height) != (width, height))
            {
                throw Damaged();
            }

            var pixels = new byte[checked(image.Width * image.Height * Marshal.SizeOf<TPixel>())];
            image.CopyPixelDataTo(pixels);
            return pixels;
        }
        catch (Exception e) when (e is not (OutOfMemoryException or PictureReadException))
        {
            // The decoder has no one exception for files that are damaged: it throws what it runs into.
            throw Damaged(e);
        }
    }

    private static byte[] UpperBytes(byte[] deep)
    {
        var upper = new byte[deep.Length / 2];
        for (int i = 0; i < upper.Length; i++)
        {
            upper[i] = deep[2 * i + 1];
        }

        return upper;
    }

    // The decoder takes the codes of fax machines for black and white, whatever the file says that their bits mean; libtiff does not.
    private static void Invert(byte[] pixels)
    {
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)(i % 4 == 3 ? pixels[i] : byte.MaxValue - pixels[i]);
        }
    }

    private static void MakeOpaque(byte[] pixels)
    {
        for (int i = 3; i < pixels.Length; i += 4)
        {
            pixels[i] = byte.MaxValue;
        }
    }

    private static PictureReadException Damaged(Exception? cause = null) =>
        new(PictureReadFailure.Damaged, "is a TIFF that is damaged and cannot be decoded; get another copy of it", cause);
}
