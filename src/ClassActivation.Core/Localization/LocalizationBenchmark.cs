using ClassActivation.Identity;
using ClassActivation.Maps;

namespace ClassActivation.Localization;

/// <summary>
/// Measures how well maps find the true boxes of objects, by Choe et al. 2020, "Evaluating Weakly Supervised Object
/// Localization Methods Right": every threshold is tried, and the best one counts.
/// </summary>
public sealed class LocalizationBenchmark
{
    private readonly RegionOptions _options;
    private readonly double _tolerance;

    /// <summary>Makes a benchmark.</summary>
    /// <param name="options">How regions are found; the threshold, or for each map the one that suits it, is the fixed one.</param>
    /// <param name="tolerance">How far from a true box, in pixels of the photo, a map's largest value may lie in the pointing game.</param>
    public LocalizationBenchmark(RegionOptions options, double tolerance)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(tolerance);
        _options = options;
        _tolerance = tolerance;
    }

    /// <summary>Measures one map. Safe for use by many threads.</summary>
    /// <param name="map">The map.</param>
    /// <param name="truth">The true boxes of its class in its photo, one or more.</param>
    /// <exception cref="ArgumentException">There is no true box.</exception>
    public PhotoLocalization Measure(ClassActivationMap map, IReadOnlyList<Box> truth)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(truth);
        if (truth.Count == 0)
        {
            throw new ArgumentException("A map is measured against one true box or more.", nameof(truth));
        }

        var sweep = new ThresholdSweep(new MapSurface(map, _options.Normalization, _options.Upsampling), truth);
        double threshold = _options.ThresholdFor(map);
        (double bestIoU, double bestThreshold) = Best(level => sweep.BestIoU[level]);
        return new PhotoLocalization(map)
        {
            Threshold = threshold,
            IoU = sweep.LargestIoU[Level(threshold)],
            BestIoU = bestIoU,
            BestThreshold = bestThreshold,
            IsHit = truth.Any(box => box.Contains(sweep.PeakX, sweep.PeakY, _tolerance)),
            BoxCount = truth.Count,
            Sweep = sweep,
        };
    }

    /// <summary>Sums up the single photos, one or more.</summary>
    public CamLocalization Summarize(IReadOnlyList<PhotoLocalization> photos)
    {
        ArgumentNullException.ThrowIfNull(photos);
        ArgumentOutOfRangeException.ThrowIfZero(photos.Count);
        (double acc30, double threshold30) = BestOfAll(static (sweep, level) => sweep.BestIoU[level] >= 0.3);
        (double acc50, double threshold50) = BestOfAll(static (sweep, level) => sweep.BestIoU[level] >= 0.5);
        (double acc70, double threshold70) = BestOfAll(static (sweep, level) => sweep.BestIoU[level] >= 0.7);
        (double maxBoxAcc, double maxBoxAccThreshold) = BestOfAll(static (sweep, level) => sweep.LargestIoU[level] >= 0.5);
        return new CamLocalization
        {
            Count = photos.Count,
            MaxBoxAccV2 = (acc30 + acc50 + acc70) / 3,
            BoxAcc30 = acc30,
            BoxAcc50 = acc50,
            BoxAcc70 = acc70,
            Threshold30 = threshold30,
            Threshold50 = threshold50,
            Threshold70 = threshold70,
            MaxBoxAcc = maxBoxAcc,
            MaxBoxAccThreshold = maxBoxAccThreshold,
            PointingGame = photos.Average(static photo => photo.IsHit ? 1.0 : 0),
            BoxAcc = photos.Average(static photo => photo.IoU >= 0.5 ? 1.0 : 0),
            MeanIoU = photos.Average(static photo => photo.IoU),
            Threshold = photos.All(photo => photo.Threshold == photos[0].Threshold) ? photos[0].Threshold : null,
            Normalization = _options.Normalization,
            Upsampling = _options.Upsampling,
            Photos = [.. photos],
            Shared = SharedQuestion.Of(photos.Select(static photo => photo.Question)),
        };

        (double Share, double Threshold) BestOfAll(Func<ThresholdSweep, int, bool> isFound) =>
            Best(level => photos.Count(photo => isFound(photo.Sweep, level)) / (double)photos.Count);
    }

    private static int Level(double threshold) =>
        Math.Clamp((int)Math.Round(threshold * ThresholdSweep.Levels), 0, ThresholdSweep.Levels - 1);

    private static (double Value, double Threshold) Best(Func<int, double> valueAt)
    {
        (double best, int bestLevel) = (valueAt(0), 0);
        for (int level = 1; level < ThresholdSweep.Levels; level++)
        {
            double value = valueAt(level);
            if (value > best)
            {
                (best, bestLevel) = (value, level);
            }
        }

        return (best, (double)bestLevel / ThresholdSweep.Levels);
    }
}
