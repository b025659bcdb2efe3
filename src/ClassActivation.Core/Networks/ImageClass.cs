namespace ClassActivation.Networks;

/// <summary>One class that a network can predict.</summary>
/// <param name="Index">The class's position in the network's predictions, from 0.</param>
/// <param name="WordNetId">The WordNet id (for example n03770679), empty for a class that has none.</param>
/// <param name="Label">The class's name, unique within its table except for the two ImageNet cranes and maillots.</param>
/// <param name="Synonyms">All names of the class, the label's among them.</param>
/// <param name="Gloss">WordNet's definition, empty where there is none.</param>
/// <param name="Parents">The WordNet ids of the concepts directly above the class.</param>
public sealed record ImageClass(
    int Index,
    string WordNetId,
    string Label,
    string[] Synonyms,
    string Gloss,
    string[] Parents)
{
    /// <summary>The class's label.</summary>
    public override string ToString() => Label;
}
