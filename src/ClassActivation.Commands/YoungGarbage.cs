namespace ClassActivation.Commands;

/// <summary>
/// Keeps what each photo leaves behind from piling up. The garbage collector lets new objects grow to the size of the
/// processor's cache before it looks at them, which on large servers is hundreds of megabytes; a look takes a millisecond.
/// </summary>
internal static class YoungGarbage
{
    private const long Limit = 8 << 20;

    private static long _seen;

    /// <summary>Has new objects collected, if many were made since the last time; to be called once in a while.</summary>
    public static void CollectIfMuch()
    {
        long made = GC.GetTotalAllocatedBytes();
        long seen = Interlocked.Read(ref _seen);
        if (made - seen >= Limit && Interlocked.CompareExchange(ref _seen, made, seen) == seen)
        {
            GC.Collect(1, GCCollectionMode.Forced, blocking: true);
        }
    }
}
