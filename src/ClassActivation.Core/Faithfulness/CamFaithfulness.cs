using ClassActivation.Identity;
using ClassActivation.Maps;

namespace ClassActivation.Faithfulness;

/// <summary>How faithful one map of a photo, or a baseline, is to the network.</summary>
public sealed class CamFaithfulness : CamAnswer
{
    /// <summary>The name of the random baseline's rows.</summary>
    public const string RandomMap = "Random";

    /// <summary>The name of the centre baseline's rows.</summary>
    public const string CenterMap = "Center";

    private readonly FaithfulnessScores _scores;

    internal CamFaithfulness(ClassActivationMap map, FaithfulnessScores scores)
        : base(map.Photo, map.Question) => _scores = scores;

    /// <summary>The photo's full path, or the name given to a photo from memory.</summary>
    public override string Path => base.Path;

    /// <summary>The class's position in the network's predictions, from 0.</summary>
    public override int ClassIndex => base.ClassIndex;

    /// <summary>The class's label.</summary>
    public override string Label => base.Label;

    /// <summary>What was measured: the map's method, or the baseline <c>Random</c> or <c>Center</c>.</summary>
    public required string Map { get; init; }

    /// <summary>The class's probability in the whole photo, 0 to 1.</summary>
    public required double Probability { get; init; }

    /// <summary>The area under the deletion curve, 0 to 1; the smaller the better.</summary>
    public double Deletion => _scores.Deletion;

    /// <summary>The area under the insertion curve, 0 to 1; the larger the better.</summary>
    public double Insertion => _scores.Insertion;

    /// <summary>The share of the probability lost when only what the map shows is left, 0 to 1; the smaller the better.</summary>
    public double AverageDrop => _scores.AverageDrop;

    /// <summary>1 where the probability rises then, 0 where not, between them for the mean of random maps; the larger the better.</summary>
    public double IncreaseInConfidence => _scores.IncreaseInConfidence;

    /// <summary>ROAD, both orders combined, -0.5 to 0.5; the larger the better.</summary>
    public double Road => _scores.Road;

    /// <summary>ROAD's mean probability without the most relevant pixels; the smaller the better.</summary>
    public double RoadMostRelevantFirst => _scores.RoadMostRelevantFirst;

    /// <summary>ROAD's mean probability without the least relevant pixels; the larger the better.</summary>
    public double RoadLeastRelevantFirst => _scores.RoadLeastRelevantFirst;

    /// <summary>The probability at each step of the deletion.</summary>
    public double[] DeletionCurve => _scores.DeletionCurve;

    /// <summary>The probability at each step of the insertion.</summary>
    public double[] InsertionCurve => _scores.InsertionCurve;

    /// <summary>The network's name.</summary>
    public override string Model => base.Model;

    /// <summary>Whether this is a baseline.</summary>
    public bool IsBaseline => Map is RandomMap or CenterMap;

    /// <summary>The map, the label and the photo's name.</summary>
    public override string ToString() => ShownText.Of($"{Map} of {Label} in {System.IO.Path.GetFileName(Path)}");
}
