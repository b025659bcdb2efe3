namespace ClassActivation;

/// <summary>
/// Keeps what photos leave behind from piling up. The garbage collector lets new objects grow to the size of the
/// processor's cache before it looks at them, which on large servers is hundreds of megabytes; a look takes a millisecond.
/// </summary>
internal static class PhotoGarbage
{
    private const long Limit = 8 << 20;

    // What was in use at a look is taken for old. It adds up to megabytes in some thousand photos.
    private const int LooksForOld = 16;

    private static long _seen;
    private static int _looks;

    /// <summary>Has new objects collected and native memory given back, if many objects were made since the last time; to be called once in a while.</summary>
    public static void CollectIfMuch()
    {
        long made = GC.GetTotalAllocatedBytes();
        long seen = Interlocked.Read(ref _seen);
        if (made - seen < Limit || Interlocked.CompareExchange(ref _seen, made, seen) != seen)
        {
            return;
        }

        if (Interlocked.Increment(ref _looks) % LooksForOld == 0)
        {
            GC.Collect(2, GCCollectionMode.Forced, blocking: false);
        }
        else
        {
            GC.Collect(1, GCCollectionMode.Forced, blocking: true);
        }

        NativeHeap.Trim();
    }
}
