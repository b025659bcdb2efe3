namespace ClassActivation.Import.Keras;

/// <summary>What a layers-model does not say about itself, or says wrongly.</summary>
public sealed record LayersModelOptions
{
    /// <summary>The network's name; that of <c>model.json</c> if null.</summary>
    public string? Name { get; init; }

    /// <summary>Where the network comes from, in words for users.</summary>
    public string Source { get; init; } = "";

    /// <summary>What the network expects its pixels to be.</summary>
    public InputPreprocessing Preprocessing { get; init; }

    /// <summary>Replaces the epsilon of every batch normalisation; null keeps the model's own.</summary>
    public double? BatchNormalizationEpsilon { get; init; }

    /// <summary>The class labels: <c>imagenet</c>, or one label per line in class order; empty if not known.</summary>
    public string Labels { get; init; } = "";

    /// <summary>The side length of the photos the network was trained on; that of its input layer if null.</summary>
    public int? Resolution { get; init; }

    /// <summary>Names to show instead of the model's own layer names (old name → shown name).</summary>
    public IReadOnlyDictionary<string, string> LayerNames { get; init; } = new Dictionary<string, string>();
}
