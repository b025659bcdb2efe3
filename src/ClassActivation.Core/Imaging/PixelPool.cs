namespace ClassActivation.Imaging;

/// <summary>
/// Lends arrays of pixels, and takes them back from those who know that nobody else has them: the photos of a folder have
/// few sizes, and fresh memory for each costs time and lets the heap grow. What is idle is the garbage collector's to free.
/// </summary>
internal static class PixelPool
{
    private const int MostIdle = 16;

    private static readonly List<WeakReference<byte[]>> Idle = [];

    /// <summary>An array of exactly this length with any content.</summary>
    /// <param name="length">The length in bytes.</param>
    public static byte[] Rent(int length)
    {
        lock (Idle)
        {
            for (int i = Idle.Count - 1; i >= 0; i--)
            {
                if (!Idle[i].TryGetTarget(out byte[]? pixels))
                {
                    Idle.RemoveAt(i);
                }
                else if (pixels.Length == length)
                {
                    Idle.RemoveAt(i);
                    return pixels;
                }
            }
        }

        return GC.AllocateUninitializedArray<byte>(length);
    }

    /// <summary>Takes back an array, from here or from elsewhere, that nobody uses any more.</summary>
    /// <param name="pixels">The array.</param>
    public static void Return(byte[] pixels)
    {
        lock (Idle)
        {
            if (Idle.Count == MostIdle)
            {
                Idle.RemoveAt(0);
            }

            Idle.Add(new WeakReference<byte[]>(pixels));
        }
    }
}
