namespace ClassActivation.Isolation;

/// <summary>How a process of its own is started, and what it may use.</summary>
public sealed record IsolationOptions
{
    private const long UsualMemory = 4L << 30;

    /// <summary>
    /// The program to start, which must call <c>WorkerProgram.Run</c> and end with it; it inherits the environment.
    /// </summary>
    public required string FileName { get; init; }

    /// <summary>The program's arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Variables to add to the environment that the program inherits.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The most memory in bytes that the process may hold: 4 GiB, or half of what there is where that is less.</summary>
    public long MemoryLimit { get; init; } = Math.Min(UsualMemory, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);

    /// <summary>The longest time that one request may take; 100 seconds.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(100);
}
