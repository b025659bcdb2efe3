namespace ClassActivation.Tests;

/// <summary>Only long runs have the process's memory collected.</summary>
public sealed class LongRunMemoryTests
{
    [Fact]
    public void Few_photos_leave_the_collector_alone_and_many_do_not()
    {
        var memory = new LongRunMemory();

        Assert.All(Enumerable.Range(0, LongRunMemory.FewPhotos), _ => Assert.False(Take(memory)));
        // Other runs, of tests at the same time, may have had it collected just before.
        Assert.Contains(Enumerable.Range(0, 20), _ => Take(memory));
    }

    private static bool Take(LongRunMemory memory)
    {
        GC.KeepAlive(new byte[10 << 20]);
        return memory.AfterPhoto();
    }
}
