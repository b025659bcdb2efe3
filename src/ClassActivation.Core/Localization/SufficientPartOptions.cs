using ClassActivation.Faithfulness;

namespace ClassActivation.Localization;

/// <summary>How a part of a photo that suffices is searched.</summary>
public sealed record SufficientPartOptions
{
    /// <summary>What stands in for the rest of the photo.</summary>
    public Replacement Replacement { get; init; } = Replacement.Blur;

    /// <summary>The most forward passes of one search, 3 or more.</summary>
    public int MaxPasses { get; init; } = 50;

    /// <summary>What the noise of the imputation is drawn from.</summary>
    public int Seed { get; init; }
}
