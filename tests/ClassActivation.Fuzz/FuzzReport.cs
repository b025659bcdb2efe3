using System.Globalization;
using System.Text;

namespace ClassActivation.Fuzz;

/// <summary>Something that must not be.</summary>
/// <param name="Kind">"death", "hang" or "unhandled".</param>
/// <param name="Index">The input's index.</param>
/// <param name="Detail">What is known about it.</param>
internal sealed record FuzzFinding(string Kind, int Index, string Detail);

/// <summary>What a worker held after collecting garbage, in bytes.</summary>
/// <param name="Managed">On the managed heap.</param>
/// <param name="WorkingSet">In all.</param>
internal readonly record struct MemoryReading(long Managed, long WorkingSet);

/// <summary>What became of all inputs. Safe for use by several threads.</summary>
internal sealed class FuzzReport(FuzzOptions options)
{
    private const int FewestReadings = 20;
    private const double Megabyte = 1e6;

    // Recent photos and pooled buffers, kept for later up to a limit of their own, and gaps between blocks in use go up and
    // down by some tens of megabytes. A leak of a kilobyte an input would be 100 in a run of 200,000 by two workers.
    private const double LargestManagedGrowth = 32;
    private const double LargestGrowth = 64;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, SortedDictionary<string, int>> _outcomes = new(StringComparer.Ordinal);
    private readonly List<FuzzFinding> _findings = [];
    private readonly List<(MemoryReading Warm, MemoryReading End)> _memory = [];
    private (double Milliseconds, int Index) _slowest;
    private double _milliseconds;
    private int _count;

    /// <summary>How long the run took.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>Whether nothing was found.</summary>
    public bool IsClean =>
        _findings.Count == 0 && Growths().All(static g => g.Managed <= LargestManagedGrowth && g.WorkingSet <= LargestGrowth);

    /// <summary>Notes what became of an input.</summary>
    public void Add(int index, double milliseconds, string extension, string outcome)
    {
        if (outcome.StartsWith(Worker.Finding, StringComparison.Ordinal))
        {
            Add(new FuzzFinding("unhandled", index, outcome[1..]));
            outcome = "unhandled";
        }

        lock (_lock)
        {
            _count++;
            _milliseconds += milliseconds;
            _slowest = milliseconds > _slowest.Milliseconds ? (milliseconds, index) : _slowest;
            if (!_outcomes.TryGetValue(extension, out SortedDictionary<string, int>? outcomes))
            {
                _outcomes.Add(extension, outcomes = new(StringComparer.Ordinal));
            }

            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }
    }

    /// <summary>Notes a finding, and writes its input.</summary>
    public void Add(FuzzFinding finding)
    {
        lock (_lock)
        {
            _findings.Add(finding);
        }

        FuzzInput input = FuzzInput.Make(options.Seed, finding.Index);
        Directory.CreateDirectory(options.OutputFolder);
        string path = Path.Combine(options.OutputFolder, $"{finding.Kind}-{options.Seed}-{finding.Index}.{input.Extension}");
        File.WriteAllBytes(path, input.Content);
        Console.Error.WriteLine($"{path}: {finding.Detail}");
    }

    /// <summary>Notes the readings of one worker process, in order.</summary>
    public void Add(IReadOnlyList<MemoryReading> readings)
    {
        // A worker warms up: code is compiled, buffers find their sizes.
        if (readings.Count >= FewestReadings)
        {
            int fifth = readings.Count / 5;
            lock (_lock)
            {
                _memory.Add((Median(readings.Skip(fifth).Take(fifth)), Median(readings.TakeLast(fifth))));
            }
        }
    }

    /// <summary>The report as a text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        string[] outcomes = [.. _outcomes.Values.SelectMany(static o => o.Keys).Distinct().Order(StringComparer.Ordinal)];
        Row("format", ["inputs", .. outcomes]);
        foreach ((string extension, SortedDictionary<string, int> counts) in _outcomes)
        {
            Row(extension, [Text(counts.Values.Sum()), .. outcomes.Select(outcome => Text(counts.GetValueOrDefault(outcome)))]);
        }

        Row("all", [Text(_count), .. outcomes.Select(outcome => Text(_outcomes.Values.Sum(counts => counts.GetValueOrDefault(outcome))))]);
        text.AppendLine();
        Line($"Seed {options.Seed}, {options.Workers} workers, {Elapsed.TotalMinutes:F1} minutes, {_count / Elapsed.TotalSeconds:F0} inputs a second, {_milliseconds / Math.Max(1, _count):F1} ms each; the slowest took {_slowest.Milliseconds:F0} ms (index {_slowest.Index}).");
        Line($"Deaths: {Count("death")}. Hangs: {Count("hang")}. Unhandled exceptions: {Count("unhandled")}.");
        foreach (((MemoryReading warm, MemoryReading end), (double managed, double workingSet)) in _memory.Zip(Growths()))
        {
            Line($"Memory of a worker, after warming up and at the end: managed {warm.Managed / Megabyte:F1} and {end.Managed / Megabyte:F1} MB ({managed:+0.0;-0.0}), in all {warm.WorkingSet / Megabyte:F0} and {end.WorkingSet / Megabyte:F0} MB ({workingSet:+0;-0;0}).");
        }

        return text.ToString();

        void Row(string name, IEnumerable<string> cells) =>
            text.Append(name.PadRight(8)).AppendLine(string.Concat(cells.Select(static cell => cell.PadLeft(11))));

        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));

        static string Text(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
    }

    private int Count(string kind) => _findings.Count(finding => finding.Kind == kind);

    private IEnumerable<(double Managed, double WorkingSet)> Growths() => _memory.Select(static m =>
        ((m.End.Managed - m.Warm.Managed) / Megabyte, (m.End.WorkingSet - m.Warm.WorkingSet) / Megabyte));

    private static MemoryReading Median(IEnumerable<MemoryReading> readings)
    {
        MemoryReading[] all = [.. readings];
        return new MemoryReading(
            all.Select(static r => r.Managed).Order().ElementAt(all.Length / 2),
            all.Select(static r => r.WorkingSet).Order().ElementAt(all.Length / 2));
    }
}
