using System.Management.Automation;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>What the cmdlets say while they work.</summary>
public sealed class MessageTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Engine _engine = new();

    public void Dispose()
    {
        UseClock(TimeProvider.System);
        _engine.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Verbose_names_the_network_the_fit_and_the_timings()
    {
        _engine.Run("$null = Get-Prediction $photo -Fit Stretch -ThrottleLimit 3 -Verbose", ("photo", TestPaths.Sample("chelsea.png")));

        Assert.Equal(2, _engine.Verbose.Count);
        Assert.Contains("ResNet50 (float32)", _engine.Verbose[0], StringComparison.Ordinal);
        Assert.Contains("Stretch at 224 pixels", _engine.Verbose[0], StringComparison.Ordinal);
        Assert.Contains("1 photo in", _engine.Verbose[1], StringComparison.Ordinal);
        Assert.Contains("3 at once", _engine.Verbose[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Debug_times_the_stages_of_each_photo()
    {
        _engine.Run(
            "$DebugPreference = 'Continue'; $null = Get-ClassActivationMap $photo | Export-CamOverlay $folder",
            ("photo", TestPaths.Sample("chelsea.png")), ("folder", _folder.Path));

        string[] stages = ["decoding", "resizing", "inference", "maps", "drawing", "encoding and writing"];
        string all = string.Join(' ', _engine.Debug);
        Assert.All(stages, stage => Assert.Contains(stage, all, StringComparison.Ordinal));
        Assert.Contains("chelsea.png", all, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_work_shows_one_progress_bar_and_takes_it_away()
    {
        string[] photos = [.. Enumerable.Repeat(TestPaths.Sample("chelsea.png"), 16)];
        UseClock(new Clock(static time => TimeSpan.FromSeconds(time)));

        _engine.Run(
            "$null = Get-ClassActivationMap -LiteralPath $photos | Export-CamOverlay $folder",
            ("photos", photos),
            ("folder", _folder.Path));

        Assert.NotEmpty(_engine.Progress);
        Assert.Single(_engine.Progress.Select(static p => p.Activity).Distinct());
        Assert.Equal(ProgressRecordType.Completed, _engine.Progress[^1].RecordType);
        Assert.All(_engine.Progress.SkipLast(1), static p =>
        {
            Assert.Equal(ProgressRecordType.Processing, p.RecordType);
            Assert.Contains("of 16 photos", p.StatusDescription, StringComparison.Ordinal);
            Assert.InRange(p.PercentComplete, 1, 100);
        });
    }

    [Fact]
    public void Quick_work_shows_no_progress()
    {
        UseClock(new Clock(static _ => TimeSpan.Zero));

        _engine.Run("$null = Get-Prediction $photo", ("photo", TestPaths.Sample("chelsea.png")));

        Assert.Empty(_engine.Progress);
    }

    // The module's types are not this assembly's to name.
    private void UseClock(TimeProvider clock) => _engine.Run(
        "[ClassActivation.Commands.GetPredictionCommand].Assembly.GetType('ClassActivation.Commands.PipelineProgress')"
        + ".GetProperty('Clock').SetValue($null, $clock)",
        ("clock", clock));

    /// <summary>A clock whose time depends on how often it was asked.</summary>
    private sealed class Clock(Func<int, TimeSpan> time) : TimeProvider
    {
        private int _count;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => time(Interlocked.Increment(ref _count)).Ticks;
    }
}
