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

    /// <summary>How much more probable the class is than the next one, 0 to 1; null for the last class and for a concept.</summary>
    public double? Margin { get; init; }

    /// <summary>
    /// How spread the probabilities of all classes are (Shannon's entropy in nats, 0 to the logarithm of their number): the
    /// same for all classes of a photo. Null for a concept, and where each class is a question of its own.
    /// </summary>
    public double? Entropy { get; init; }

    /// <summary>
    /// How doubtful it is that the most probable class is right, 0 to 1: the same for all classes of a photo. For the
    /// built-in networks it uses feature maps besides the probability, for others it is 1 less the largest probability. It
    /// puts photos in order, and is no rate of errors. Null for a concept.
    /// </summary>
    public double? Doubt { get; init; }

    /// <summary>What the photo should show; null where nobody said.</summary>
    public string? Expected { get; init; }

    /// <summary>Whether the class is what the photo should show; null where nobody said.</summary>
    public bool? IsExpected { get; init; }

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
