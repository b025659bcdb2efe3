using ClassActivation.Networks;

namespace ClassActivation.Methods;

/// <summary>
/// Why this class and not those: in place of a class's weights a map uses <c>w^c − strength · mean_d w^d</c>, over the
/// classes d it is set against (Zhang et al. 2025, "Finer-CAM: Spotting the Difference Reveals Finer Details for
/// Visual Explanation").
/// </summary>
/// <param name="ClassIndexes">
/// The classes to set against, by index; a map's own classes are left out. Where none are named, the
/// <see cref="RunnerUps"/> most probable others.
/// </param>
/// <param name="Strength">How much the others count; 0 leaves the map as it is. The paper's is 0.6.</param>
public sealed record ClassContrast(IReadOnlyList<int> ClassIndexes, double Strength = ClassContrast.DefaultStrength)
{
    /// <summary>
    /// The concepts to set against, each of which counts as one class does: with its own weights, those of its classes
    /// under their probabilities within it. The classes that a map explains are left out of them.
    /// </summary>
    public IReadOnlyList<Concept> Concepts { get; init; } = [];

    /// <summary>The classes that are set against nothing: a target that has one of them stays as it is.</summary>
    public IReadOnlyList<int> Exempt { get; init; } = [];

    /// <summary>The paper's strength.</summary>
    public const double DefaultStrength = 0.6;

    /// <summary>How many of the most probable other classes stand in where none are named, as in the paper.</summary>
    public const int RunnerUps = 3;
}
