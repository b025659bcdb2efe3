using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ClassActivation.Interchange;

/// <summary>Grids of numbers in NumPy's file format <c>.npy</c>.</summary>
public static class NpyFile
{
    // More cells than any map has, and few enough to be no burden.
    private const int LargestGrid = 1 << 26;
    private const int LongestHeader = 1 << 16;

    private static readonly Regex TypePattern = new(@"'descr'\s*:\s*'([<>|=][a-z]\d+)'");
    private static readonly Regex ShapePattern = new(@"'shape'\s*:\s*\(([0-9, ]*)\)");
    private static readonly Regex FortranPattern = new(@"'fortran_order'\s*:\s*True");

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Writes a grid as float32, row by row.</summary>
    /// <param name="values">The values, row by row.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="stream">Where the bytes go; not closed.</param>
    public static void Write(ReadOnlySpan<float> values, int rows, int columns, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, checked(rows * columns));
        string header = string.Create(
            CultureInfo.InvariantCulture, $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
        const int Start = 10;
        int length = (Start + header.Length + 1 + 63) / 64 * 64;
        var bytes = new byte[length + (4 * values.Length)];
        Magic.CopyTo(bytes);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)(length - Start));
        bytes.AsSpan(Start, length - Start).Fill((byte)' ');
        Encoding.ASCII.GetBytes(header, bytes.AsSpan(Start));
        bytes[length - 1] = (byte)'\n';
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(length + (4 * i)), values[i]);
        }

        stream.Write(bytes);
    }

    /// <summary>Reads a grid of two dimensions; further dimensions of length 1 are left out.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="name">What messages call it.</param>
    /// <returns>The values, row by row, and the numbers of rows and columns.</returns>
    /// <exception cref="InvalidDataException">The file is no such grid of float16, float32, float64 or bytes, or ends too soon.</exception>
    public static (float[] Values, int Rows, int Columns) Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            return Read(stream);
        }
        catch (Exception e) when (e is FormatException or EndOfStreamException or OverflowException)
        {
            throw new InvalidDataException(
                $"'{name}' is no map as NumPy writes it: {(e is EndOfStreamException ? "it ends too soon" : e.Message)}.", e);
        }
    }

    private static (float[] Values, int Rows, int Columns) Read(Stream stream)
    {
        var start = new byte[12];
        stream.ReadExactly(start, 0, 10);
        if (!start.AsSpan(0, 6).SequenceEqual(Magic))
        {
            throw new FormatException("it does not start as a file of NumPy");
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(start.AsSpan(8));
        if (start[6] > 1)
        {
            stream.ReadExactly(start, 10, 2);
            length = BinaryPrimitives.ReadInt32LittleEndian(start.AsSpan(8));
        }

        if (length is <= 0 or > LongestHeader)
        {
            throw new FormatException("its header has an impossible length");
        }

        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        string header = Encoding.Latin1.GetString(bytes);
        Match type = TypePattern.Match(header);
        Match shape = ShapePattern.Match(header);
        if (!type.Success || !shape.Success)
        {
            throw new FormatException("its header names no type or shape");
        }

        int[] sides =
        [
            .. shape.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(static side => int.Parse(side, NumberStyles.None, CultureInfo.InvariantCulture)),
        ];
        int[] grid = sides.Length <= 2 ? sides : [.. sides[..^2].Where(static side => side != 1), .. sides[^2..]];
        if (grid.Length != 2 || grid[0] < 1 || grid[1] < 1 || (long)grid[0] * grid[1] > LargestGrid)
        {
            throw new FormatException($"its shape is ({string.Join(", ", sides)}), and not rows and columns");
        }

        float[] values = ReadValues(stream, type.Groups[1].Value, grid[0] * grid[1]);
        return (FortranPattern.IsMatch(header) ? Transpose(values, grid[0], grid[1]) : values, grid[0], grid[1]);
    }

    private static float[] ReadValues(Stream stream, string type, int count)
    {
        bool isBig = type[0] == '>';
        int size = type[1..] switch
        {
            "f2" => 2,
            "f4" => 4,
            "f8" => 8,
            "u1" => 1,
            _ => throw new FormatException($"its values are of the type '{type}'; float16, float32, float64 and bytes can be read"),
        };
        var values = new float[count];
        var bytes = new byte[size * Math.Min(count, 1 << 16)];
        for (int first = 0; first < count; first += 1 << 16)
        {
            int here = Math.Min(count - first, 1 << 16);
            stream.ReadExactly(bytes, 0, size * here);
            for (int i = 0; i < here; i++)
            {
                ReadOnlySpan<byte> at = bytes.AsSpan(size * i, size);
                values[first + i] = size switch
                {
                    1 => at[0],
                    2 => (float)(isBig ? BinaryPrimitives.ReadHalfBigEndian(at) : BinaryPrimitives.ReadHalfLittleEndian(at)),
                    4 => isBig ? BinaryPrimitives.ReadSingleBigEndian(at) : BinaryPrimitives.ReadSingleLittleEndian(at),
                    _ => (float)(isBig ? BinaryPrimitives.ReadDoubleBigEndian(at) : BinaryPrimitives.ReadDoubleLittleEndian(at)),
                };
            }
        }

        return values;
    }

    private static float[] Transpose(float[] values, int rows, int columns)
    {
        var transposed = new float[values.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                transposed[(row * columns) + column] = values[(column * rows) + row];
            }
        }

        return transposed;
    }
}
