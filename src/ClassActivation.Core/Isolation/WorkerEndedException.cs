using System.Globalization;

namespace ClassActivation.Isolation;

/// <summary>Why a process that work was given to is gone.</summary>
internal enum WorkerEnd
{
    /// <summary>It could not be started.</summary>
    NotStarted,

    /// <summary>It ended by itself or by a signal.</summary>
    Crashed,

    /// <summary>It held more memory than it may, and was ended.</summary>
    MemoryLimit,

    /// <summary>It worked for longer than it may, and was ended.</summary>
    TimeLimit,

    /// <summary>The work was cancelled, or is no longer wanted.</summary>
    Stopped,
}

/// <summary>The process that work was given to is gone. The message is the end of a sentence about that process.</summary>
internal sealed class WorkerEndedException(WorkerEnd end, string message, bool wasShared = false, Exception? innerException = null)
    : Exception(ShownText.Of(message), innerException)
{
    // Unix: 128 and the signal's number. Windows: the status.
    private static readonly Dictionary<int, string> Endings = new()
    {
        [132] = "by an instruction that the processor does not know",
        [134] = "by giving up (abort)",
        [135] = "by a fault of memory (bus error)",
        [136] = "by a division that the processor cannot do",
        [137] = "because the system or somebody else ended it, often for want of memory",
        [139] = "by a fault of memory",
        [unchecked((int)0xC0000005)] = "by a fault of memory",
        [unchecked((int)0xC000001D)] = "by an instruction that the processor does not know",
        [unchecked((int)0xC0000094)] = "by a division that the processor cannot do",
        [unchecked((int)0xC0000095)] = "by a division that the processor cannot do",
        [unchecked((int)0xC00000FD)] = "because its calls went too deep",
        [unchecked((int)0xC0000409)] = "by giving up (abort)",
    };

    /// <summary>Why.</summary>
    public WorkerEnd End { get; } = end;

    /// <summary>Whether other requests were under way, so that one of them may be the cause.</summary>
    public bool WasShared { get; } = wasShared;

    /// <summary>Says how a process ended.</summary>
    public static string Describe(int exitCode) => Endings.TryGetValue(exitCode, out string? how)
        ? $"ended {how}"
        : string.Create(CultureInfo.InvariantCulture, $"ended with the exit code {exitCode}");
}
