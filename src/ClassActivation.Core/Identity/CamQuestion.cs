using ClassActivation.Methods;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Identity;

/// <summary>
/// What was asked about a photo: of which network, shown how, about which class or concept, explained how. Two questions
/// are equal where their maps of a photo are.
/// </summary>
public sealed record CamQuestion
{
    /// <summary>The network's name.</summary>
    public string Model { get; init; } = "";

    /// <summary>The network's hash (<see cref="CamModelInfo.Hash"/>); empty where it is not known.</summary>
    public string ModelHash { get; init; } = "";

    /// <summary>What of the photo the network saw.</summary>
    public InputFit Fit { get; init; } = InputFit.FullFrame;

    /// <summary>The side in pixels that the fit aimed at.</summary>
    public int Resolution { get; init; } = 224;

    /// <summary>The filter that resized the photo.</summary>
    public Resampling Resampling { get; init; } = Resampling.Bilinear;

    /// <summary>How the photo's file became pixels.</summary>
    public PhotoDecoding Decoding { get; init; } = PhotoDecoding.Exact;

    /// <summary>What became of the orientation and the transparency that the photo's file states.</summary>
    public PhotoReading Reading { get; init; } = PhotoReading.Upright;

    /// <summary>The class's position in the network's predictions, from 0; -1 for a concept.</summary>
    public int ClassIndex { get; init; } = Concept.NoClassIndex;

    /// <summary>The WordNet id of the class or concept, empty where it has none.</summary>
    public string WordNetId { get; init; } = "";

    /// <summary>The class's label, or the concept's name.</summary>
    [NotIdentity("It follows from the network and the class or concept.")]
    public string Label { get; init; } = "";

    /// <summary>Whether the network has another class, or another concept, of that label.</summary>
    [NotIdentity("It follows from the network and the class or concept.")]
    public bool SharesLabel { get; init; }

    /// <summary>How the map is made.</summary>
    public CamMethod Method { get; init; } = CamMethod.Cam;

    /// <summary>The layer whose feature maps the map is made of; null for the last.</summary>
    public string? Layer { get; init; }

    /// <summary>The most steps on the way of <see cref="CamMethod.IntegratedGradients"/>; 0 for other methods.</summary>
    public int MaxStep { get; init; }

    /// <summary>The full path of the photo whose likeness is explained; empty where a class or concept is.</summary>
    [NotIdentity("The hash of its bytes says which photo it is.")]
    public string SimilarTo { get; init; } = "";

    /// <summary>The SHA-256 of that photo's bytes; empty where a class or concept is explained.</summary>
    public string SimilarToHash { get; init; } = "";

    /// <summary>The labels of the classes that the target is set against, empty where there are none.</summary>
    [NotIdentity("It follows from the network and the indexes of these classes.")]
    public string Contrast { get; init; } = "";

    /// <summary>
    /// The indexes of the classes that the target is set against, such as <c>281,282</c>, and the WordNet ids of the concepts;
    /// empty where there are none.
    /// </summary>
    public string ContrastClass { get; init; } = "";

    /// <summary>How much these classes count; 0 where there are none.</summary>
    public double ContrastStrength { get; init; }

    /// <summary>Whether these classes were the most probable others, and not named.</summary>
    [NotIdentity("The same classes give the same map, whoever chose them.")]
    public bool ContrastAuto { get; init; }

    /// <summary>How parts of the photo were covered (<see cref="MaskingSettings.ToText"/>); empty for methods that cover nothing.</summary>
    public string Masking { get; init; } = "";

    /// <summary>The scales that the map is the average of, such as <c>1,2</c>.</summary>
    public string Scale { get; init; } = "1";

    /// <summary>Whether the map is the average with that of the photo's mirror image.</summary>
    public bool Flip { get; init; }

    /// <summary>
    /// For the difference of two maps, the reference's question as a text (<see cref="ToKey"/>); empty for a map.
    /// </summary>
    public string Reference { get; init; } = "";

    /// <summary>How the photo was shown.</summary>
    internal InputSettings Input => new(Fit, Resolution, Resampling) { Decoding = Decoding, Reading = Reading };

    /// <summary>Whether a concept is asked for, and not a class.</summary>
    internal bool IsConcept => ClassIndex == Concept.NoClassIndex && !IsLikeness;

    /// <summary>Whether the likeness of two photos is asked for, and neither a class nor a concept.</summary>
    internal bool IsLikeness => SimilarToHash.Length > 0;

    /// <summary>The question without the way in which it is explained: which score, in which input.</summary>
    internal CamQuestion Subject => this with
    {
        Method = CamMethod.Cam,
        Layer = null,
        MaxStep = 0,
        ContrastClass = "",
        ContrastStrength = 0,
        Masking = "",
        Scale = "1",
        Flip = false,
        Reference = "",
    };

    /// <summary>
    /// The question without what it asks about: how it is explained, in which input. Scores against the most probable others go
    /// with the target.
    /// </summary>
    internal CamQuestion WithoutTarget => this with
    {
        ClassIndex = 0,
        WordNetId = "",
        Label = "",
        SharesLabel = false,
        Contrast = ContrastAuto ? "" : Contrast,
        ContrastClass = ContrastAuto ? "" : ContrastClass,
    };

    /// <summary>All that makes the question the one that it is, as one text.</summary>
    public string ToKey() => FlatRecord<CamQuestion>.ToKey(this);

    /// <summary>The question whose text this is.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static CamQuestion Parse(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (string part in key.Split(';'))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                throw new FormatException($"'{part}' is no part of a question.");
            }

            values[part[..equals]] = Uri.UnescapeDataString(part[(equals + 1)..]);
        }

        return FlatRecord<CamQuestion>.Read(
            FlatRecord<CamQuestion>.KeyProperties.Where(property => values.ContainsKey(property.Name)), name => values[name]);
    }

    /// <summary>Whether both have the same map of a photo.</summary>
    public bool Equals(CamQuestion? other) => other is not null && FlatRecord<CamQuestion>.AreEqual(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => FlatRecord<CamQuestion>.HashOf(this);
}
