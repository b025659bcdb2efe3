using System.Globalization;
using System.Runtime.InteropServices;

namespace ClassActivation;

/// <summary>What a file system says of a file beyond what .NET asks for. Only on Linux.</summary>
internal static unsafe partial class FileStatus
{
    private const int WorkingDirectory = -100;
    private const uint TypeWanted = 0x1;
    private const uint ChangeTimeWanted = 0x80;

    // struct statx of Linux, which is the same on every processor.
    private const int StructureSize = 256;
    private const int ModeOffset = 28;
    private const int SecondsOffset = 96;
    private const int NanosecondsOffset = 104;

    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int Folder = 0x4000;

    /// <summary>
    /// When a file last changed in any way, as the file system notes it by itself. Programs set the time of the last write as
    /// they please, and copying keeps it; this time they cannot set, so that a file of the same one holds the same bytes.
    /// </summary>
    /// <param name="path">The full path of the file; a link stands for its target.</param>
    /// <returns>The time as text; null where this system or the file's own does not tell it.</returns>
    public static string? ChangeTime(string path)
    {
        Span<byte> status = stackalloc byte[StructureSize];
        return !TryRead(path, ChangeTimeWanted, status) ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{MemoryMarshal.Read<long>(status[SecondsOffset..])}.{MemoryMarshal.Read<uint>(status[NanosecondsOffset..]):D9}");
    }

    /// <summary>
    /// Whether a path is that of a pipe, a socket or a device: reading one may wait for ever, and has no end to come to.
    /// </summary>
    /// <param name="path">The path; a link stands for its target.</param>
    public static bool IsPipeOrDevice(string path)
    {
        Span<byte> status = stackalloc byte[StructureSize];
        if (TryRead(path, TypeWanted, status))
        {
            return (MemoryMarshal.Read<ushort>(status[ModeOffset..]) & TypeMask) is not (RegularFile or Folder);
        }

        // Elsewhere they look like empty files. On Windows they have names of their own, which are opened without waiting.
        try
        {
            return !OperatingSystem.IsWindows() && !OperatingSystem.IsLinux()
                && (File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo ?? new FileInfo(path)) is { Exists: true, Length: 0 };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="IOException">It is a pipe, a socket or a device, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream OpenRead(string path) => Open(path, FileShare.Read);

    /// <summary>Opens a file for reading that others may write meanwhile.</summary>
    /// <exception cref="IOException">It is a pipe, a socket or a device, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream OpenShared(string path) => Open(path, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>The lines of a text file.</summary>
    /// <exception cref="IOException">It is a pipe, a socket or a device, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string[] ReadAllLines(string path)
    {
        using var reader = new StreamReader(OpenRead(path));
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        return [.. lines];
    }

    private static FileStream Open(string path, FileShare share) => !IsPipeOrDevice(path)
        ? new FileStream(path, FileMode.Open, FileAccess.Read, share)
        : throw new IOException($"'{path}' is no file but a pipe or a device; save it to a file first.");

    private static bool TryRead(string path, uint wanted, Span<byte> status)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        fixed (byte* address = status)
        {
            try
            {
                return Read(WorkingDirectory, path, 0, wanted, address) == 0 && (MemoryMarshal.Read<uint>(status) & wanted) == wanted;
            }
            catch (EntryPointNotFoundException)
            {
                // C libraries from before 2018.
                return false;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Read(int directory, string path, int flags, uint mask, byte* status);
}
