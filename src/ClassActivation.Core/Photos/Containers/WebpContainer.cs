using System.Buffers.Binary;

namespace ClassActivation.Photos.Containers;

/// <summary>
/// The chunks of a WebP (RFC 9649): <c>ICCP</c>, <c>EXIF</c> and <c>XMP </c>, announced by the flags of <c>VP8X</c>. A file
/// of the simple form gets that chunk when it gets metadata.
/// </summary>
internal sealed class WebpContainer : IPictureContainer
{
    private const int FileHeaderLength = 12;
    private const int HeaderLength = 8;
    private const byte IccFlag = 0x20;
    private const byte AlphaFlag = 0x10;
    private const byte XmpFlag = 0x04;

    /// <inheritdoc/>
    public bool Recognizes(ReadOnlySpan<byte> start) => start.StartsWith("RIFF"u8) && start[8..].StartsWith("WEBP"u8);

    /// <inheritdoc/>
    public PictureMetadata Read(Stream picture, PictureParts parts)
    {
        byte[]? xmp = null;
        byte[]? exif = null;
        byte[]? icc = null;
        Span<byte> header = stackalloc byte[HeaderLength];
        picture.Seek(FileHeaderLength, SeekOrigin.Current);
        while (picture.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) == HeaderLength)
        {
            long length = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
            ReadOnlySpan<byte> type = header[..4];
            long end = picture.Position + length + (length & 1);
            if (parts.HasFlag(PictureParts.Xmp) && xmp is null && type.SequenceEqual("XMP "u8))
            {
                xmp = ReadContent(picture, length, PictureMetadata.LongestText);
            }
            else if (parts.HasFlag(PictureParts.Exif) && exif is null && type.SequenceEqual("EXIF"u8))
            {
                exif = ReadContent(picture, length, PictureMetadata.LongestText);
            }
            else if (parts.HasFlag(PictureParts.Icc) && icc is null && type.SequenceEqual("ICCP"u8))
            {
                icc = ReadContent(picture, length, PictureMetadata.LongestProfile);
            }

            if (end > picture.Length)
            {
                break;
            }

            picture.Position = end;
        }

        return new PictureMetadata(xmp, PictureMetadata.WithoutExifMark(exif), icc);
    }

    /// <inheritdoc/>
    public byte[] With(ReadOnlySpan<byte> picture, byte[]? xmp, byte[]? icc)
    {
        using var result = new MemoryStream(picture.Length + (xmp?.Length ?? 0) + (icc?.Length ?? 0) + 64);
        result.Write(picture[..FileHeaderLength]);
        byte flags = (byte)((xmp is null ? 0 : XmpFlag) | (icc is null ? 0 : IccFlag));
        for (int at = FileHeaderLength; at < picture.Length;)
        {
            long length = at + HeaderLength <= picture.Length
                ? BinaryPrimitives.ReadUInt32LittleEndian(picture[(at + 4)..])
                : long.MaxValue / 2;
            if (at + HeaderLength + length > picture.Length)
            {
                throw new InvalidDataException("The WebP ends within a chunk.");
            }

            ReadOnlySpan<byte> content = picture.Slice(at + HeaderLength, (int)length);
            ReadOnlySpan<byte> type = picture.Slice(at, 4);
            if (at == FileHeaderLength)
            {
                bool isExtended = type.SequenceEqual("VP8X"u8);
                byte[] extended = isExtended ? content.ToArray() : Extended(type, content);
                if (extended.Length < 10)
                {
                    throw new InvalidDataException("The WebP's header is too short.");
                }

                extended[0] |= flags;
                WriteChunk(result, "VP8X"u8, extended);
                if (icc is not null)
                {
                    WriteChunk(result, "ICCP"u8, icc);
                }

                if (!isExtended)
                {
                    WriteChunk(result, type, content);
                }
            }
            else if (!(xmp is not null && type.SequenceEqual("XMP "u8)) && !(icc is not null && type.SequenceEqual("ICCP"u8)))
            {
                WriteChunk(result, type, content);
            }

            at = (int)Math.Min(at + HeaderLength + length + (length & 1), picture.Length);
        }

        if (xmp is not null)
        {
            WriteChunk(result, "XMP "u8, xmp);
        }

        byte[] bytes = result.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        return bytes;
    }

    // Canvas sizes are stored less one, in 24 bits each.
    private static byte[] Extended(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        int width, height;
        bool hasAlpha = false;
        if (type.SequenceEqual("VP8 "u8) && content.Length >= 10)
        {
            width = BinaryPrimitives.ReadUInt16LittleEndian(content[6..]) & 0x3FFF;
            height = BinaryPrimitives.ReadUInt16LittleEndian(content[8..]) & 0x3FFF;
        }
        else if (type.SequenceEqual("VP8L"u8) && content.Length >= 5)
        {
            uint bits = BinaryPrimitives.ReadUInt32LittleEndian(content[1..]);
            width = (int)(bits & 0x3FFF) + 1;
            height = (int)((bits >> 14) & 0x3FFF) + 1;
            hasAlpha = (bits >> 28 & 1) == 1;
        }
        else
        {
            throw new InvalidDataException("The WebP holds no picture.");
        }

        (int right, int bottom) = (width - 1, height - 1);
        return
        [
            hasAlpha ? AlphaFlag : (byte)0, 0, 0, 0,
            (byte)right, (byte)(right >> 8), (byte)(right >> 16), (byte)bottom, (byte)(bottom >> 8), (byte)(bottom >> 16),
        ];
    }

    private static byte[]? ReadContent(Stream picture, long length, int most)
    {
        if (length > most || picture.Position + length > picture.Length)
        {
            return null;
        }

        var content = new byte[length];
        return picture.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) == content.Length ? content : null;
    }

    private static void WriteChunk(MemoryStream result, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, content.Length);
        result.Write(type);
        result.Write(length);
        result.Write(content);
        if ((content.Length & 1) == 1)
        {
            result.WriteByte(0);
        }
    }
}
