using ClassActivation.Imaging;

namespace ClassActivation.Explanation;

/// <summary>One class of one photo, as the network ranks it.</summary>
public sealed class Prediction
{
    /// <summary>The photo's full path, or the name given to a photo from memory.</summary>
    public required string Path { get; init; }

    /// <summary>1 for the most probable class.</summary>
    public required int Rank { get; init; }

    /// <summary>The class's position in the network's predictions, from 0.</summary>
    public required int ClassIndex { get; init; }

    /// <summary>The class's WordNet id, empty where it has none.</summary>
    public required string WordNetId { get; init; }

    /// <summary>The class's label.</summary>
    public required string Label { get; init; }

    /// <summary>The softmax probability, 0 to 1.</summary>
    public required double Probability { get; init; }

    /// <summary>The class's score before softmax.</summary>
    public required double Logit { get; init; }

    /// <summary>The network's name.</summary>
    public required string Model { get; init; }

    /// <summary>Where the photo's bytes are.</summary>
    internal PhotoSource? Source { get; init; }

    /// <summary>The label and the probability.</summary>
    public override string ToString() => $"{Label} {Probability:P1}";
}
