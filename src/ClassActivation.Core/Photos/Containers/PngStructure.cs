using System.Buffers.Binary;

namespace ClassActivation.Photos.Containers;

/// <summary>The chunks that make up a PNG file (PNG specification, third edition, section 5).</summary>
internal static class PngStructure
{
    private const int ChunkOverhead = 12;
    private const int OptionalBit = 0x20;

    // The largest is a palette of 256 colours.
    private const int LargestBesidePixels = 768;

    /// <summary>The bytes with which every PNG file begins.</summary>
    public static ReadOnlySpan<byte> Start => [0x89, (byte)'P', (byte)'N', (byte)'G'];

    /// <summary>Whether the file is of the form that Apple's tools put into apps, which no other program reads.</summary>
    public static bool IsOfApp(ReadOnlySpan<byte> png) => png.Length >= HeaderLength && png[(2 * Start.Length + 4)..].StartsWith("CgBI"u8);

    /// <summary>How many bytes of a file tell its size.</summary>
    public static int HeaderLength => 24;

    /// <summary>The size that the header states.</summary>
    public static (int Width, int Height) ReadSize(ReadOnlySpan<byte> header) =>
        (BinaryPrimitives.ReadInt32BigEndian(header[16..]), BinaryPrimitives.ReadInt32BigEndian(header[20..]));

    /// <summary>
    /// Moves the chunks that the pixels depend on to the front. The decoder would unpack every profile and text, and takes
    /// time that grows with the square of a description's length.
    /// </summary>
    /// <param name="png">The file. What lies behind the returned length is left as it happens to be.</param>
    /// <returns>The length of the file without its profile, texts, descriptions and further frames.</returns>
    public static int KeepPixels(Span<byte> png)
    {
        int kept = 2 * Start.Length;
        for (int at = kept; at + ChunkOverhead <= png.Length;)
        {
            ReadOnlySpan<byte> type = png.Slice(at + 4, 4);
            bool isPixels = type.SequenceEqual("IDAT"u8);
            long length = BinaryPrimitives.ReadUInt32BigEndian(png[at..]);
            if (length > (isPixels ? int.MaxValue : LargestBesidePixels) && (type[0] & OptionalBit) == 0)
            {
                return kept;
            }

            int size = (int)Math.Min(length + ChunkOverhead, png.Length - at);
            if ((type[0] & OptionalBit) == 0 || (type.SequenceEqual("tRNS"u8) && length <= LargestBesidePixels))
            {
                png.Slice(at, size).CopyTo(png[kept..]);
                kept += size;
            }

            at += size;
        }

        return Math.Min(kept, png.Length);
    }
}
