using System.Globalization;
using System.Runtime.InteropServices;

namespace ClassActivation.Models;

/// <summary>
/// When a file last changed in any way, as the file system notes it by itself. Programs set the time of the last write as
/// they please, and copying keeps it; this time they cannot set, so that a file of the same one holds the same bytes.
/// </summary>
internal static unsafe partial class ChangeTime
{
    private const int WorkingDirectory = -100;
    private const uint ChangeTimeWanted = 0x80;

    // struct statx of Linux, which is the same on every processor.
    private const int StructureSize = 256;
    private const int SecondsOffset = 96;
    private const int NanosecondsOffset = 104;

    /// <summary>The time as text; null where this system or the file's own does not tell it.</summary>
    /// <param name="path">The full path of the file; a link stands for its target.</param>
    public static string? Of(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        Span<byte> status = stackalloc byte[StructureSize];
        fixed (byte* address = status)
        {
            try
            {
                if (Status(WorkingDirectory, path, 0, ChangeTimeWanted, address) != 0)
                {
                    return null;
                }
            }
            catch (EntryPointNotFoundException)
            {
                // C libraries from before 2018.
                return null;
            }
        }

        return (MemoryMarshal.Read<uint>(status) & ChangeTimeWanted) == 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{MemoryMarshal.Read<long>(status[SecondsOffset..])}.{MemoryMarshal.Read<uint>(status[NanosecondsOffset..]):D9}");
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int directory, string path, int flags, uint mask, byte* status);
}
