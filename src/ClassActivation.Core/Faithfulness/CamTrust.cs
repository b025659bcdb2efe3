using ClassActivation.Identity;
using ClassActivation.Photos;

namespace ClassActivation.Faithfulness;

/// <summary>How far explanations of a network may be believed, in one word.</summary>
public enum TrustVerdict
{
    /// <summary>Fewer photos than <see cref="CamTrust.LeastCount"/>.</summary>
    TooFewToSay,

    /// <summary>The maps fail a test that no explanation may fail.</summary>
    NotToBeTrusted,

    /// <summary>The maps pass what must be passed, and fail something else.</summary>
    Weak,

    /// <summary>The maps pass all tests.</summary>
    Trustworthy,
}

/// <summary>How much better maps are than one baseline by one measure: the mean of the differences over the photos.</summary>
public sealed class TrustComparison
{
    /// <summary>The baseline: <c>Random</c>, <c>Center</c>, <c>Edges</c> or <c>BlurredEdges</c>.</summary>
    public required string Baseline { get; init; }

    /// <summary>The measure: <c>Deletion</c>, <c>Insertion</c> or <c>Road</c>.</summary>
    public required string Measure { get; init; }

    /// <summary>The mean over the photos of how much better the map is, in the measure's units; below 0 where it is worse.</summary>
    public required double Difference { get; init; }

    /// <summary>The lower end of the difference's 95% interval, from a paired bootstrap over the photos.</summary>
    public required double Lower { get; init; }

    /// <summary>The upper end of the interval.</summary>
    public required double Upper { get; init; }

    /// <summary>Whether the whole interval is above 0.</summary>
    public bool IsBetter => Lower > 0;

    /// <summary>What is compared, and the interval.</summary>
    public override string ToString() =>
        ShownText.Of(
            $"{Measure} against {Baseline}: {Difference:+0.000;-0.000;0.000} ({Lower:+0.000;-0.000;0.000} to {Upper:+0.000;-0.000;0.000})");
}

/// <summary>What becomes of maps when the network forgets what it learned, from its end on.</summary>
public sealed class TrustStage
{
    /// <summary>The share of the weight tensors that were shuffled, the last ones first, 0 to 1.</summary>
    public required double ShuffledShare { get; init; }

    /// <summary>The mean over the photos of the correlation with the maps of the whole network, −1 to 1.</summary>
    public required double Similarity { get; init; }

    /// <summary>The share and the similarity.</summary>
    public override string ToString() => ShownText.Of($"{ShuffledShare:P0} shuffled: {Similarity:0.00}");
}

/// <summary>The figures of one photo.</summary>
public sealed class PhotoTrust : CamAnswer
{
    internal PhotoTrust(PhotoIdentity photo, CamQuestion question)
        : base(photo, question)
    {
    }

    /// <summary>The photo's full path, or the name given to a photo from memory.</summary>
    public override string Path => base.Path;

    /// <summary>The class's label.</summary>
    public override string Label => base.Label;

    /// <summary>The class's probability in the photo, 0 to 1.</summary>
    public required double Probability { get; init; }

    /// <summary>The class's probability in the photo blurred as a whole, 0 to 1.</summary>
    public required double ProbabilityOfNothing { get; init; }

    /// <summary>
    /// How far the map's mean plus its bias is from the logit, relative to the logit (at least 1). Null where the method
    /// does not promise that they are equal.
    /// </summary>
    public required double? Incompleteness { get; init; }

    /// <summary>The mean correlation of the map with those of five other classes, −1 to 1: the classifier's weights permuted.</summary>
    public required double PermutedSimilarity { get; init; }

    /// <summary>
    /// The largest relative change of the map, ‖Δmap‖ / ‖map‖, under noise with a standard deviation of 2% of the range
    /// (the max-sensitivity of Yeh et al. 2019, "On the (In)fidelity and Sensitivity of Explanations").
    /// </summary>
    public required double NoiseSensitivity { get; init; }

    /// <summary>The relative change of the map when the photo is compressed as a JPEG of quality 75.</summary>
    public required double JpegSensitivity { get; init; }

    /// <summary>
    /// The correlation, over random fifths of the map's cells, of the sum of the map on them with what the logit loses when
    /// they are blurred (sensitivity-n of Ancona et al. 2018, "Towards better understanding of gradient-based attribution
    /// methods for Deep Neural Networks").
    /// </summary>
    public required double SensitivityN { get; init; }

    /// <summary>
    /// The part of the variance of what the logit loses that the map does not explain, 0 to 1: the infidelity of Yeh et al.
    /// 2019 under their best scaling, divided by that variance.
    /// </summary>
    public required double Infidelity { get; init; }

    internal IReadOnlyDictionary<string, FaithfulnessScores> Scores { get; init; } = new Dictionary<string, FaithfulnessScores>();

    /// <summary>The photo's name and label.</summary>
    public override string ToString() => ShownText.Of($"{Label} in {System.IO.Path.GetFileName(Path)}");
}

/// <summary>How far the maps of a network for certain photos may be believed, with the reasons and all figures.</summary>
public sealed class CamTrust : CamSummary
{
    /// <summary>The number of photos from which on there is a verdict.</summary>
    public const int LeastCount = 20;

    /// <summary>The verdict: the name of a <see cref="TrustVerdict"/>.</summary>
    public string Verdict => Judgement.ToString();

    /// <summary>Why, the gravest first, one sentence each.</summary>
    public required string[] Reasons { get; init; }

    /// <summary>The number of photos.</summary>
    public required int Count { get; init; }

    /// <summary>The steps of the deletion and insertion curves.</summary>
    public required int Steps { get; init; }

    /// <summary>
    /// The share of the class's probability that the photo accounts for: 1 − the mean probability in blurred photos / that in
    /// the photos.
    /// </summary>
    public required double Dependence { get; init; }

    /// <summary>The maps against each baseline by each measure.</summary>
    public required TrustComparison[] Comparisons { get; init; }

    /// <summary>The maps while the network forgets.</summary>
    public required TrustStage[] Stages { get; init; }

    /// <summary>The largest incompleteness of a map; null where no map's method promises completeness.</summary>
    public required double? Incompleteness { get; init; }

    /// <summary>The mean similarity with the maps of other classes.</summary>
    public required double PermutedSimilarity { get; init; }

    /// <summary>The median sensitivity to noise.</summary>
    public required double NoiseSensitivity { get; init; }

    /// <summary>The median sensitivity to JPEG compression.</summary>
    public required double JpegSensitivity { get; init; }

    /// <summary>The mean sensitivity-n.</summary>
    public required double SensitivityN { get; init; }

    /// <summary>The mean infidelity.</summary>
    public required double Infidelity { get; init; }

    /// <summary>The figures of each photo.</summary>
    public required PhotoTrust[] Photos { get; init; }

    internal TrustVerdict Judgement { get; init; }

    /// <summary>The verdict and the first reason.</summary>
    public override string ToString() => ShownText.Of($"{Verdict}: {Reasons.FirstOrDefault()}");
}
