using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ClassActivation.Isolation;

/// <summary>
/// Has the system refuse memory beyond a limit to a process, so that it fails there before it is in need anywhere. Only on
/// Linux; everywhere a process is also watched.
/// </summary>
internal static unsafe partial class MemoryLimit
{
    // RLIMIT_DATA: what may be written to. What .NET reserves and does not use is no part of it.
    private const int WritableMemory = 2;

    /// <summary>Sets the limit of a running process; does nothing where the system has none.</summary>
    public static void Set(Process process, long bytes)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            return;
        }

        ulong* limit = stackalloc ulong[] { (ulong)bytes, (ulong)bytes };
        try
        {
            _ = SetLimit(process.Id, WritableMemory, limit, null);
        }
        catch (EntryPointNotFoundException)
        {
            // It is watched all the same.
        }
    }

    [LibraryImport("libc", EntryPoint = "prlimit")]
    private static partial int SetLimit(int process, int resource, ulong* limit, ulong* old);
}
