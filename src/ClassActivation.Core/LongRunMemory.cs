namespace ClassActivation;

/// <summary>
/// Keeps what photos leave behind from piling up in a run over many of them. The garbage collector lets new objects grow to the
/// size of the processor's cache before it looks at them, which on large servers is hundreds of megabytes; a look takes a
/// millisecond. A run over few photos, in a process that belongs to somebody else, leaves the collector alone.
/// </summary>
internal sealed class LongRunMemory
{
    /// <summary>So many photos are few.</summary>
    public const int FewPhotos = 32;

    private const long Limit = 8 << 20;

    // What was in use at a look is taken for old. It adds up to megabytes in some thousand photos.
    private const int LooksForOld = 16;

    private static long _seen;
    private static int _looks;

    private int _photos;

    /// <summary>
    /// To be called after each photo: has new objects collected and native memory given back, if the run is long and many
    /// objects were made since the last time.
    /// </summary>
    /// <returns>Whether that was done.</returns>
    public bool AfterPhoto()
    {
        long made = GC.GetTotalAllocatedBytes();
        long seen = Interlocked.Read(ref _seen);
        if (++_photos <= FewPhotos || made - seen < Limit || Interlocked.CompareExchange(ref _seen, made, seen) != seen)
        {
            return false;
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
        return true;
    }
}
