using System.Diagnostics;
using System.Management.Automation;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>A pipeline ends when it is told to, and leaves nothing behind.</summary>
public sealed class StoppingTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Engine _engine = new();

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Stopping_takes_effect_inside_a_long_inference()
    {
        _engine.Run("$null = Get-Prediction $photo", ("photo", TestPaths.Sample("chelsea.png")));
        var watch = Stopwatch.StartNew();
        _engine.Run("$null = Get-Prediction $photo -Resolution 1280", ("photo", TestPaths.Sample("china.jpg")));
        TimeSpan onePhoto = watch.Elapsed;
        using PowerShell shell = _engine.Start(
            "1..50 | ForEach-Object { $photo } | Get-ClassActivationMap -Resolution 1280 | Export-CamOverlay $folder",
            ("photo", TestPaths.Sample("china.jpg")), ("folder", _folder.Path));
        IAsyncResult run = shell.BeginInvoke();
        await Task.Delay(onePhoto / 2);

        watch.Restart();
        shell.Stop();
        TimeSpan elapsed = watch.Elapsed;

        Assert.Throws<PipelineStoppedException>(() => shell.EndInvoke(run));
        // Several photos at once each take longer than one alone: the stop must reach into their runs.
        Assert.True(elapsed < onePhoto, $"Stopping took {elapsed.TotalMilliseconds:N0} ms, one photo {onePhoto.TotalMilliseconds:N0} ms.");
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, ".*"));
        Assert.Equal(
            "Egyptian_cat", _engine.Run<string>("(Get-Prediction $photo -Top 1).Label", ("photo", TestPaths.Sample("chelsea.png"))));
    }

    [Fact]
    public void Taking_only_the_first_result_ends_the_rest()
    {
        IReadOnlyList<PSObject> results = _engine.Run(
            "$script:given = 0; & { foreach ($map in (1..1000 | ForEach-Object { $script:given++; $photo } | Get-ClassActivationMap |"
            + " ForEach-Object { $_; break })) { $map } }",
            ("photo", TestPaths.Sample("chelsea.png")));

        Assert.True(results.Count <= 1);
        Assert.InRange(_engine.Run<int>("$script:given"), 1, 200);
    }

    [Fact]
    public void Results_come_in_the_order_of_the_photos_and_not_only_at_the_end()
    {
        string[] photos = ["alps.jpg", "chelsea.png", "china.jpg", "coffee.png", "flower.jpg"];
        string[] paths = [.. Enumerable.Range(0, 20).Select(i => TestPaths.Sample(photos[i % 5]))];

        IReadOnlyList<PSObject> results = _engine.Run(
            "$script:read = 0; $paths | ForEach-Object { $script:read++; $_ } | Get-Prediction -Top 1 -ThrottleLimit 2 | ForEach-Object {"
            + " [pscustomobject]@{ Path = $_.Path; Read = $script:read } }",
            ("paths", paths));

        Assert.Equal(paths, results.Select(static r => (string)r.Properties["Path"].Value));
        // Bounded: at most the pipeline's capacity and the one being read are ahead of the first result.
        Assert.InRange((int)results[0].Properties["Read"].Value, 1, 6);
    }
}
