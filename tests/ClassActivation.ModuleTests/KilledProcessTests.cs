using System.Diagnostics;
using System.Security.Cryptography;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>A process that is killed leaves whole files only, and networks whose weights are their own.</summary>
public sealed class KilledProcessTests : IDisposable
{
    private const int Kills = 2;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pictures_are_whole_at_whatever_moment_the_process_is_killed()
    {
        string script = $$"""
            $maps = Get-ClassActivationMap '{{TestPaths.Sample("chelsea.png")}}', '{{TestPaths.Sample("coffee.png")}}'
            $ErrorActionPreference = 'Stop'
            while ($true) {
                $maps | Export-CamOverlay '{{_folder.Path}}' -Format Png
                $maps | Get-CamRegion -AsGiven | Export-CamCrop '{{_folder.Path}}' -Format Png
                $maps | Export-CamSheet '{{_folder.File("sheet.png")}}'
            }
            """;
        await KillOften(script, "*.png", TimeSpan.FromSeconds(0.7));

        using var engine = new Engine();
        string[] pictures = Directory.GetFiles(_folder.Path, "*.png");
        Assert.NotEmpty(pictures);
        Assert.All(pictures, picture => Assert.True(Picture.Read(engine, picture).Width > 0));
        Assert.All(
            Directory.GetFiles(_folder.Path).Except(pictures),
            static file => Assert.Matches(@"^\.ClassActivation-\w{32}\.tmp$", Path.GetFileName(file)));
    }

    [Fact]
    public async Task A_network_never_stands_beside_the_weights_of_another()
    {
        (string, object?)[] variables =
        [
            ("ranges", Path.Combine(TestPaths.Root, "models", "ResNet50.ranges.tsv")), ("folder", _folder.Path)
        ];
        using var engine = new Engine();
        engine.Run(
            "foreach ($bits in 7, 8) { $null = ConvertTo-QuantizedCamModel -DestinationPath $folder/whole/$bits/network.onnx -RangePath"
            + " $ranges -WeightBits $bits }",
            variables);
        string script = $$"""
            $ErrorActionPreference = 'Stop'
            while ($true) {
                foreach ($bits in 7, 8) { $null = ConvertTo-QuantizedCamModel -DestinationPath '{{_folder.File("network.onnx")}}' -RangePath '{{variables[0].Item2}}' -WeightBits $bits }
            }
            """;
        await KillOften(script, "network.onnx", TimeSpan.FromSeconds(1.5), Check);

        void Check()
        {
            if (File.Exists(_folder.File("network.onnx")))
            {
                Assert.Contains(Pair(_folder.Path), new[] { Pair(_folder.File("whole/7")), Pair(_folder.File("whole/8")) });
            }

            Assert.All(
                Directory.GetFiles(_folder.Path).Select(Path.GetFileName),
                static name => Assert.Matches(@"^(network\.onnx(\.data)?|\.ClassActivation-\w{32}\.tmp)$", name));
        }
    }

    private static string Pair(string folder) => string.Join(' ', new[] { "network.onnx", "network.onnx.data" }
        .Select(name => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, name))))));

    private async Task KillOften(string script, string firstFile, TimeSpan longest, Action? check = null)
    {
        for (int i = 0; i < Kills; i++)
        {
            DateTime[] before = Times(firstFile);
            using Process process = ChildEngine.Start(script);
            Task<string> errors = process.StandardError.ReadToEndAsync();
            while (Times(firstFile).SequenceEqual(before) && !process.HasExited)
            {
                await Task.Delay(20);
            }

            await Task.Delay(longest * Random.Shared.NextDouble());
            bool ran = !process.HasExited;
            process.Kill();
            await process.WaitForExitAsync();
            Assert.True(ran, await errors);
            check?.Invoke();
        }
    }

    private DateTime[] Times(string pattern) => [.. Directory.GetFiles(_folder.Path, pattern).Order().Select(File.GetLastWriteTimeUtc)];
}
