using System.Runtime.InteropServices;

namespace ClassActivation;

/// <summary>The heap that native libraries take their memory from.</summary>
internal static unsafe class NativeHeap
{
    // Of glibc alone; its manual page is malloc_trim(3).
    private static readonly delegate* unmanaged<nuint, int> s_trim = FindTrim();

    /// <summary>
    /// Gives back to the system what native libraries have freed. glibc keeps it for each of up to eight heaps per
    /// processor, so that a process grows for as long as threads take turns at them. Does nothing with other C libraries.
    /// </summary>
    public static void Trim()
    {
        if (s_trim != null)
        {
            _ = s_trim(0);
        }
    }

    private static delegate* unmanaged<nuint, int> FindTrim() =>
        OperatingSystem.IsLinux()
            && NativeLibrary.TryLoad("libc.so.6", out nint library)
            && NativeLibrary.TryGetExport(library, "malloc_trim", out nint trim)
            ? (delegate* unmanaged<nuint, int>)trim
            : null;
}
