using System.Runtime.InteropServices;

namespace ClassActivation.Tests;

public sealed unsafe class NativeHeapTests
{
    [SkippableFact]
    public void Trim_GivesBackWhatWasFreed()
    {
        Skip.IfNot(NativeLibrary.TryLoad("libc.so.6", out _), "Only glibc keeps what was freed and can be told not to.");
        const int Count = 2000;
        const int Size = 64 << 10;
        var blocks = new nint[Count];
        for (int block = 0; block < Count; block++)
        {
            blocks[block] = (nint)NativeMemory.Alloc(Size);
            new Span<byte>((void*)blocks[block], Size).Fill(1);
        }

        // The last one stays: glibc gives back by itself what lies behind it.
        foreach (nint block in blocks[..^1])
        {
            NativeMemory.Free((void*)block);
        }

        long before = Environment.WorkingSet;
        NativeHeap.Trim();
        long after = Environment.WorkingSet;
        NativeMemory.Free((void*)blocks[^1]);

        Assert.True(before - after > Count * Size / 2, $"{before:N0} bytes before, {after:N0} after");
    }
}
