namespace ClassActivation.Networks;

/// <summary>What several classes are kinds of, as WordNet has it: "dog" above 118 breeds, "vehicle" above cars and ships.</summary>
public sealed class Concept
{
    /// <summary>The index that stands for a concept where a class has its own.</summary>
    public const int NoClassIndex = -1;

    /// <summary>The WordNet id (for example n02084071).</summary>
    public required string WordNetId { get; init; }

    /// <summary>The first name; a few concepts share theirs.</summary>
    public required string Name { get; init; }

    /// <summary>All names, the first among them.</summary>
    public required string[] Synonyms { get; init; }

    /// <summary>WordNet's definition.</summary>
    public required string Gloss { get; init; }

    /// <summary>The number of steps down from "entity", along the shortest way.</summary>
    public required int Depth { get; init; }

    /// <summary>The WordNet ids of the concepts directly above; more than one for some, none for "entity".</summary>
    public required string[] Parents { get; init; }

    /// <summary>The classes below at any depth, by index, in ascending order.</summary>
    public required int[] ClassIndexes { get; init; }

    /// <summary>The number of classes below.</summary>
    public int ClassCount => ClassIndexes.Length;

    /// <summary>The first name.</summary>
    public override string ToString() => Name;
}
