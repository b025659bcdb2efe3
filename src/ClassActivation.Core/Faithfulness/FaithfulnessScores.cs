namespace ClassActivation.Faithfulness;

/// <summary>How a class's probability follows a map when the photo's pixels are taken away or put back by it.</summary>
public sealed record FaithfulnessScores
{
    /// <summary>The probability while the pixels are deleted, the most relevant first: none deleted … all deleted.</summary>
    public required double[] DeletionCurve { get; init; }

    /// <summary>The probability while the pixels are inserted, the most relevant first: none inserted … all inserted.</summary>
    public required double[] InsertionCurve { get; init; }

    /// <summary>The share of the probability that is lost when only what the map shows is left, 0 to 1.</summary>
    public required double AverageDrop { get; init; }

    /// <summary>1 where the probability rises when only what the map shows is left, 0 where not; between them for a mean.</summary>
    public required double IncreaseInConfidence { get; init; }

    /// <summary>The mean probability with 10, 20 … 90% of the pixels imputed, the most relevant first.</summary>
    public required double RoadMostRelevantFirst { get; init; }

    /// <summary>The mean probability with 10, 20 … 90% of the pixels imputed, the least relevant first.</summary>
    public required double RoadLeastRelevantFirst { get; init; }

    /// <summary>The area under the deletion curve, 0 to 1; the smaller the better (Petsiuk et al. 2018).</summary>
    public double Deletion => AreaUnder(DeletionCurve);

    /// <summary>The area under the insertion curve, 0 to 1; the larger the better (Petsiuk et al. 2018).</summary>
    public double Insertion => AreaUnder(InsertionCurve);

    /// <summary>
    /// Half of how much more probable the class stays without the least relevant pixels than without the most relevant
    /// ones, -0.5 to 0.5; the larger the better (Rong et al. 2022, combined as in pytorch-grad-cam's <c>ROADCombined</c>).
    /// </summary>
    public double Road => (RoadLeastRelevantFirst - RoadMostRelevantFirst) / 2;

    /// <summary>The mean of several scores, value by value.</summary>
    /// <param name="scores">One or more, with curves of the same length.</param>
    internal static FaithfulnessScores Mean(IReadOnlyList<FaithfulnessScores> scores) => new()
    {
        DeletionCurve = MeanCurve(scores, static s => s.DeletionCurve),
        InsertionCurve = MeanCurve(scores, static s => s.InsertionCurve),
        AverageDrop = scores.Average(static s => s.AverageDrop),
        IncreaseInConfidence = scores.Average(static s => s.IncreaseInConfidence),
        RoadMostRelevantFirst = scores.Average(static s => s.RoadMostRelevantFirst),
        RoadLeastRelevantFirst = scores.Average(static s => s.RoadLeastRelevantFirst),
    };

    // The trapezoidal rule over equal steps from 0 to 1.
    private static double AreaUnder(double[] curve) => (curve.Sum() - ((curve[0] + curve[^1]) / 2)) / (curve.Length - 1);

    private static double[] MeanCurve(IReadOnlyList<FaithfulnessScores> scores, Func<FaithfulnessScores, double[]> curve) =>
        [.. Enumerable.Range(0, curve(scores[0]).Length).Select(i => scores.Average(s => curve(s)[i]))];
}
