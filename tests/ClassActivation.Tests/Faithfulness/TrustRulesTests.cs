using ClassActivation.Faithfulness;
using ClassActivation.Identity;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Faithfulness;

/// <summary>The verdict follows from the figures, each rule from its own.</summary>
public sealed class TrustRulesTests
{
    [Fact]
    public void Maps_that_pass_all_are_trustworthy()
    {
        CamTrust trust = Judge(Photos(20));

        Assert.Equal(nameof(TrustVerdict.Trustworthy), trust.Verdict);
        Assert.Empty(trust.Reasons);
        Assert.Equal(0.9, trust.Dependence, 1e-9);
        Assert.Equal(12, trust.Comparisons.Length);
        // Every photo has the same difference, so that the interval is a point.
        TrustComparison deletion = trust.Comparisons.Single(static c => c is { Baseline: "Random", Measure: "Deletion" });
        Assert.Equal((0.3, 0.3, 0.3), (Math.Round(deletion.Difference, 9), Math.Round(deletion.Lower, 9), Math.Round(deletion.Upper, 9)));
    }

    [Fact]
    public void Nineteen_photos_are_too_few()
    {
        CamTrust trust = Judge(Photos(19));

        Assert.Equal(nameof(TrustVerdict.TooFewToSay), trust.Verdict);
        Assert.Contains("19", trust.Reasons[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_probability_that_a_blurred_photo_keeps_is_not_explained_by_any_map()
    {
        CamTrust trust = Judge(Photos(20, nothing: 0.65));

        Assert.Equal(nameof(TrustVerdict.NotToBeTrusted), trust.Verdict);
        Assert.Contains("hardly depends", trust.Reasons[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Maps_no_better_than_random_ones_are_not_to_be_trusted()
    {
        PhotoTrust[] photos = [.. Photos(10), .. Photos(10, map: 0.7, random: 0.4)];

        CamTrust trust = Judge(photos);

        Assert.Equal(nameof(TrustVerdict.NotToBeTrusted), trust.Verdict);
        Assert.Contains(trust.Reasons, static reason => reason.Contains("random", StringComparison.Ordinal));
        TrustComparison deletion = trust.Comparisons.Single(static c => c is { Baseline: "Random", Measure: "Deletion" });
        Assert.True(deletion.Lower < 0 && deletion.Upper > 0);
    }

    [Fact]
    public void Parts_that_do_not_add_up_are_not_to_be_trusted()
    {
        Assert.Equal(nameof(TrustVerdict.NotToBeTrusted), Judge(Photos(20, incompleteness: 0.01)).Verdict);
        Assert.Equal(nameof(TrustVerdict.Trustworthy), Judge(Photos(20, incompleteness: null)).Verdict);
    }

    [Theory]
    [InlineData(0.95, TrustVerdict.NotToBeTrusted)]
    [InlineData(0.5, TrustVerdict.Trustworthy)]
    public void A_network_that_forgot_everything_must_have_other_maps(double similarity, TrustVerdict expected) =>
        Assert.Equal(
            $"{expected}",
            Judge(
                Photos(20),
                new TrustStage { ShuffledShare = 0.5, Similarity = 0.99 },
                new TrustStage { ShuffledShare = 1, Similarity = similarity }).Verdict);

    [Fact]
    public void What_only_loses_against_one_baseline_is_weak()
    {
        CamTrust trust = Judge(Photos(20, center: 0.1));

        Assert.Equal(nameof(TrustVerdict.Weak), trust.Verdict);
        Assert.Contains("Center", Assert.Single(trust.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void What_changes_by_much_under_little_is_weak()
    {
        Assert.Equal(nameof(TrustVerdict.Weak), Judge(Photos(20, noise: 0.8)).Verdict);
        Assert.Equal(nameof(TrustVerdict.Weak), Judge(Photos(20, permuted: 0.95)).Verdict);
    }

    private static CamTrust Judge(PhotoTrust[] photos, params TrustStage[] stages) =>
        TrustRules.Judge(new CamQuestion { Model = "Synthetic" }, new TrustOptions(), photos, stages);

    // The area under a flat deletion curve is its height; what is better deletes lower and inserts higher.
    private static PhotoTrust[] Photos(
        int count,
        double map = 0.2,
        double random = 0.5,
        double center = 0.4,
        double nothing = 0.08,
        double? incompleteness = 1e-7,
        double noise = 0.1,
        double permuted = 0) =>
        [.. Enumerable.Range(0, count).Select(i => new PhotoTrust(new PhotoIdentity { Path = $"/photos/{i}.jpg" }, new CamQuestion { Label = "wallaby" })
        {
            Probability = 0.8,
            ProbabilityOfNothing = nothing,
            Incompleteness = incompleteness,
            PermutedSimilarity = permuted,
            NoiseSensitivity = noise,
            JpegSensitivity = 0.1,
            SensitivityN = 0.5,
            Infidelity = 0.5,
            Scores = new Dictionary<string, FaithfulnessScores>
            {
                ["Map"] = Scores(map),
                ["Random"] = Scores(random),
                ["Center"] = Scores(center),
                ["Edges"] = Scores(0.5),
                ["BlurredEdges"] = Scores(0.5),
            },
        })];

    private static FaithfulnessScores Scores(double deletion) => new()
    {
        DeletionCurve = [deletion, deletion],
        InsertionCurve = [1 - deletion, 1 - deletion],
        AverageDrop = 0,
        IncreaseInConfidence = 0,
        RoadMostRelevantFirst = deletion,
        RoadLeastRelevantFirst = 1 - deletion,
    };
}
