namespace ClassActivation.Explanation;

/// <summary>One feature map of the last convolution for one photo.</summary>
public sealed class FeatureMap
{
    /// <summary>The photo's full path, or the name given to a photo from memory.</summary>
    public required string Path { get; init; }

    /// <summary>The feature map's position among the K maps, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The rows of the map.</summary>
    public required int Rows { get; init; }

    /// <summary>The columns of the map.</summary>
    public required int Columns { get; init; }

    /// <summary>The smallest activation.</summary>
    public required float Minimum { get; init; }

    /// <summary>The largest activation.</summary>
    public required float Maximum { get; init; }

    /// <summary>The mean activation: what global average pooling hands to the classifier.</summary>
    public required float Mean { get; init; }

    /// <summary>The network's name.</summary>
    public required string Model { get; init; }

    /// <summary>The activations, row by row.</summary>
    public required float[][] Map { get; init; }
}
