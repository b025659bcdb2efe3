using System.Security.Cryptography;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>The same inputs give the same bytes.</summary>
public sealed class DeterminismTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ResNet50")]
    [InlineData("ResNet50-Int8")]
    public async Task Maps_and_pictures_are_the_same_in_any_run(string model)
    {
        string cache = _folder.File("cache");
        // The first run optimises the network, the second finds it optimised, the third knows no cache.
        string first = await Hash(model, 2, cache);

        Assert.Equal(first, await Hash(model, 8, cache));
        Assert.Equal(first, await Hash(model, 1, "off"));
    }

    [Fact]
    public async Task Runspaces_side_by_side_give_the_same_bytes()
    {
        string[] hashes = await Task.WhenAll(Enumerable.Range(1, 4).Select(i => Task.Run(() =>
        {
            using var engine = new Engine();
            return engine.Run<string>(Script("ResNet50", i, _folder.File($"out{i}")));
        })));

        Assert.Single(hashes.Distinct());
    }

    [Fact]
    public async Task Networks_are_the_same_files_whoever_makes_them()
    {
        string models = Path.Combine(TestPaths.Root, "models");
        string[] zones = ["Asia/Kathmandu", "America/St_Johns"];
        string[] cultures = ["de-DE", "ar-SA"];

        await Task.WhenAll(Enumerable.Range(0, 2).Select(async i =>
        {
            string script = $$"""
                [System.Globalization.CultureInfo]::CurrentCulture = '{{cultures[i]}}'
                $null = ConvertTo-QuantizedCamModel -DestinationPath '{{_folder.File($"{i}/ResNet50-Int8.onnx")}}' -RangePath '{{Path.Combine(models, "ResNet50.ranges.tsv")}}'
                """;
            ChildEngine.Result result = await ChildEngine.Run(script, [("TZ", zones[i])]);
            Assert.Empty(result.Errors);
        }));

        foreach (string name in new[] { "ResNet50-Int8.onnx", "ResNet50-Int8.onnx.data" })
        {
            Assert.All([0, 1], i => Assert.Equal(HashOf(Path.Combine(models, name)), HashOf(_folder.File($"{i}/{name}"))));
        }
    }

    private static string HashOf(string path) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));

    private async Task<string> Hash(string model, int throttleLimit, string cache)
    {
        ChildEngine.Result result = await ChildEngine.Run(
            Script(model, throttleLimit, _folder.File($"{model}-{throttleLimit}")), [("CLASSACTIVATION_CACHE", cache)]);
        Assert.Empty(result.Errors);
        return Assert.Single(result.Output);
    }

    /// <summary>A script that hashes the maps of photos and their overlays.</summary>
    private static string Script(string model, int throttleLimit, string folder) => $$"""
        $hash = [System.Security.Cryptography.IncrementalHash]::CreateHash('SHA256')
        $maps = Get-ClassActivationMap '{{TestPaths.Samples}}/c*.*', '{{TestPaths.Sample("flower.jpg")}}' -Model {{model}} -Top 2 -ThrottleLimit {{throttleLimit}}
        foreach ($map in $maps) {
            foreach ($row in $map.Map) { foreach ($value in $row) { $hash.AppendData([BitConverter]::GetBytes([float] $value)) } }
            $hash.AppendData([BitConverter]::GetBytes([double] $map.Probability))
        }
        $maps | Export-CamOverlay '{{folder}}' -ThrottleLimit {{throttleLimit}} | ForEach-Object { $hash.AppendData([System.IO.File]::ReadAllBytes($_.FullName)) }
        [Convert]::ToHexString($hash.GetHashAndReset())
        """;
}
