using System.Diagnostics;
using System.Globalization;

namespace ClassActivation.Benchmarks;

/// <summary>The physical memory of another process.</summary>
internal static class ProcessMemory
{
    /// <summary>What the process holds now and held at most, in megabytes.</summary>
    public static (double Now, double Peak) Of(Process process)
    {
        if (OperatingSystem.IsLinux())
        {
            string[] status = File.ReadAllLines($"/proc/{process.Id}/status");
            return (Read(status, "VmRSS:"), Read(status, "VmHWM:"));
        }

        process.Refresh();
        // macOS keeps no peak of other processes.
        double now = process.WorkingSet64 / 1e6;
        return (now, Math.Max(now, process.PeakWorkingSet64 / 1e6));
    }

    private static double Read(string[] status, string key)
    {
        string line = status.First(line => line.StartsWith(key, StringComparison.Ordinal));
        return double.Parse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
