using System.Diagnostics;
using System.Globalization;

namespace ClassActivation;

/// <summary>Times the stages of the work on one photo, which runs on one thread from end to end.</summary>
internal sealed class StageClock
{
    [ThreadStatic]
    private static StageClock? _current;

    private readonly List<(string Stage, TimeSpan Elapsed)> _stages = [];
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>Starts a clock for this thread.</summary>
    public static void Start() => _current = new StageClock();

    /// <summary>Ends a stage; without a clock nothing happens.</summary>
    public static void Mark(string stage)
    {
        if (_current is { } clock)
        {
            long now = Stopwatch.GetTimestamp();
            clock._stages.Add((stage, Stopwatch.GetElapsedTime(clock._last, now)));
            clock._last = now;
        }
    }

    /// <summary>Takes this thread's clock away, and says what it measured.</summary>
    public static string Stop()
    {
        StageClock? clock = _current;
        _current = null;
        return clock is null ? "" : string.Join(", ", clock._stages.Select(static s => string.Create(
            CultureInfo.CurrentCulture, $"{s.Stage} {s.Elapsed.TotalMilliseconds:N1} ms")));
    }
}
