using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using ClassActivation.Photos;

namespace ClassActivation.Fuzz;

/// <summary>A kind of PNG that Skia does not write.</summary>
internal enum PngVariant
{
    /// <summary>256 colours from a table, some of them translucent.</summary>
    Palette,

    /// <summary>Two bits a pixel, from a table.</summary>
    Palette2Bits,

    /// <summary>One bit a pixel, grey.</summary>
    Grey1Bit,

    /// <summary>Two bytes a channel.</summary>
    Rgb16Bits,

    /// <summary>Rows in seven passes.</summary>
    Interlaced,
}

/// <summary>Writes PNG files and their chunks (PNG specification, third edition).</summary>
internal static class PngFile
{
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    private static readonly (int X, int Y, int StepX, int StepY)[] AdamPasses =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>A chunk with its length and checksum.</summary>
    public static byte[] Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        WriteChecksum(chunk);
        return chunk;
    }

    /// <summary>Makes the checksum of a whole chunk right.</summary>
    public static void WriteChecksum(Span<byte> chunk) =>
        BinaryPrimitives.WriteUInt32BigEndian(chunk[^4..], Crc32.HashToUInt32(chunk[4..^4]));

    /// <summary>The bytes compressed as PNG does it.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> data)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest))
        {
            zlib.Write(data);
        }

        return compressed.ToArray();
    }

    /// <summary>A picture as a PNG of a kind.</summary>
    public static byte[] Write(Photo photo, PngVariant variant)
    {
        (byte depth, byte colorType) = variant switch
        {
            PngVariant.Palette => ((byte)8, (byte)3),
            PngVariant.Palette2Bits => ((byte)2, (byte)3),
            PngVariant.Grey1Bit => ((byte)1, (byte)0),
            PngVariant.Rgb16Bits => ((byte)16, (byte)2),
            _ => ((byte)8, (byte)2),
        };
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, photo.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), photo.Height);
        (header[8], header[9], header[12]) = (depth, colorType, variant == PngVariant.Interlaced ? (byte)1 : (byte)0);
        using var file = new MemoryStream();
        file.Write(Signature);
        file.Write(Chunk("IHDR"u8, header));
        if (colorType == 3)
        {
            byte[] palette = [.. Enumerable.Range(0, 3 << depth).Select(static i => (byte)(i * 85))];
            file.Write(Chunk("PLTE"u8, palette));
            file.Write(Chunk("tRNS"u8, [0, 128, 255]));
        }

        file.Write(Chunk("IDAT"u8, Compress(Rows(photo, variant))));
        file.Write(Chunk("IEND"u8, []));
        return file.ToArray();
    }

    private static byte[] Rows(Photo photo, PngVariant variant)
    {
        using var rows = new MemoryStream();
        (int, int, int, int)[] passes = variant == PngVariant.Interlaced ? AdamPasses : [(0, 0, 1, 1)];
        foreach ((int left, int top, int stepX, int stepY) in passes)
        {
            for (int y = top; left < photo.Width && y < photo.Height; y += stepY)
            {
                rows.WriteByte(0);
                int packed = 0, bits = 0;
                for (int x = left; x < photo.Width; x += stepX)
                {
                    ReadOnlySpan<byte> pixel = photo.Pixels.AsSpan(4 * (y * photo.Width + x), 3);
                    switch (variant)
                    {
                        case PngVariant.Palette:
                            rows.WriteByte(pixel[1]);
                            break;
                        case PngVariant.Palette2Bits:
                            Pack(pixel[1] >> 6, 2);
                            break;
                        case PngVariant.Grey1Bit:
                            Pack(pixel[1] >> 7, 1);
                            break;
                        case PngVariant.Rgb16Bits:
                            rows.Write([pixel[0], 1, pixel[1], 2, pixel[2], 3]);
                            break;
                        default:
                            rows.Write(pixel);
                            break;
                    }
                }

                if (bits > 0)
                {
                    rows.WriteByte((byte)(packed << (8 - bits)));
                }

                void Pack(int value, int count)
                {
                    packed = packed << count | value;
                    bits += count;
                    if (bits == 8)
                    {
                        rows.WriteByte((byte)packed);
                        packed = bits = 0;
                    }
                }
            }
        }

        return rows.ToArray();
    }
}
