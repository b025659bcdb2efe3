using System.Buffers.Binary;
using System.IO.Compression;

namespace ClassActivation.Photos.Containers;

/// <summary>
/// The chunks of a PNG (PNG specification, third edition): XMP in an <c>iTXt</c> of its own keyword, EXIF in <c>eXIf</c>
/// or, as ImageMagick wrote it before there was that chunk, in digits in a text; the colour profile in <c>iCCP</c>.
/// </summary>
internal sealed class PngContainer : IPictureContainer
{
    private const int SignatureLength = 8;
    private const int HeaderLength = 8;
    private const int ChunkOverhead = 12;

    private static readonly uint[] CrcTable = MakeCrcTable();

    private static ReadOnlySpan<byte> XmpMark => "XML:com.adobe.xmp\0"u8;

    private static ReadOnlySpan<byte> XmpKeyword => XmpMark[..^1];

    private static ReadOnlySpan<byte> ExifKeyword => "Raw profile type exif"u8;

    /// <inheritdoc/>
    public bool Recognizes(ReadOnlySpan<byte> start) => start.StartsWith(PngStructure.Start);

    /// <inheritdoc/>
    public PictureMetadata Read(Stream picture, PictureParts parts)
    {
        byte[]? xmp = null;
        byte[]? exif = null;
        byte[]? exifText = null;
        byte[]? icc = null;
        bool hasExifText = false;
        bool hasXmp = false;
        Span<byte> header = stackalloc byte[HeaderLength];
        picture.Seek(SignatureLength, SeekOrigin.Current);
        while (picture.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) == HeaderLength)
        {
            long length = BinaryPrimitives.ReadUInt32BigEndian(header);
            ReadOnlySpan<byte> type = header[4..];
            long end = picture.Position + length + 4;
            if (end > picture.Length || type.SequenceEqual("IEND"u8))
            {
                break;
            }

            if (PngText.IsText(type))
            {
                PngText? text = ReadContent(picture, length, PictureMetadata.LongestText) is { } content
                    ? PngText.Parse(type, content)
                    : null;
                if (text is not null
                    && parts.HasFlag(PictureParts.Xmp)
                    && !hasXmp
                    && type.SequenceEqual("iTXt"u8)
                    && text.HasKeyword(XmpKeyword))
                {
                    hasXmp = true;
                    xmp = text.Content();
                }
                else if (text is not null && parts.HasFlag(PictureParts.Exif) && !hasExifText && text.HasKeyword(ExifKeyword))
                {
                    // Of several one is unpacked: each may be a thousand times its length.
                    hasExifText = true;
                    exifText = text.Content() is { } digits ? PngText.RawProfile(digits) : null;
                }
            }
            else if (exif is null && parts.HasFlag(PictureParts.Exif) && type.SequenceEqual("eXIf"u8))
            {
                exif = ReadContent(picture, length, PictureMetadata.LongestText);
            }
            else if (icc is null && parts.HasFlag(PictureParts.Icc) && type.SequenceEqual("iCCP"u8))
            {
                icc = ReadContent(picture, length, PictureMetadata.LongestProfile) is { } profile ? ProfileOf(profile) : null;
            }

            if (parts == PictureParts.Xmp && xmp is not null)
            {
                break;
            }

            picture.Position = end;
        }

        return new PictureMetadata(xmp, PictureMetadata.WithoutExifMark(exif ?? exifText), icc);
    }

    /// <inheritdoc/>
    public byte[] With(ReadOnlySpan<byte> picture, byte[]? xmp, byte[]? icc)
    {
        using var result = new MemoryStream(picture.Length + (xmp?.Length ?? 0) + (icc?.Length ?? 0) + 128);
        result.Write(picture[..SignatureLength]);
        for (int at = SignatureLength; at < picture.Length;)
        {
            long length = at + ChunkOverhead <= picture.Length ? BinaryPrimitives.ReadUInt32BigEndian(picture[at..]) : long.MaxValue / 2;
            if (at + ChunkOverhead + length > picture.Length)
            {
                throw new InvalidDataException("The PNG ends within a chunk.");
            }

            ReadOnlySpan<byte> chunk = picture.Slice(at, ChunkOverhead + (int)length);
            ReadOnlySpan<byte> type = chunk[4..8];
            bool isReplaced = (xmp is not null && type.SequenceEqual("iTXt"u8) && chunk[HeaderLength..].StartsWith(XmpMark))
                || (icc is not null && (type.SequenceEqual("iCCP"u8) || type.SequenceEqual("sRGB"u8)));
            if (!isReplaced)
            {
                result.Write(chunk);
            }

            // Before the palette and the pixels, where the profile must be.
            if (type.SequenceEqual("IHDR"u8))
            {
                if (icc is not null)
                {
                    WriteChunk(result, "iCCP"u8, [.. "ICC\0\0"u8, .. Compressed(icc)]);
                }

                if (xmp is not null)
                {
                    WriteChunk(result, "iTXt"u8, [.. XmpMark, 0, 0, 0, 0, .. xmp]);
                }
            }

            at += chunk.Length;
        }

        return result.ToArray();
    }

    private static byte[]? ReadContent(Stream picture, long length, int most)
    {
        if (length > most)
        {
            return null;
        }

        var content = new byte[length];
        return picture.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) == content.Length ? content : null;
    }

    private static byte[]? ProfileOf(ReadOnlySpan<byte> content)
    {
        int nameEnd = content.IndexOf((byte)0);
        return nameEnd >= 0 && nameEnd + 2 <= content.Length
            ? PngText.Decompressed(content[(nameEnd + 2)..], PictureMetadata.LongestProfile)
            : null;
    }

    private static byte[] Compressed(byte[] content)
    {
        using var result = new MemoryStream();
        using (var deflater = new ZLibStream(result, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflater.Write(content);
        }

        return result.ToArray();
    }

    private static void WriteChunk(MemoryStream result, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        result.Write(number);
        result.Write(type);
        result.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), content));
        result.Write(number);
    }

    // PNG specification, annex D.
    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            crc = CrcTable[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return crc;
    }

    private static uint[] MakeCrcTable()
    {
        var table = new uint[256];
        for (uint n = 0; n < table.Length; n++)
        {
            uint c = n;
            for (int bit = 0; bit < 8; bit++)
            {
                c = (c & 1) == 1 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
            }

            table[n] = c;
        }

        return table;
    }
}
