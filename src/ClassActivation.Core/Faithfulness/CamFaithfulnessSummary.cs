using ClassActivation.Identity;

namespace ClassActivation.Faithfulness;

/// <summary>One measure of one kind of map over many photos, beside the baselines.</summary>
public sealed class CamFaithfulnessSummary : CamSummary
{
    private static readonly (string Name, bool LargerIsBetter, Func<CamFaithfulness, double> Value)[] Measures =
    [
        (nameof(CamFaithfulness.Deletion), false, static row => row.Deletion),
        (nameof(CamFaithfulness.Insertion), true, static row => row.Insertion),
        (nameof(CamFaithfulness.AverageDrop), false, static row => row.AverageDrop),
        (nameof(CamFaithfulness.IncreaseInConfidence), true, static row => row.IncreaseInConfidence),
        (nameof(CamFaithfulness.Road), true, static row => row.Road),
    ];

    private CamFaithfulnessSummary()
    {
    }

    /// <summary>The kind of map: its method.</summary>
    public required string Map { get; init; }

    /// <summary>The measure: a property of <see cref="CamFaithfulness"/>.</summary>
    public required string Measure { get; init; }

    /// <summary>Which values are better: <c>Lower</c> or <c>Higher</c>.</summary>
    public required string Better { get; init; }

    /// <summary>How many maps were measured.</summary>
    public required int Count { get; init; }

    /// <summary>The mean over the maps.</summary>
    public required double Mean { get; init; }

    /// <summary>The mean of the random baseline, null where it was not measured.</summary>
    public required double? Random { get; init; }

    /// <summary>The mean of the centre baseline, null where it was not measured.</summary>
    public required double? Center { get; init; }

    /// <summary>The share of the maps that are better than the random baseline of their photo and class, 0 to 1.</summary>
    public required double? BeatsRandom { get; init; }

    /// <summary>The share of the maps that are better than the centre baseline of their photo and class, 0 to 1.</summary>
    public required double? BeatsCenter { get; init; }

    /// <summary>Summarises what was measured, one object for each kind of map and measure.</summary>
    /// <param name="subjects">For each photo and class its maps and baselines.</param>
    public static IEnumerable<CamFaithfulnessSummary> Of(IEnumerable<IReadOnlyList<CamFaithfulness>> subjects) =>
        from subject in subjects
        let random = subject.FirstOrDefault(static row => row.Map == CamFaithfulness.RandomMap)
        let center = subject.FirstOrDefault(static row => row.Map == CamFaithfulness.CenterMap)
        from map in subject
        where !map.IsBaseline
        group (Map: map, Random: random, Center: center) by map.Map into kind
        let shared = SharedQuestion.Of(kind.Select(static row => row.Map.Question))
        from measure in Measures
        select new CamFaithfulnessSummary
        {
            Shared = shared,
            Map = kind.Key,
            Measure = measure.Name,
            Better = measure.LargerIsBetter ? "Higher" : "Lower",
            Count = kind.Count(),
            Mean = kind.Average(row => measure.Value(row.Map)),
            Random = kind.Average(row => row.Random is { } baseline ? measure.Value(baseline) : default(double?)),
            Center = kind.Average(row => row.Center is { } baseline ? measure.Value(baseline) : default(double?)),
            BeatsRandom = kind.Average(row => Beats(measure.Value(row.Map), row.Random, measure.Value, measure.LargerIsBetter)),
            BeatsCenter = kind.Average(row => Beats(measure.Value(row.Map), row.Center, measure.Value, measure.LargerIsBetter)),
        };

    private static double? Beats(double value, CamFaithfulness? baseline, Func<CamFaithfulness, double> measure, bool largerIsBetter) =>
        baseline is null ? null : (largerIsBetter ? value > measure(baseline) : value < measure(baseline)) ? 1 : 0;
}
