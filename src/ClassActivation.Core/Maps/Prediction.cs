using ClassActivation.Identity;
using ClassActivation.Photos;

namespace ClassActivation.Maps;

/// <summary>One class or concept of one photo, as the network ranks it.</summary>
public sealed class Prediction : PhotoAnswer
{
    /// <summary>Makes a prediction.</summary>
    /// <param name="photo">The photo that it is of.</param>
    /// <param name="question">What it answers.</param>
    internal Prediction(PhotoIdentity photo, CamQuestion question)
        : base(photo, question)
    {
    }

    /// <summary>The photo's full path, or the name given to a photo from memory.</summary>
    public override string Path => base.Path;

    /// <summary>1 for the most probable class, or the most probable of the concepts asked for.</summary>
    public required int Rank { get; init; }

    /// <summary>The class's position in the network's predictions, from 0; -1 for a concept.</summary>
    public int ClassIndex => Question.ClassIndex;

    /// <summary>The WordNet id of the class or concept, empty where it has none.</summary>
    public string WordNetId => Question.WordNetId;

    /// <summary>The class's label, or the concept's name.</summary>
    public string Label => Question.Label;

    /// <summary>The softmax probability, 0 to 1; for a concept the sum over its classes.</summary>
    public required double Probability { get; init; }

    /// <summary>The score before softmax: the class's, or for a concept the logarithm of its classes' summed exponentials.</summary>
    public required double Logit { get; init; }

    /// <summary>The network's name.</summary>
    public override string Model => base.Model;

    /// <summary>Whether the network has another class, or another concept, of that label.</summary>
    public bool SharesLabel => Question.SharesLabel;

    /// <summary>Whether the question says how to explain the class too, as that of a map does.</summary>
    internal bool IsWholeQuestion { get; init; }

    /// <summary>Where the photo's bytes are.</summary>
    internal PhotoSource? Source { get; init; }

    /// <summary>The label and the probability.</summary>
    public override string ToString() => ShownText.Of($"{Label} {Probability:P1}");
}
