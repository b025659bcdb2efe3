using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ClassActivation.Photos;

/// <summary>
/// The memory that a decoder needs for a JPEG of several scans besides its pixels: all coefficients of the picture, since each
/// scan brings a part of each. Where it cannot have it, libjpeg writes a line of its own and calls the picture damaged.
/// </summary>
internal static unsafe class JpegMemory
{
    private const int BlockSide = 8;
    private const int BytesPerBlock = BlockSide * BlockSide * sizeof(short);

    /// <summary>Takes as much memory for a moment.</summary>
    /// <exception cref="OutOfMemoryException">There is not enough.</exception>
    public static void CheckCoefficients(ReadOnlySpan<byte> jpeg) => NativeMemory.Free(NativeMemory.Alloc((nuint)CoefficientBytes(jpeg)));

    /// <summary>The bytes of all coefficients; 0 where the file has no header of a frame.</summary>
    public static long CoefficientBytes(ReadOnlySpan<byte> jpeg)
    {
        ReadOnlySpan<byte> frame = Frame(jpeg);
        if (frame.Length < 6)
        {
            return 0;
        }

        int height = BinaryPrimitives.ReadUInt16BigEndian(frame[1..]), width = BinaryPrimitives.ReadUInt16BigEndian(frame[3..]);
        ReadOnlySpan<byte> components = frame[6..Math.Min(6 + (frame[5] * 3), frame.Length)];
        int mostAcross = 1, mostDown = 1;
        for (int i = 0; i + 3 <= components.Length; i += 3)
        {
            mostAcross = Math.Max(mostAcross, components[i + 1] >> 4);
            mostDown = Math.Max(mostDown, components[i + 1] & 15);
        }

        long bytes = 0;
        for (int i = 0; i + 3 <= components.Length; i += 3)
        {
            long across = Blocks(width, components[i + 1] >> 4, mostAcross), down = Blocks(height, components[i + 1] & 15, mostDown);
            bytes += across * down * BytesPerBlock;
        }

        return bytes;
    }

    // In whole units of all components together.
    private static long Blocks(int side, int sampling, int mostSampling) =>
        (side + (long)(BlockSide * mostSampling) - 1) / (BlockSide * mostSampling) * sampling;

    // What follows the length of the frame's segment: precision, height, width, and the components.
    private static ReadOnlySpan<byte> Frame(ReadOnlySpan<byte> jpeg)
    {
        for (int at = 2; at + 4 <= jpeg.Length && jpeg[at] == 0xFF;)
        {
            byte marker = jpeg[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return jpeg[(at + 4)..Math.Min(at + 2 + Math.Max(length, 2), jpeg.Length)];
            }

            at += 2 + length;
        }

        return [];
    }
}
