using System.Buffers.Binary;

namespace ClassActivation.Photos.Containers;

/// <summary>
/// The segments of a JPEG (ITU-T T.81, annex B): EXIF and XMP in APP1, the colour profile over several APP2 (ICC.1:2022,
/// annex B.4). What lies behind the first scan is not looked at.
/// </summary>
internal sealed class JpegContainer : IPictureContainer
{
    private const byte App0 = 0xE0;
    private const byte App1 = 0xE1;
    private const byte App2 = 0xE2;
    private const int HeaderLength = 4;
    private const int LongestContent = 65_533;

    private static ReadOnlySpan<byte> ExifMark => "Exif\0\0"u8;

    private static ReadOnlySpan<byte> XmpMark => "http://ns.adobe.com/xap/1.0/\0"u8;

    private static ReadOnlySpan<byte> IccMark => "ICC_PROFILE\0"u8;

    /// <inheritdoc/>
    public bool Recognizes(ReadOnlySpan<byte> start) => start.StartsWith(JpegStructure.Start);

    /// <inheritdoc/>
    public PictureMetadata Read(Stream picture, PictureParts parts)
    {
        byte[]? xmp = null;
        byte[]? exif = null;
        var profile = new SortedDictionary<byte, byte[]>();
        Span<byte> header = stackalloc byte[HeaderLength];
        picture.Seek(2, SeekOrigin.Current);
        while (TryReadHeader(picture, header, out int length))
        {
            long end = picture.Position + length;
            bool isRead = (
                header[1] == App1
                    && ((parts.HasFlag(PictureParts.Exif) && exif is null) || (parts.HasFlag(PictureParts.Xmp) && xmp is null)))
                || (header[1] == App2 && parts.HasFlag(PictureParts.Icc));
            if (isRead)
            {
                var content = new byte[length];
                if (picture.ReadAtLeast(content, length, throwOnEndOfStream: false) < length)
                {
                    break;
                }

                if (header[1] == App1)
                {
                    exif ??= parts.HasFlag(PictureParts.Exif) ? Behind(content, ExifMark) : null;
                    xmp ??= parts.HasFlag(PictureParts.Xmp) ? Behind(content, XmpMark) : null;
                }
                else if (Behind(content, IccMark) is [byte number, _, .. byte[] piece])
                {
                    profile.TryAdd(number, piece);
                }
            }

            if (end > picture.Length || (parts == PictureParts.Xmp && xmp is not null))
            {
                break;
            }

            picture.Position = end;
        }

        return new PictureMetadata(
            xmp, PictureMetadata.WithoutExifMark(exif), profile.Count == 0 ? null : [.. profile.Values.SelectMany(static piece => piece)]);
    }

    /// <inheritdoc/>
    public byte[] With(ReadOnlySpan<byte> picture, byte[]? xmp, byte[]? icc)
    {
        using var result = new MemoryStream(picture.Length + (xmp?.Length ?? 0) + (icc?.Length ?? 0) + 512);
        result.Write(picture[..2]);
        int at = 2;
        bool isWritten = false;
        while (at + HeaderLength <= picture.Length && IsSegment(picture[at..]))
        {
            int size = 2 + BinaryPrimitives.ReadUInt16BigEndian(picture[(at + 2)..]);
            if (size < HeaderLength || at + size > picture.Length)
            {
                throw new InvalidDataException("The JPEG ends within a segment.");
            }

            ReadOnlySpan<byte> segment = picture.Slice(at, size);
            ReadOnlySpan<byte> content = segment[HeaderLength..];

            // JFIF wants its own segment first, and EXIF its own where there is no JFIF.
            if (!isWritten && segment[1] != App0 && !(segment[1] == App1 && content.StartsWith(ExifMark)))
            {
                Insert(result, xmp, icc);
                isWritten = true;
            }

            bool isReplaced = (xmp is not null && segment[1] == App1 && content.StartsWith(XmpMark))
                || (icc is not null && segment[1] == App2 && content.StartsWith(IccMark));
            if (!isReplaced)
            {
                result.Write(segment);
            }

            at += size;
        }

        if (!isWritten)
        {
            Insert(result, xmp, icc);
        }

        result.Write(picture[at..]);
        return result.ToArray();
    }

    private static void Insert(MemoryStream result, byte[]? xmp, byte[]? icc)
    {
        if (xmp is not null)
        {
            WriteSegment(result, App1, XmpMark, [], xmp);
        }

        int most = LongestContent - IccMark.Length - 2;
        int count = ((icc?.Length ?? 0) + most - 1) / most;
        for (int i = 0; i < count; i++)
        {
            WriteSegment(result, App2, IccMark, [(byte)(i + 1), (byte)count], icc.AsSpan(i * most, Math.Min(most, icc!.Length - i * most)));
        }
    }

    private static void WriteSegment(
        MemoryStream result, byte marker, ReadOnlySpan<byte> mark, ReadOnlySpan<byte> number, ReadOnlySpan<byte> content)
    {
        Span<byte> header = [0xFF, marker, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)(2 + mark.Length + number.Length + content.Length));
        result.Write(header);
        result.Write(mark);
        result.Write(number);
        result.Write(content);
    }

    // Up to the first scan every marker has a segment, but for fill bytes.
    private static bool TryReadHeader(Stream picture, Span<byte> header, out int length)
    {
        length = 0;
        while (picture.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) == HeaderLength)
        {
            if (header[0] == 0xFF && header[1] == 0xFF)
            {
                picture.Position -= HeaderLength - 1;
                continue;
            }

            length = BinaryPrimitives.ReadUInt16BigEndian(header[2..]) - 2;
            return IsSegment(header) && length >= 0;
        }

        return false;
    }

    private static bool IsSegment(ReadOnlySpan<byte> header) =>
        header[0] == 0xFF && header[1] is >= 0xC0 and not (>= 0xD0 and <= 0xDA) and not 0xFF;

    private static byte[]? Behind(byte[] content, ReadOnlySpan<byte> mark) =>
        content.AsSpan().StartsWith(mark) ? content[mark.Length..] : null;
}
