namespace ClassActivation.Faithfulness;

/// <summary>How faithfulness is measured.</summary>
public sealed record FaithfulnessOptions
{
    /// <summary>The steps of the deletion and insertion curves, 1 or more.</summary>
    public int Steps { get; init; } = 20;

    /// <summary>
    /// What stands in for pixels that are deleted or not yet inserted. Petsiuk et al. 2018 delete to the mean colour and insert
    /// into the blurred photo; a gap of one colour has edges of its own, though, that a network takes for something.
    /// </summary>
    public Replacement Replacement { get; init; } = Replacement.Blur;

    /// <summary>The maps to compare with.</summary>
    public Baselines Baselines { get; init; } = Baselines.All;

    /// <summary>How many random maps the random baseline is the mean of, 1 or more.</summary>
    public int RandomMaps { get; init; } = 3;

    /// <summary>What the random maps, the noise of the imputation and the order of equal pixels are drawn from.</summary>
    public int Seed { get; init; }

    /// <summary>How many forward passes run at once, 1 or more.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;
}
