using System.Globalization;
using ClassActivation.Identity;

namespace ClassActivation.Faithfulness;

/// <summary>From figures to a verdict.</summary>
internal static class TrustRules
{
    private const int Resamples = 2000;
    private const double LeastDependence = 0.3;
    private const double LargestIncompleteness = 1e-3;
    private const double SameMap = 0.9;
    private const double LargestSensitivity = 0.5;

    private static readonly (string Name, Func<FaithfulnessScores, double> Better)[] Measures =
    [
        (nameof(FaithfulnessScores.Deletion), static scores => -scores.Deletion),
        (nameof(FaithfulnessScores.Insertion), static scores => scores.Insertion),
        (nameof(FaithfulnessScores.Road), static scores => scores.Road),
    ];

    private static readonly string[] Baselines = ["Random", "Center", "Edges", "BlurredEdges"];

    /// <summary>Judges the figures of some photos.</summary>
    public static CamTrust Judge(CamQuestion question, TrustOptions options, PhotoTrust[] photos, TrustStage[] stages)
    {
        TrustComparison[] comparisons =
        [
            .. Baselines.SelectMany(baseline => Measures.Select(measure => Compare(photos, baseline, measure, options.Seed)))
        ];
        double probability = photos.Average(static photo => photo.Probability);
        double dependence = probability > 0 ? 1 - (photos.Average(static photo => photo.ProbabilityOfNothing) / probability) : 0;
        double?[] incomplete = [.. photos.Select(static photo => photo.Incompleteness).Where(static value => value is not null)];
        double? incompleteness = incomplete.Length > 0 ? incomplete.Max() : null;
        double permuted = photos.Average(static photo => photo.PermutedSimilarity);
        double noise = Median(photos.Select(static photo => photo.NoiseSensitivity));
        double jpeg = Median(photos.Select(static photo => photo.JpegSensitivity));

        var grave = new List<string>();
        Add(
            grave,
            dependence < LeastDependence,
            $"The probability hardly depends on the photo: with the photo blurred as a whole {1 - dependence:P0} of it are left.");
        foreach (TrustComparison lost
            in comparisons.Where(static c => c.Baseline == "Random" && c.Measure != nameof(FaithfulnessScores.Road) && !c.IsBetter))
        {
            grave.Add($"The maps do not beat random ones: {lost}.");
        }

        Add(grave, incompleteness > LargestIncompleteness, $"The maps do not add up to the logit: {incompleteness:P1} of it are missing.");
        Add(
            grave,
            stages is [.., { Similarity: >= SameMap }],
            $"The maps stay the same when the network has forgotten all that it learned (similarity {stages.LastOrDefault()?.Similarity:0.00}).");

        var light = new List<string>();
        foreach (IGrouping<string, TrustComparison> lost in comparisons.Where(static c => !c.IsBetter).GroupBy(static c => c.Baseline))
        {
            Add(
                light,
                lost.Key == "Random" ? grave.Count == 0 : lost.Count() > 1,
                $"The maps do not clearly beat the baseline {lost.Key}: {string.Join("; ", lost)}.");
        }

        Add(light, permuted >= SameMap, $"The maps of other classes are the same (similarity {permuted:0.00}).");
        Add(light, noise > LargestSensitivity, $"A little noise changes the maps by {noise:P0}.");
        Add(light, jpeg > LargestSensitivity, $"JPEG compression changes the maps by {jpeg:P0}.");

        bool isTooFew = photos.Length < CamTrust.LeastCount;
        string[] first = isTooFew ? [string.Create(CultureInfo.CurrentCulture, $"{(photos.Length == 1 ? "One photo is" : $"{photos.Length} photos are")} too few to say; {CamTrust.LeastCount} or more are needed.")] : [];
        return new CamTrust
        {
            Judgement = isTooFew
                ? TrustVerdict.TooFewToSay
                : grave.Count > 0
                ? TrustVerdict.NotToBeTrusted
                : light.Count > 0
                ? TrustVerdict.Weak
                : TrustVerdict.Trustworthy,
            Reasons = [.. first, .. grave, .. light],
            Shared = new SharedQuestion(question),
            Count = photos.Length,
            Steps = options.Steps,
            Dependence = dependence,
            Comparisons = comparisons,
            Stages = stages,
            Incompleteness = incompleteness,
            PermutedSimilarity = permuted,
            NoiseSensitivity = noise,
            JpegSensitivity = jpeg,
            SensitivityN = photos.Average(static photo => photo.SensitivityN),
            Infidelity = photos.Average(static photo => photo.Infidelity),
            Photos = photos,
        };
    }

    private static void Add(List<string> reasons, bool isReason, FormattableString reason)
    {
        if (isReason)
        {
            reasons.Add(reason.ToString(CultureInfo.CurrentCulture));
        }
    }

    private static TrustComparison Compare(
        PhotoTrust[] photos, string baseline, (string Name, Func<FaithfulnessScores, double> Better) measure, int seed)
    {
        double[] differences = [.. photos.Select(photo => measure.Better(photo.Scores["Map"]) - measure.Better(photo.Scores[baseline]))];
        var random = new Random(seed);
        var means = new double[Resamples];
        for (int i = 0; i < means.Length; i++)
        {
            double sum = 0;
            for (int k = 0; k < differences.Length; k++)
            {
                sum += differences[random.Next(differences.Length)];
            }

            means[i] = sum / differences.Length;
        }

        Array.Sort(means);
        return new TrustComparison
        {
            Baseline = baseline,
            Measure = measure.Name,
            Difference = differences.Average(),
            Lower = means[(int)(0.025 * Resamples)],
            Upper = means[(int)(0.975 * Resamples) - 1],
        };
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
