using ClassActivation.Imaging;
using ClassActivation.Models;

namespace ClassActivation.Explanation;

/// <summary>One class or concept of one photo, as the network ranks it.</summary>
public sealed class Prediction
{
    /// <summary>The photo's full path, or the name given to a photo from memory.</summary>
    public required string Path { get; init; }

    /// <summary>1 for the most probable class, or the most probable of the concepts asked for.</summary>
    public required int Rank { get; init; }

    /// <summary>The class's position in the network's predictions, from 0; -1 for a concept.</summary>
    public required int ClassIndex { get; init; }

    /// <summary>The WordNet id of the class or concept, empty where it has none.</summary>
    public required string WordNetId { get; init; }

    /// <summary>The class's label, or the concept's name.</summary>
    public required string Label { get; init; }

    /// <summary>The softmax probability, 0 to 1; for a concept the sum over its classes.</summary>
    public required double Probability { get; init; }

    /// <summary>The score before softmax: the class's, or for a concept the logarithm of its classes' summed exponentials.</summary>
    public required double Logit { get; init; }

    /// <summary>The network's name.</summary>
    public required string Model { get; init; }

    /// <summary>Whether this is a concept rather than a class.</summary>
    internal bool IsConcept => ClassIndex == Concept.NoClassIndex;

    /// <summary>Where the photo's bytes are.</summary>
    internal PhotoSource? Source { get; init; }

    /// <summary>The label and the probability.</summary>
    public override string ToString() => ShownText.Of($"{Label} {Probability:P1}");
}
