using System.Buffers.Binary;
using ClassActivation.Photos;

namespace ClassActivation.Fuzz;

/// <summary>Writes pictures in simple formats that Skia does not write.</summary>
internal static class PlainFormats
{
    /// <summary>A BMP without compression, of 24 bits or of 8 bits and a table of greys.</summary>
    public static byte[] Bmp(Photo photo, int bits)
    {
        int stride = (photo.Width * bits / 8 + 3) / 4 * 4;
        var rows = new byte[stride * photo.Height];
        for (int y = 0; y < photo.Height; y++)
        {
            Span<byte> row = rows.AsSpan((photo.Height - 1 - y) * stride, stride);
            for (int x = 0; x < photo.Width; x++)
            {
                ReadOnlySpan<byte> pixel = photo.Pixels.AsSpan(4 * (y * photo.Width + x), 3);
                if (bits == 8)
                {
                    row[x] = pixel[1];
                }
                else
                {
                    (row[3 * x], row[3 * x + 1], row[3 * x + 2]) = (pixel[2], pixel[1], pixel[0]);
                }
            }
        }

        return Bmp(photo, bits, compression: 0, rows);
    }

    /// <summary>A BMP of 8 bits in runs, each of one pixel's length or more.</summary>
    public static byte[] RunLengthBmp(Photo photo)
    {
        using var rows = new MemoryStream();
        for (int y = photo.Height - 1; y >= 0; y--)
        {
            for (int x = 0; x < photo.Width;)
            {
                int run = Math.Min(1 + x % 5, photo.Width - x);
                rows.Write([(byte)run, photo.Pixels[4 * (y * photo.Width + x)]]);
                x += run;
            }

            rows.Write([0, 0]);
        }

        rows.Write([0, 1]);
        return Bmp(photo, 8, compression: 1, rows.ToArray());
    }

    /// <summary>A GIF of 128 greys in two frames, with LZW codes that are never longer than 8 bits.</summary>
    public static byte[] Gif(Photo photo)
    {
        using var file = new MemoryStream();
        file.Write("GIF89a"u8);
        file.Write([(byte)photo.Width, (byte)(photo.Width >> 8), (byte)photo.Height, (byte)(photo.Height >> 8), 0xF6, 0, 0]);
        for (int i = 0; i < 128; i++)
        {
            file.Write([(byte)(2 * i), (byte)(2 * i), (byte)i]);
        }

        for (int frame = 0; frame < 2; frame++)
        {
            file.Write([0x21, 0xF9, 4, 5, 10, 0, 3, 0]);
            file.Write(
                [0x2C, 0, 0, 0, 0, (byte)photo.Width, (byte)(photo.Width >> 8), (byte)photo.Height, (byte)(photo.Height >> 8), 0, 7]);
            using var codes = new MemoryStream();
            for (int i = 0; i < photo.Width * photo.Height; i++)
            {
                if (i % 120 == 0)
                {
                    codes.WriteByte(128);
                }

                codes.WriteByte((byte)(photo.Pixels[4 * i] >> 1));
            }

            codes.WriteByte(129);
            foreach (byte[] block in codes.ToArray().Chunk(255))
            {
                file.WriteByte((byte)block.Length);
                file.Write(block);
            }

            file.WriteByte(0);
        }

        file.WriteByte(0x3B);
        return file.ToArray();
    }

    /// <summary>An icon of one picture, which is a PNG.</summary>
    public static byte[] Ico(Photo photo)
    {
        byte[] png = PngFile.Write(photo, PngVariant.Palette);
        var directory = new byte[22];
        (directory[2], directory[4], directory[6], directory[7]) = (1, 1, (byte)photo.Width, (byte)photo.Height);
        BinaryPrimitives.WriteInt32LittleEndian(directory.AsSpan(14), png.Length);
        BinaryPrimitives.WriteInt32LittleEndian(directory.AsSpan(18), directory.Length);
        return [.. directory, .. png];
    }

    /// <summary>A wireless bitmap, which begins with two zeros and its size.</summary>
    public static byte[] Wbmp(Photo photo)
    {
        int width = Math.Min(photo.Width, 127), height = Math.Min(photo.Height, 127);
        return [0, 0, (byte)width, (byte)height, .. new byte[(width + 7) / 8 * height]];
    }

    private static byte[] Bmp(Photo photo, int bits, int compression, byte[] rows)
    {
        int colors = bits == 8 ? 256 : 0;
        var header = new byte[54 + 4 * colors];
        "BM"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(2), header.Length + rows.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(10), header.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(18), photo.Width);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(22), photo.Height);
        header[26] = 1;
        header[28] = (byte)bits;
        header[30] = (byte)compression;
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(34), rows.Length);
        for (int i = 0; i < colors; i++)
        {
            header.AsSpan(54 + 4 * i, 3).Fill((byte)i);
        }

        return [.. header, .. rows];
    }
}
