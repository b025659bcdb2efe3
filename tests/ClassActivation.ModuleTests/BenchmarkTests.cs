using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>Runs the benchmark, as small as it gets.</summary>
public sealed class BenchmarkTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SmallestRun_WritesFiguresOfEveryMeasurement()
    {
        string command = $"""
            & dotnet '{BenchmarkProgram()}' --host ([Environment]::ProcessPath) --module '{TestPaths.Manifest}' --photos '{TestPaths.Samples}' --output '{_folder.Path}' --count 2 --rounds 1 --growth 2
            """;
        (int exitCode, string output) = Run("run", "tools/pwsh.cs", "--", "-Command", command);

        Assert.True(exitCode == 0, output);
        using JsonDocument report = JsonDocument.Parse(File.ReadAllText(_folder.File("benchmark.json")));
        JsonElement[] throughput = [.. report.RootElement.GetProperty("throughput").EnumerateArray()];
        Assert.Equal(1, throughput[0].GetProperty("ratioToFloor").GetDouble());
        Assert.All(throughput, static row => Assert.True(row.GetProperty("millisecondsPerPhoto").GetDouble() > 0));
        Assert.All(throughput, static row => Assert.True(row.GetProperty("peakMegabytes").GetDouble() > 0));
        Assert.True(report.RootElement.GetProperty("firstMap")[0].GetProperty("importToMapSeconds").GetDouble() > 0);
        Assert.Equal(1600, report.RootElement.GetProperty("largePhoto")[1].GetProperty("maxSize").GetInt32());
        Assert.Equal(2, report.RootElement.GetProperty("growth")[0].GetProperty("photos").GetInt32());
        string table = File.ReadAllText(_folder.File("benchmark.md"));
        Assert.Contains("ONNX Runtime alone", table, StringComparison.Ordinal);
        Assert.Contains(table.Trim(), output.ReplaceLineEndings(), StringComparison.Ordinal);
    }

    // Built beside these tests, in the same configuration and for the same framework.
    private static string BenchmarkProgram() => Path.Combine(
        AppContext.BaseDirectory.Replace("ClassActivation.ModuleTests", "ClassActivation.Benchmarks", StringComparison.Ordinal),
        "ClassActivation.Benchmarks.dll");

    private static (int ExitCode, string Output) Run(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = TestPaths.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }
}
