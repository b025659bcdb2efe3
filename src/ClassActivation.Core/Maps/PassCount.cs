namespace ClassActivation.Maps;

/// <summary>Counts forward passes that many threads make, for whoever shows how far they are.</summary>
public sealed class PassCount
{
    private int _done;
    private int _expected;

    /// <summary>The passes that are done.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>The passes that were begun with, done or not.</summary>
    public int Expected => Volatile.Read(ref _expected);

    internal void Expect(int passes) => Interlocked.Add(ref _expected, passes);

    internal void Advance() => Interlocked.Increment(ref _done);
}
