using ClassActivation.Methods;
using ClassActivation.Networks;

namespace ClassActivation.Maps;

/// <summary>What a photo is expected to show: a class, or any class of a concept.</summary>
/// <param name="Label">The class's label, or the concept's name.</param>
/// <param name="ClassIndexes">The classes that are right answers, one or more.</param>
public sealed record ExpectedAnswer(string Label, IReadOnlyList<int> ClassIndexes)
{
    /// <summary>The concept, where it is one.</summary>
    public Concept? Concept { get; init; }

    /// <summary>
    /// Why another class and not this: the contrast under which a wrong answer's map adds up to how far its logit is ahead,
    /// and a right answer's map stays as it is.
    /// </summary>
    /// <param name="strength">How much the expected answer counts; 1 for the whole difference of the logits.</param>
    public ClassContrast ToContrast(double strength = 1) => new(Concept is null ? ClassIndexes : [], strength)
    {
        Concepts = Concept is null ? [] : [Concept],
        Exempt = ClassIndexes,
    };
}
