using System.Buffers.Binary;

namespace ClassActivation.Fuzz;

/// <summary>Makes descriptions of photos (EXIF), colour profiles (ICC) and texts that lie about themselves.</summary>
internal static class Metadata
{
    private const int LargestSegment = 65533;

    /// <summary>EXIF in the form of TIFF: an orientation that may be none, offsets that lead nowhere or in circles, a thumbnail.</summary>
    public static byte[] Exif(Random random, byte[] thumbnail)
    {
        bool isBig = random.Next(2) == 0;
        int directories = random.Next(1, 4), entries = random.Next(1, 12);
        var tiff = new byte[8 + directories * (6 + 12 * entries) + (random.Next(3) == 0 ? thumbnail.Length : 0)];
        (isBig ? "MM"u8 : "II"u8).CopyTo(tiff);
        Write16(2, 42);
        Write32(4, random.Next(8) == 0 ? Offset() : 8);
        int at = 8;
        for (int directory = 0; directory < directories; directory++)
        {
            Write16(at, random.Next(10) == 0 ? 65535 : entries);
            for (int entry = 0; entry < entries; entry++)
            {
                int start = at + 2 + 12 * entry;
                int tag = Pick(random, 0x0112, 0x0112, 0x8769, 0x8825, 0xA005, 0x0201, 0x0202, 0x014A, 0x927C, random.Next(65536));
                Write16(start, tag);
                Write16(start + 2, random.Next(3) == 0 ? random.Next(16) : 3);
                Write32(start + 4, random.Next(4) == 0 ? Offset() : 1);
                if (tag == 0x0112 && random.Next(4) != 0)
                {
                    Write16(start + 8, random.Next(0, 10));
                }
                else
                {
                    Write32(start + 8, Offset());
                }
            }

            at += 6 + 12 * entries;
            Write32(at - 4, random.Next(3) == 0 ? Offset() : directory + 1 < directories ? at : 0);
        }

        thumbnail.AsSpan(0, Math.Min(thumbnail.Length, tiff.Length - at)).CopyTo(tiff.AsSpan(at));
        return tiff;

        int Offset() => random.Next(4) switch { 0 => 8, 1 => random.Next(tiff.Length), 2 => Numbers.Awkward(random), _ => tiff.Length - random.Next(8) };

        void Write16(int place, int value)
        {
            if (isBig)
            {
                BinaryPrimitives.WriteUInt16BigEndian(tiff.AsSpan(place), (ushort)value);
            }
            else
            {
                BinaryPrimitives.WriteUInt16LittleEndian(tiff.AsSpan(place), (ushort)value);
            }
        }

        void Write32(int place, int value)
        {
            if (isBig)
            {
                BinaryPrimitives.WriteInt32BigEndian(tiff.AsSpan(place), value);
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(tiff.AsSpan(place), value);
            }
        }
    }

    /// <summary>A colour profile whose table of tags may point anywhere.</summary>
    public static byte[] Profile(Random random)
    {
        int tags = random.Next(1, 10);
        var profile = new byte[132 + 12 * tags + random.Next(64)];
        random.NextBytes(profile.AsSpan(132 + 12 * tags));
        BinaryPrimitives.WriteInt32BigEndian(profile, random.Next(4) == 0 ? Numbers.Awkward(random) : profile.Length);
        profile[8] = (byte)random.Next(2, 5);
        "mntrRGB XYZ "u8.CopyTo(profile.AsSpan(12));
        "acsp"u8.CopyTo(profile.AsSpan(36));
        BinaryPrimitives.WriteInt32BigEndian(profile.AsSpan(128), random.Next(4) == 0 ? Numbers.Awkward(random) : tags);
        for (int i = 0; i < tags; i++)
        {
            Span<byte> tag = profile.AsSpan(132 + 12 * i, 12);
            Pick<byte[]>(random, [.. "rXYZ"u8], [.. "gTRC"u8], [.. "A2B0"u8], [.. "cicp"u8], [.. "wtpt"u8]).CopyTo(tag);
            BinaryPrimitives.WriteInt32BigEndian(tag[4..], random.Next(3) == 0 ? Numbers.Awkward(random) : random.Next(profile.Length));
            BinaryPrimitives.WriteInt32BigEndian(tag[8..], random.Next(3) == 0 ? Numbers.Awkward(random) : random.Next(64));
        }

        return profile;
    }

    /// <summary>A part that holds a lying description, profile or text, in the form that a file's format has for it.</summary>
    public static byte[] Part(Random random, byte[] file)
    {
        int kind = random.Next(4);
        byte[] data =
            kind switch { 0 or 1 => Exif(random, file), 2 => Profile(random), _ => new byte[random.Next(4) == 0 ? 2_000_000 : 64] };
        if (FileParts.IsJpeg(file))
        {
            byte[] mark = kind switch
            {
                0 or 1 => [.. "Exif\0\0"u8],
                2 => [.. "ICC_PROFILE\0"u8, (byte)random.Next(1, 3), (byte)random.Next(1, 4)],
                _ => [.. "http://ns.adobe.com/xap/1.0/\0"u8],
            };
            byte[] segment = [0xFF, (byte)(kind switch { 2 => 0xE2, _ => 0xE1 }), 0, 0, .. mark, .. data];
            segment = segment[..Math.Min(segment.Length, LargestSegment)];
            BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), (ushort)(segment.Length - 2));
            return segment;
        }

        if (FileParts.IsPng(file))
        {
            return kind switch
            {
                0 or 1 => PngFile.Chunk("eXIf"u8, data),
                2 => PngFile.Chunk("iCCP"u8, [.. "profile\0\0"u8, .. PngFile.Compress(data)]),
                _ => PngFile.Chunk(random.Next(2) == 0 ? "zTXt"u8 : "iCCP"u8, [.. "text\0\0"u8, .. PngFile.Compress(data)]),
            };
        }

        if (FileParts.IsRiff(file))
        {
            byte[] chunk =
            [
                .. kind switch { 0 or 1 => "EXIF"u8, 2 => "ICCP"u8, _ => "XMP "u8 },
                0,
                0,
                0,
                0,
                .. data,
                .. new byte[data.Length % 2]
            ];
            BinaryPrimitives.WriteInt32LittleEndian(chunk.AsSpan(4), data.Length);
            return chunk;
        }

        return FileParts.IsGif(file) ? [0x21, 0xFE, 64, .. data.AsSpan(0, Math.Min(64, data.Length)), 0] : data;
    }

    private static T Pick<T>(Random random, params ReadOnlySpan<T> items) => items[random.Next(items.Length)];
}
