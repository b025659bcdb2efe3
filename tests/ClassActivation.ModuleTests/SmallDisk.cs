using System.Diagnostics;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>A small file system in memory, where this user may mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    public const string Filling = "filling";

    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    public static SmallDisk Mount(string path, string size = "4m")
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root may mount a small disk.");
        Directory.CreateDirectory(path);
        Skip.IfNot(Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path), "No small disk could be mounted here.");
        return new SmallDisk(path);
    }

    public void Fill()
    {
        try
        {
            using FileStream file = File.Create(System.IO.Path.Combine(Path, Filling), 1);
            byte[] block = new byte[4096];
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // Full, as was wanted.
        }
    }

    public void MakeReadOnly() => Skip.IfNot(Run("mount", "-o", "remount,ro", Path), "It could not be made read-only.");

    public void Dispose() => Run("umount", "-l", Path);

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
