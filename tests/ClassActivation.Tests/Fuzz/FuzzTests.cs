using System.Diagnostics;
using ClassActivation.Fuzz;

namespace ClassActivation.Tests.Fuzz;

/// <summary>A short run of the fuzzer as <c>build.ps1 -Task Fuzz</c> runs it, and its promise that inputs can be made again.</summary>
public sealed class FuzzTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void DamagedPhotosNeitherEndNorStallAWorker()
    {
        (int exitCode, string output, string errors) = Run("--count", "400", "--seed", "20", "--workers", "1", "--output", _folder.Path);

        Assert.True(exitCode == 0, output + errors);
        Assert.Contains("Deaths: 0. Hangs: 0. Unhandled exceptions: 0.", output, StringComparison.Ordinal);
        Assert.Matches(@"all\s+400 ", output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void AnInputCanBeMadeAgain()
    {
        (int exitCode, string output, string errors) = Run("--replay", "17", "--seed", "20", "--output", _folder.Path);

        Assert.True(exitCode == 0, output + errors);
        string path = Assert.Single(Directory.EnumerateFiles(_folder.Path));
        Assert.Equal(FuzzInput.Make(20, 17).Content, File.ReadAllBytes(path));
    }

    [Fact]
    public void InputsDifferByIndexAndBySeed()
    {
        byte[][] inputs =
        [
            .. Enumerable.Range(0, 20).SelectMany(static i => new[] { FuzzInput.Make(1, i).Content, FuzzInput.Make(2, i).Content })
        ];

        Assert.InRange(inputs.DistinctBy(Convert.ToHexString).Count(), 35, 40);
    }

    private static (int ExitCode, string Output, string Errors) Run(params string[] arguments)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        using Process process = Process.Start(new ProcessStartInfo(host, [typeof(FuzzInput).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
