using ClassActivation.Faithfulness;
using ClassActivation.Tests.Maps;

namespace ClassActivation.Tests.Faithfulness;

public sealed class CamFaithfulnessSummaryTests
{
    [Fact]
    public void Means_and_shares_are_those_of_the_rows()
    {
        CamFaithfulness[][] subjects =
        [
            [
                Row("Cam", deletion: 0.1, insertion: 0.9),
                Row("Random", deletion: 0.3, insertion: 0.4),
                Row("Center", deletion: 0.1, insertion: 0.2)
            ],
            [
                Row("Cam", deletion: 0.3, insertion: 0.5),
                Row("Random", deletion: 0.2, insertion: 0.4),
                Row("Center", deletion: 0.5, insertion: 0.8)
            ],
        ];

        CamFaithfulnessSummary[] summary = [.. CamFaithfulnessSummary.Of(subjects)];

        Assert.Equal(["Deletion", "Insertion", "AverageDrop", "IncreaseInConfidence", "Road"], summary.Select(static s => s.Measure));
        Assert.Equal(["Lower", "Higher", "Lower", "Higher", "Higher"], summary.Select(static s => s.Better));
        Assert.All(summary, static s => Assert.Equal(("Cam", 2), (s.Map, s.Count)));
        AssertClose([0.2, 0.25, 0.3, 0.5, 0.5], summary[0]);
        AssertClose([0.7, 0.4, 0.5, 1, 0.5], summary[1]);
    }

    [Fact]
    public void Each_method_is_compared_with_the_baselines_of_its_own_photos()
    {
        CamFaithfulness[][] subjects =
        [
            [Row("Cam", 0.1, 0.9), Row("LayerCam", 0.4, 0.3), Row("Random", 0.3, 0.4)],
            [Row("Cam", 0.2, 0.9), Row("Random", 0.3, 0.4)],
        ];

        CamFaithfulnessSummary[] deletion = [.. CamFaithfulnessSummary.Of(subjects).Where(static s => s.Measure == "Deletion")];

        Assert.Equal([("Cam", 2, 1.0), ("LayerCam", 1, 0.0)], deletion.Select(static s => (s.Map, s.Count, s.BeatsRandom!.Value)));
        Assert.All(deletion, static s => Assert.Null(s.Center));
        Assert.All(deletion, static s => Assert.Null(s.BeatsCenter));
    }

    private static void AssertClose(double[] expected, CamFaithfulnessSummary summary) =>
        Assert.All(
            expected.Zip(
                [summary.Mean, summary.Random!.Value, summary.Center!.Value, summary.BeatsRandom!.Value, summary.BeatsCenter!.Value]),
            static pair => Assert.Equal(pair.First, pair.Second, 1e-12));

    private static CamFaithfulness Row(string map, double deletion, double insertion) =>
        new(TestMaps.Map(1, [1], path: "photo.jpg", model: "net"), new FaithfulnessScores
        {
            DeletionCurve = [deletion, deletion],
            InsertionCurve = [insertion, insertion],
            AverageDrop = 0,
            IncreaseInConfidence = 0,
            RoadMostRelevantFirst = 0.2,
            RoadLeastRelevantFirst = 0.6,
        })
        { Map = map, Probability = 0.5 };
}
