using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Benchmarks;

/// <summary>The machine that a report comes from.</summary>
internal sealed record Machine(
    string Processor, int ProcessorCount, string OperatingSystem, string Runtime, string PowerShell, string OnnxRuntime)
{
    /// <summary>This machine.</summary>
    public static Machine Describe(string host) => new(
        ProcessorName(),
        Environment.ProcessorCount,
        $"{RuntimeInformation.OSDescription} ({RuntimeInformation.OSArchitecture})",
        RuntimeInformation.FrameworkDescription,
        Worker.RunToEnd(host, "[Console]::Out.WriteLine($PSVersionTable.PSVersion.ToString())").Output.Trim(),
        OrtEnv.Instance().GetVersionString());

    private static string ProcessorName()
    {
        const string cpuInfo = "/proc/cpuinfo";
        string? line = File.Exists(cpuInfo)
            ? File.ReadLines(cpuInfo).FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':', 2)[1].Trim()
            ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
