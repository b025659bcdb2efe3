using ClassActivation.Identity;
using ClassActivation.Photos;

namespace ClassActivation.Maps;

/// <summary>One feature map of the last convolution for one photo.</summary>
public sealed class FeatureMap : PhotoAnswer
{
    /// <summary>Makes a feature map.</summary>
    /// <param name="photo">The photo that it is of.</param>
    /// <param name="question">Which network it is of, and how it was shown the photo.</param>
    internal FeatureMap(PhotoIdentity photo, CamQuestion question)
        : base(photo, question)
    {
    }

    /// <summary>The photo's full path, or the name given to a photo from memory.</summary>
    public override string Path => base.Path;

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
    public override string Model => base.Model;

    /// <summary>The activations, row by row.</summary>
    public required float[][] Map { get; init; }
}
