using System.Globalization;
using System.Management.Automation;

namespace ClassActivation.Commands;

/// <summary>
/// One progress bar for a whole pipeline: count, rate, and the time left where the total is known. Quick work shows
/// none. Of several cmdlets in a pipeline the first one shows it. Used on the pipeline's thread only.
/// </summary>
internal sealed class PipelineProgress
{
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    [ThreadStatic]
    private static PipelineProgress? _shown;

    private readonly Cmdlet _cmdlet;
    private readonly string _activity;
    private readonly long _start = Clock.GetTimestamp();
    private TimeSpan _next = Quick;
    private bool _isVisible;
    private int _done;

    public PipelineProgress(Cmdlet cmdlet, string activity)
    {
        _cmdlet = cmdlet;
        _activity = activity;
        _shown ??= this;
    }

    /// <summary>What tells the time; a test sets another.</summary>
    public static TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>How many photos there are in all, where that is known.</summary>
    public int? Total { get; set; }

    /// <summary>What is counted, in the plural.</summary>
    public string Unit { get; init; } = "photos";

    /// <summary>How many photos are done.</summary>
    public int Done => _done;

    /// <summary>The time since the first photo came.</summary>
    public TimeSpan Elapsed => Clock.GetElapsedTime(_start);

    /// <summary>Counts a photo as done.</summary>
    public void Advance(string name)
    {
        _done++;
        TimeSpan elapsed = Elapsed;
        if (_shown != this || elapsed < _next)
        {
            return;
        }

        _next = elapsed + Interval;
        _isVisible = true;
        double rate = _done / elapsed.TotalSeconds;
        var record = new ProgressRecord(1, _activity, string.Create(
            CultureInfo.CurrentCulture, $"{_done:N0}{(Total is { } total ? $" of {total:N0}" : "")} {Unit}, {rate:N1} per second"))
        {
            CurrentOperation = ShownText.Of(name),
        };
        if (Total is > 0)
        {
            record.PercentComplete = Math.Min(100, 100 * _done / Total.Value);
            record.SecondsRemaining = (int)Math.Ceiling((Total.Value - _done) / rate);
        }

        _cmdlet.WriteProgress(record);
    }

    /// <summary>Takes the bar away.</summary>
    public void Complete()
    {
        Release();
        if (_isVisible)
        {
            _isVisible = false;
            _cmdlet.WriteProgress(new ProgressRecord(1, _activity, "Done") { RecordType = ProgressRecordType.Completed });
        }
    }

    /// <summary>Lets another pipeline of this thread show its progress.</summary>
    public void Release()
    {
        if (_shown == this)
        {
            _shown = null;
        }
    }
}
