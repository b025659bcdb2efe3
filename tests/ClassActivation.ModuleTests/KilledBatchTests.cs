using System.Diagnostics;
using System.Security.Cryptography;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>Whatever ends a worker of a batch and whenever, the results are the bytes of an undisturbed run.</summary>
public sealed class KilledBatchTests : IDisposable
{
    private const string Kills = "CLASSACTIVATION_BATCH_KILLS";

    private readonly TestFolder _folder = new();

    public KilledBatchTests()
    {
        string[] samples = ["chelsea.png", "coffee.png", "flower.jpg"];
        for (int i = 0; i < 30; i++)
        {
            _folder.Copy(samples[i % samples.Length], $"photos/{i:00}/{samples[i % samples.Length]}");
        }

        File.WriteAllText(_folder.File("photos/07/broken.jpg"), "no photo");
        using var engine = new Engine();
        engine.Run(
            """
            foreach ($name in 'undisturbed', 'job') {
                $null = New-CamBatch $folder/photos $folder/$name -Recurse -ShardSize 6 -Model ResNet50-Int8 -Resolution 96 -Output Maps, Pictures -MaxSize 96
            }

            $null = Invoke-CamBatch $folder/undisturbed
            """,
            ("folder", _folder.Path));
        Assert.Empty(engine.Errors);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Killed_at_random_moments_the_results_are_the_same_bytes()
    {
        int kills = int.TryParse(Environment.GetEnvironmentVariable(Kills), out int asked) ? asked : 3;
        string script = $"$null = Invoke-CamBatch '{_folder.File("job")}' -ThrottleLimit 2";
        for (int i = 0; i < kills; i++)
        {
            // Starting takes a second, and a shard some tenths of one.
            using Process process = ChildEngine.Start(script);
            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(TimeSpan.FromSeconds(0.5 + (2 * Random.Shared.NextDouble()))));
            process.Kill();
            await process.WaitForExitAsync();
        }

        await CompleteAndCompare(script);
    }

    [Fact]
    public async Task Of_workers_side_by_side_each_shard_has_one()
    {
        ChildEngine.Result[] workers = await Task.WhenAll(Enumerable.Range(0, 3).Select(
            _ => ChildEngine.Run($"(Invoke-CamBatch '{_folder.File("job")}' -ThrottleLimit 1).Shard")));

        Assert.All(workers, static worker => Assert.Empty(worker.Errors));
        Assert.Equal(["0", "1", "2", "3", "4", "5"], workers.SelectMany(static worker => worker.Output).Order());
        await CompleteAndCompare("1");
    }

    [Fact]
    public async Task Of_workers_on_one_shard_one_wins()
    {
        ChildEngine.Result[] workers = await Task.WhenAll(Enumerable.Range(0, 3).Select(
            _ => ChildEngine.Run($"(Invoke-CamBatch '{_folder.File("job")}' -Shard 3 -ThrottleLimit 1).Shard")));

        Assert.Equal(["3"], workers.SelectMany(static worker => worker.Output));
        await CompleteAndCompare($"$null = Invoke-CamBatch '{_folder.File("job")}'");
    }

    [SkippableFact]
    public async Task A_full_disk_is_an_error_and_with_room_the_same_line_goes_on()
    {
        using SmallDisk disk = SmallDisk.Mount(_folder.File("disk"), "8m");
        string script = $"$null = Invoke-CamBatch '{disk.Path}/job'";
        await ChildEngine.Run(
            $"$null = New-CamBatch '{_folder.File("photos")}' '{disk.Path}/job' -Recurse -ShardSize 6 -Model ResNet50-Int8 -Resolution 96"
            + " -Output Maps, Pictures -MaxSize 96");
        disk.Fill();

        ChildEngine.Result full = await ChildEngine.Run(script);
        Assert.Contains("BatchNotWritten", Assert.Single(full.Errors), StringComparison.Ordinal);
        Assert.Empty(Results($"{disk.Path}/job"));

        File.Delete(Path.Combine(disk.Path, SmallDisk.Filling));
        Assert.Empty((await ChildEngine.Run(script)).Errors);
        Assert.Equal(Results(_folder.File("undisturbed")), Results($"{disk.Path}/job"));
    }

    [SkippableFact]
    public async Task A_folder_that_cannot_be_written_is_one_error()
    {
        using SmallDisk disk = SmallDisk.Mount(_folder.File("disk"), "8m");
        await ChildEngine.Run(
            $"$null = New-CamBatch '{_folder.File("photos")}' '{disk.Path}/job' -Recurse -ShardSize 6 -Model ResNet50-Int8 -Resolution 96");
        disk.MakeReadOnly();

        ChildEngine.Result refused = await ChildEngine.Run(
            $"Invoke-CamBatch '{disk.Path}/job'; (Get-CamBatch '{disk.Path}/job').DoneShards");

        Assert.Contains("BatchNotWritten", Assert.Single(refused.Errors), StringComparison.Ordinal);
        Assert.Equal(["0"], refused.Output);
    }

    private async Task CompleteAndCompare(string script)
    {
        ChildEngine.Result end = await ChildEngine.Run(script);
        Assert.Empty(end.Errors);
        Assert.Equal(Results(_folder.File("undisturbed")), Results(_folder.File("job")));
        Assert.DoesNotContain(
            Directory.GetFileSystemEntries(_folder.File("job/results")), static entry => Path.GetFileName(entry).StartsWith('.'));
    }

    // The figures of the shards hold times and hosts.
    private static string[] Results(string batch) => !Directory.Exists($"{batch}/results") ? [] :
    [
        .. Directory.EnumerateFiles($"{batch}/results", "*", SearchOption.AllDirectories)
            .Where(static file => Path.GetFileName(file) != "figures.json")
            .Select(file => $"{Path.GetRelativePath(batch, file)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}")
            .Order(StringComparer.Ordinal),
    ];
}
