using ClassActivation.Import.Pixels;
using ClassActivation.Photos;

namespace ClassActivation.Import;

/// <summary>What is said of a foreign network; what is not said is looked for in its file and beside it.</summary>
public sealed record ImportOptions
{
    /// <summary>The network's name; its file's own where null.</summary>
    public string? Name { get; init; }

    /// <summary>A usual preprocessing by its name.</summary>
    public InputPreprocessing? Preprocessing { get; init; }

    /// <summary>
    /// What is taken from each channel, in the input's range and the network's channel order; one value or one a channel.
    /// </summary>
    public IReadOnlyList<double> Mean { get; init; } = [];

    /// <summary>What each channel is divided by then; one value or one a channel.</summary>
    public IReadOnlyList<double> StandardDeviation { get; init; } = [];

    /// <summary>The order of the channels.</summary>
    public ColorOrder? ColorOrder { get; init; }

    /// <summary>The order of the dimensions, where the input's shape does not tell.</summary>
    public TensorLayout? Layout { get; init; }

    /// <summary>The numbers that black and white become, before the mean is taken: 0 and 1, or −1 and 1, or 0 and 255.</summary>
    public IReadOnlyList<double> InputRange { get; init; } = [];

    /// <summary>The input that takes the photo; needed where there are several.</summary>
    public string? InputName { get; init; }

    /// <summary>What other inputs always get, by their names: one number for all places, or one a place.</summary>
    public IReadOnlyDictionary<string, double[]> InputConstants { get; init; } = new Dictionary<string, double[]>();

    /// <summary>The output that gives the answers; needed where there are several.</summary>
    public string? OutputName { get; init; }

    /// <summary>The side of the photos that the network was trained on; the input's own where it is fixed.</summary>
    public int? Resolution { get; init; }

    /// <summary>How the network's own program fits photos to a fixed size; what the file or one beside it says where null.</summary>
    public InputFit? Fit { get; init; }

    /// <summary>The class labels, one a line, or <c>imagenet</c>; those of the file or beside it where empty.</summary>
    public string Labels { get; init; } = "";

    /// <summary>Where the network comes from, in words.</summary>
    public string Source { get; init; } = "";

    /// <summary>Replaces the epsilon of every batch normalisation of a Keras network; null keeps the network's own.</summary>
    public double? BatchNormalizationEpsilon { get; init; }

    /// <summary>Names to show instead of a Keras network's own layer names (old name → shown name).</summary>
    public IReadOnlyDictionary<string, string> LayerNames { get; init; } = new Dictionary<string, string>();
}
