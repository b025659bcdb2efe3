using System.Diagnostics;
using System.Globalization;

namespace ClassActivation.Benchmarks;

/// <summary>What another process holds.</summary>
/// <param name="Megabytes">Its physical memory now.</param>
/// <param name="PeakMegabytes">Its physical memory at most.</param>
/// <param name="Threads">Its threads.</param>
/// <param name="OpenFiles">Its open files, pipes and sockets; on Windows its handles.</param>
internal readonly record struct ProcessState(double Megabytes, double PeakMegabytes, int Threads, int OpenFiles)
{
    /// <summary>What a process holds now.</summary>
    public static ProcessState Of(Process process)
    {
        process.Refresh();
        int threads = process.Threads.Count;
        if (OperatingSystem.IsLinux())
        {
            string[] status = File.ReadAllLines($"/proc/{process.Id}/status");
            return new(
                Read(status, "VmRSS:"), Read(status, "VmHWM:"), threads, Directory.GetFileSystemEntries($"/proc/{process.Id}/fd").Length);
        }

        // macOS keeps no peak of other processes.
        double now = process.WorkingSet64 / 1e6;
        return new(now, Math.Max(now, process.PeakWorkingSet64 / 1e6), threads, process.HandleCount);
    }

    private static double Read(string[] status, string key)
    {
        string line = status.First(line => line.StartsWith(key, StringComparison.Ordinal));
        return double.Parse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
