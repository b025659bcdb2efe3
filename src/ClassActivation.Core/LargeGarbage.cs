namespace ClassActivation;

/// <summary>What is left behind where a network was written: arrays as large as its weights.</summary>
internal static class LargeGarbage
{
    /// <summary>
    /// Has it collected, and gives its memory back to the system: by itself the garbage collector waits until as much again was made.
    /// It takes tens of milliseconds, where writing a network takes seconds.
    /// </summary>
    public static void Collect()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        NativeHeap.Trim();
    }
}
