using System.Buffers.Binary;

namespace ClassActivation.Fuzz;

/// <summary>Cuts files into the parts that their format is made of: segments, chunks, blocks.</summary>
internal static class FileParts
{
    public static bool IsJpeg(ReadOnlySpan<byte> file) => file.StartsWith<byte>([0xFF, 0xD8]);

    public static bool IsPng(ReadOnlySpan<byte> file) => file.StartsWith(PngFile.Signature);

    public static bool IsRiff(ReadOnlySpan<byte> file) => file.StartsWith("RIFF"u8);

    public static bool IsGif(ReadOnlySpan<byte> file) => file.StartsWith("GIF8"u8);

    public static bool IsBmp(ReadOnlySpan<byte> file) => file.StartsWith("BM"u8);

    /// <summary>The parts in order; one after the other they are the file.</summary>
    public static List<byte[]> Split(byte[] file)
    {
        var parts = new List<byte[]>();
        int at = 0;
        while (at < file.Length)
        {
            int length = at == 0 ? HeaderLength(file)
                : IsJpeg(file) ? SegmentLength(file, at)
                : IsPng(file) ? ChunkLength(file, at, BinaryPrimitives.ReadUInt32BigEndian, 12)
                : IsRiff(file) ? ChunkLength(file, at, ReadRiffLength, 8)
                : IsGif(file) ? BlockLength(file, at)
                : 1024;
            length = Math.Clamp(length, 1, file.Length - at);
            parts.Add(file[at..(at + length)]);
            at += length;
        }

        return parts;
    }

    private static int HeaderLength(byte[] file) =>
        IsJpeg(file) ? 2
        : IsPng(file) ? 8
        : IsRiff(file) ? 12
        : IsGif(file) && file.Length > 13 ? 13 + ((file[10] & 0x80) != 0 ? 3 << ((file[10] & 7) + 1) : 0)
        : 54;

    private static uint ReadRiffLength(ReadOnlySpan<byte> chunk) => (BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]) + 1) & ~1u;

    private static int ChunkLength(byte[] file, int at, Func<ReadOnlySpan<byte>, uint> readLength, int overhead) =>
        at + overhead <= file.Length ? (int)Math.Min(readLength(file.AsSpan(at)) + (long)overhead, int.MaxValue) : int.MaxValue;

    // A scan's segment takes its coded pixels with it.
    private static int SegmentLength(byte[] file, int at)
    {
        if (at + 4 > file.Length || file[at] != 0xFF)
        {
            return int.MaxValue;
        }

        if (file[at + 1] == 0xD9)
        {
            return 2;
        }

        int end = at + 2 + (file[at + 2] << 8 | file[at + 3]);
        while (file[at + 1] == 0xDA && end + 1 < file.Length && !(file[end] == 0xFF && file[end + 1] is not (0 or (>= 0xD0 and <= 0xD7))))
        {
            end++;
        }

        return end - at;
    }

    private static int BlockLength(byte[] file, int at)
    {
        int end = file[at] switch
        {
            0x21 => at + 2,
            0x2C when at + 9 < file.Length => at + 11 + ((file[at + 9] & 0x80) != 0 ? 3 << ((file[at + 9] & 7) + 1) : 0),
            _ => file.Length,
        };
        while (end < file.Length && file[end] != 0)
        {
            end += 1 + file[end];
        }

        return end + 1 - at;
    }
}
