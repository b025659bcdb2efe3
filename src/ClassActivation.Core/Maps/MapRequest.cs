using ClassActivation.Identity;
using ClassActivation.Methods;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Maps;

/// <summary>Which maps of a photo to compute.</summary>
public sealed record MapRequest
{
    /// <summary>The classes to map, by index.</summary>
    public IReadOnlyList<int> ClassIndexes { get; init; } = [];

    /// <summary>The concepts to map, of the network's own <see cref="ClassTable.Concepts"/>.</summary>
    public IReadOnlyList<Concept> Concepts { get; init; } = [];

    /// <summary>
    /// Another photo: the maps explain the cosine of both photos' pooled features, and neither classes nor concepts. The value of
    /// <see cref="ClassActivationMap.Logit"/> is the cosine then, and there is no probability. Null for classes and concepts.
    /// </summary>
    public PhotoSource? SimilarTo { get; init; }

    /// <summary>The features of <see cref="SimilarTo"/>, once they are known.</summary>
    internal Likeness? Likeness { get; init; }

    /// <summary>How many of the most probable classes to map where neither class nor concept is named.</summary>
    public int Top { get; init; } = 1;

    /// <summary>How to make the maps; each class or concept gets one map by each method.</summary>
    public IReadOnlyList<CamMethod> Methods { get; init; } = [CamMethod.Cam];

    /// <summary>
    /// The layers whose feature maps the maps are made of, by the names that <see cref="CamModelInfo.ReadLayers"/> gives; none for
    /// the network's own last one. Of several, each map is cut at zero, scaled to 0 … 1 by its largest value, brought to the size of
    /// the finest, and the largest value taken at each place (LayerCAM).
    /// </summary>
    public IReadOnlyList<string> Layers { get; init; } = [];

    /// <summary>The most steps of <see cref="CamMethod.IntegratedGradients"/>, 1 or more.</summary>
    public int MaxStep { get; init; } = IntegratedGradientsMethod.DefaultMostSteps;

    /// <summary>
    /// Other classes to set each class or concept against; null for none. It does not go with
    /// <see cref="CamMethod.SoftmaxCam"/>, which sets a class against all others already.
    /// </summary>
    public ClassContrast? Contrast { get; init; }

    /// <summary>
    /// The resolutions at which the photo is shown to the network, in multiples of
    /// <see cref="InputSettings.Resolution"/>. Each costs a forward pass in proportion to its pixels: 2 costs four times
    /// what 1 costs. Of several, each map is cut at zero, scaled to 0 … 1 by its largest value, brought to the
    /// largest map's size and averaged; predictions, probability and rank come from the first.
    /// </summary>
    public IReadOnlyList<double> Scales { get; init; } = [1];

    /// <summary>
    /// Whether the photo's mirror image is shown to the network too, at each scale, and its map mirrored back and
    /// averaged with the others as those of several scales are. It doubles the cost.
    /// </summary>
    public bool Flip { get; init; }

    /// <summary>How the methods that cover parts of the photo do so.</summary>
    public MaskingSettings Masking { get; init; } = new();

    /// <summary>Counts the forward passes of these methods; null where nobody wants to know.</summary>
    public PassCount? Passes { get; init; }

    /// <summary>Whether the maps carry the feature maps they were computed from.</summary>
    public bool IncludeActivation { get; init; }
}
