using System.Diagnostics;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Api;

/// <summary>The program of docs/csharp, which uses the library as others would: compiled and run.</summary>
public sealed class ProgramTests
{
    [Fact]
    public async Task Twenty_lines_take_a_strangers_network_to_an_overlay()
    {
        using var folder = new TemporaryFolder();
        string program = Path.Combine(Locations.Repository(), "docs", "csharp", "Explain.cs");
        string overlay = folder.File("overlay.png");
        string host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

        using var process = Process.Start(new ProcessStartInfo(
            host,
            [
                "run", "-c", "Release", program, "--",
                Path.Combine(AppContext.BaseDirectory, "Methods", "small-dense.onnx"),
                Path.Combine(Locations.Repository(), "samples", "chelsea.png"),
                overlay,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.True(process.ExitCode == 0, said + await errors);
        Assert.Matches(@": logit -?\d+\.\d{3}, \d+x\d+ values", said);
        Photo drawn = PhotoDecoder.Decode(PhotoSource.FromFile(overlay));
        Photo photo = PhotoDecoder.Decode(PhotoSource.FromFile(Path.Combine(Locations.Repository(), "samples", "chelsea.png")));
        Assert.Equal((photo.Width, photo.Height), (drawn.Width, drawn.Height));
        Assert.InRange(
            File.ReadLines(program).SkipWhile(static line => !line.StartsWith("string ", StringComparison.Ordinal)).Count(), 1, 20);
    }
}
