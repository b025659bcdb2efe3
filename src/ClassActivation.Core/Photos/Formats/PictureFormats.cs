using System.Text;

namespace ClassActivation.Photos.Formats;

/// <summary>Tells formats by the first bytes of a file.</summary>
internal static class PictureFormats
{
    /// <summary>How many of a file's first bytes tell its format.</summary>
    public const int StartLength = 512;

    /// <summary>What converts a picture of most formats; the photo's name stands for <c>{0}</c>.</summary>
    public const string Magick = "convert it with: magick '{0}' '{0}.png'";

    private const string Developer = "develop it to a JPEG or TIFF with the camera's program, or with: magick '{0}' '{0}.png'";
    private const string Lossless = "convert it with: djxl '{0}' '{0}.png'";
    private const string NoPicture = "give the picture itself";

    /// <summary>A TIFF file.</summary>
    public static PictureFormat Tiff { get; } = new("a TIFF", FormatSupport.Tiff, Magick);

    // The brands of ISO/IEC 23008-12 and of AVIF; mif1 and msf1 say nothing of how the picture is compressed.
    private static readonly HashSet<string> HeicBrands =
        new(
            ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1", "mif2", "MiHB", "MiHE", "MiHA"],
            StringComparer.Ordinal);

    private static readonly PictureFormat Heic = new("a HEIC (HEIF) picture", FormatSupport.Companion, Magick);
    private static readonly PictureFormat Avif = new("an AVIF picture", FormatSupport.Companion, Magick);

    private static readonly Mark[] Marks =
    [
        new("II\x2A\0\x10\0\0\0CR\x02", Raw("CR2")),
        new("IIRO", Raw("ORF")),
        new("IIRS", Raw("ORF")),
        new("MMOR", Raw("ORF")),
        new("IIU\0", Raw("RW2")),
        new("FUJIFILMCCD-RAW", Raw("RAF")),
        new("FOVb", Raw("X3F")),
        new("\0MRM", Raw("MRW")),
        new("II\x2A\0", Tiff),
        new("MM\0\x2A", Tiff),
        new("II\x2B\0", Tiff),
        new("MM\0\x2B", Tiff),
        new("\xFF\x0A", new("a JPEG XL picture", FormatSupport.None, Lossless)),
        new("\0\0\0\x0CJXL \r\n\x87\n", new("a JPEG XL picture", FormatSupport.None, Lossless)),
        new("\0\0\0\x0CjP  ", new("a JPEG 2000 picture", FormatSupport.None, "convert it with: opj_decompress -i '{0}' -o '{0}.png'")),
        new("\xFF\x4F\xFF\x51", new("a JPEG 2000 picture", FormatSupport.None, "convert it with: opj_decompress -i '{0}' -o '{0}.png'")),
        new("\x97JB2\r\n\x1A\n", new("a JBIG2 picture", FormatSupport.None, "convert it with: jbig2dec -o '{0}.png' '{0}'")),
        new(
            "8BPS",
            new(
                "a Photoshop document (PSD)",
                FormatSupport.None,
                "save it as PNG in Photoshop, or convert it with: magick '{0}[0]' '{0}.png'")),
        new("gimp xcf", new("a GIMP document (XCF)", FormatSupport.None, "export it as PNG in GIMP")),
        new(
            "%PDF",
            new("a PDF document", FormatSupport.None, "make a picture of its first page with: pdftoppm -singlefile -png '{0}' '{0}'")),
        new("%!PS", new("a PostScript document", FormatSupport.None, "make a picture of it with: magick -density 150 '{0}[0]' '{0}.png'")),
        new(
            "\xC5\xD0\xD3\xC6",
            new("a PostScript document (EPS)", FormatSupport.None, "make a picture of it with: magick -density 150 '{0}[0]' '{0}.png'")),
        new("\xD7\xCD\xC6\x9A", new("a Windows metafile (WMF)", FormatSupport.None, "save it as PNG in the program that made it")),
        new("\0\0\x01\0", new("an icon (ICO)", FormatSupport.None, "convert its largest picture with: magick '{0}[-1]' '{0}.png'")),
        new("\0\0\x02\0", new("a cursor (CUR)", FormatSupport.None, "convert it with: magick '{0}[0]' '{0}.png'")),
        new("icns", new("an icon of macOS (ICNS)", FormatSupport.None, "convert it with: sips -s format png '{0}' --out '{0}.png'")),
        new("v/1\x01", new("an OpenEXR picture", FormatSupport.None, Magick)),
        new("#?RADIANCE", new("a Radiance picture (HDR)", FormatSupport.None, Magick)),
        new("#?RGBE", new("a Radiance picture (HDR)", FormatSupport.None, Magick)),
        new("DDS ", new("a DirectDraw surface (DDS)", FormatSupport.None, Magick)),
        new("qoif", new("a QOI picture", FormatSupport.None, Magick)),
        new("FLIF", new("a FLIF picture", FormatSupport.None, "convert it with: flif -d '{0}' '{0}.png'")),
        new("\x8AMNG", new("an MNG animation", FormatSupport.None, "convert its first picture with: magick '{0}[0]' '{0}.png'")),
        new("\x8BJNG", new("a JNG picture", FormatSupport.None, Magick)),
        new("SIMPLE  =", new("a FITS picture", FormatSupport.None, Magick)),
        new(
            "\0\x05\x16\x07",
            new("no picture but what macOS keeps beside one", FormatSupport.None, "give the file of the same name without the leading ._")),
        new(
            "version https://git-lfs",
            new("no picture but a pointer to one that Git LFS keeps", FormatSupport.None, "fetch it with: git lfs pull")),
        new("PK\x03\x04", new("a ZIP archive", FormatSupport.None, "unpack it with: Expand-Archive '{0}', and give the pictures in it")),
        new("\x1F\x8B", new("a gzip archive", FormatSupport.None, "unpack it first, and give the pictures in it")),
        new("\x1A\x45\xDF\xA3", Video("a Matroska or WebM")),
    ];

    /// <summary>The format of a file by its first bytes; null for one that is not known, and for those that are always read.</summary>
    /// <param name="start">The first bytes, <see cref="StartLength"/> where there are as many.</param>
    public static PictureFormat? Recognise(ReadOnlySpan<byte> start)
    {
        if (start.Length >= 12 && start.Slice(4, 4).SequenceEqual("ftyp"u8))
        {
            return OfBrands(start);
        }

        if (start.Length >= 12 && start.StartsWith("RIFF"u8) && !start.Slice(8, 4).SequenceEqual("WEBP"u8))
        {
            return start.Slice(8, 4).SequenceEqual("AVI "u8)
                ? Video("an AVI")
                : new("no picture but a RIFF file of another kind", FormatSupport.None, NoPicture);
        }

        foreach (Mark mark in Marks)
        {
            if (start.StartsWith(mark.Bytes) && !IsTarga(start))
            {
                return mark.Format;
            }
        }

        return start.Length >= 132 && start.Slice(128, 4).SequenceEqual("DICM"u8)
            ? new("a DICOM picture", FormatSupport.None, "convert it with: dcmj2pnm --write-png '{0}' '{0}.png'")
            : IsTarga(start) ? new("a Targa picture (TGA)", FormatSupport.None, Magick)
            : IsPaintbrush(start) ? new("a Paintbrush picture (PCX)", FormatSupport.None, Magick)
            : IsNetpbm(start) ? new(
                "a Netpbm picture (PBM, PGM, PPM, PAM)", FormatSupport.None, "convert it with: pnmtopng '{0}' > '{0}.png'")
            : OfText(start);
    }

    /// <summary>The format of raw pictures of a camera, by its maker where that is known.</summary>
    public static PictureFormat RawOf(string make) => Raw(
        make.StartsWith("NIKON", StringComparison.OrdinalIgnoreCase) ? "NEF"
        : make.StartsWith("SONY", StringComparison.OrdinalIgnoreCase) ? "ARW"
        : make.StartsWith("PENTAX", StringComparison.OrdinalIgnoreCase) ? "PEF"
        : make.StartsWith("Canon", StringComparison.OrdinalIgnoreCase) ? "CR2"
        : make.StartsWith("SAMSUNG", StringComparison.OrdinalIgnoreCase) ? "SRW"
        : "DNG");

    private static PictureFormat Raw(string name) => new($"a camera's raw picture ({name})", FormatSupport.None, Developer);

    private static PictureFormat Video(string name) => new(
        $"{name} video", FormatSupport.None, "take a picture from it with: ffmpeg -i '{0}' -frames:v 1 '{0}.png'");

    // It begins with numbers alone: whether there is a palette, the kind, where the palette is, the size and the bits of a pixel.
    private static bool IsTarga(ReadOnlySpan<byte> start) =>
        start.Length >= 18
            && start[1] <= 1
            && start[2] is 1 or 2 or 3 or 9 or 10 or 11
            && (start[1] == 1 || start[3..8].IndexOfAnyExcept((byte)0) < 0)
        && (start[12] | start[13]) != 0
        && (start[14] | start[15]) != 0
        && start[16] is 8 or 15 or 16 or 24 or 32
        && (start[17] & 0xC0) == 0;

    // 10, a version, the one encoding, and the bits of a pixel.
    private static bool IsPaintbrush(ReadOnlySpan<byte> start) =>
        start.Length >= 4 && start[0] == 10 && start[1] <= 5 && start[2] == 1 && start[3] is 1 or 2 or 4 or 8;

    private static PictureFormat OfBrands(ReadOnlySpan<byte> start)
    {
        // Behind the major brand and its version come those that the file is compatible with.
        int length = Math.Clamp((start[0] << 24) | (start[1] << 16) | (start[2] << 8) | start[3], 12, start.Length);
        var brands = new List<string> { Encoding.Latin1.GetString(start.Slice(8, 4)) };
        for (int at = 16; at + 4 <= length; at += 4)
        {
            brands.Add(Encoding.Latin1.GetString(start.Slice(at, 4)));
        }

        return brands[0] == "crx " ? Raw("CR3")
            : brands.Any(static brand => brand is "avif" or "avis" or "avio") ? Avif
            : brands.Any(HeicBrands.Contains) ? Heic
            : brands[0].StartsWith("jp", StringComparison.Ordinal) ? new("a JPEG 2000 picture", FormatSupport.None, Magick)
            : Video(brands[0] == "qt  " ? "a QuickTime (MOV)" : "an MP4");
    }

    private static bool IsNetpbm(ReadOnlySpan<byte> start) =>
        start.Length > 3
            && start[0] == 'P'
            && start[1] is >= (byte)'1' and <= (byte)'7'
            && start[2] is (byte)'\n' or (byte)' ' or (byte)'\r' or (byte)'\t';

    private static PictureFormat? OfText(ReadOnlySpan<byte> start)
    {
        string text = Encoding.UTF8.GetString(start).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        return !text.StartsWith('<') ? null
            : text.Contains("<svg", StringComparison.OrdinalIgnoreCase)
                ? new("an SVG drawing", FormatSupport.None, "make a picture of it with: rsvg-convert -o '{0}.png' '{0}'")
            : text.Contains("<html", StringComparison.OrdinalIgnoreCase)
                || text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase)
                ? new("a web page and no picture", FormatSupport.None, "save the picture itself, not the page that shows it")
            : null;
    }

    private sealed record Mark(string Text, PictureFormat Format)
    {
        public byte[] Bytes { get; } = Encoding.Latin1.GetBytes(Text);
    }
}
