using System.Buffers;

namespace ClassActivation.Photos;

/// <summary>
/// Lends arrays of pixels, and takes them back from those who know that nobody else has them: fresh memory for each photo
/// costs time, and lets the heap grow until the garbage collector goes through all of it.
/// </summary>
internal static class PixelPool
{
    // Larger photos are few, and what is kept for them would be missed elsewhere.
    private const int LargestKept = 1 << 24;

    // What the two stages of a pipeline hold at most: four photos and four pictures for each processor.
    private static readonly ArrayPool<byte> Kept = ArrayPool<byte>.Create(LargestKept, 8 * Environment.ProcessorCount);

    /// <summary>An array of this length or more with any content.</summary>
    /// <param name="length">The length in bytes.</param>
    public static byte[] Rent(int length) =>
        length <= LargestKept ? Kept.Rent(length) : GC.AllocateUninitializedArray<byte>(length);

    /// <summary>Takes back an array from here that nobody uses any more.</summary>
    /// <param name="pixels">The array.</param>
    public static void Return(byte[] pixels)
    {
        if (pixels.Length <= LargestKept)
        {
            Kept.Return(pixels);
        }
    }
}
