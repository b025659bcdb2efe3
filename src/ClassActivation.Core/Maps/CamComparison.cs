using ClassActivation.Identity;
using ClassActivation.Photos;

namespace ClassActivation.Maps;

/// <summary>How much two maps of one photo have in common, and where they differ.</summary>
public sealed class CamComparison : CamAnswer
{
    private readonly CamQuestion _reference;

    /// <summary>Makes a comparison.</summary>
    /// <param name="photo">The photo of both maps.</param>
    /// <param name="question">The difference's question: the compared map's, with the reference's.</param>
    /// <param name="reference">The reference map's question.</param>
    internal CamComparison(PhotoIdentity photo, CamQuestion question, CamQuestion reference)
        : base(photo, question) => _reference = reference;

    /// <summary>The photo's full path, or the name given to a photo from memory.</summary>
    public override string Path => base.Path;

    /// <summary>The label of the compared map.</summary>
    public override string Label => base.Label;

    /// <summary>The label of the reference map.</summary>
    public string ReferenceLabel => _reference.Label;

    /// <summary>How the compared map was made.</summary>
    public override string Method => base.Method;

    /// <summary>How the reference map was made.</summary>
    public string ReferenceMethod => _reference.Method.ToString();

    /// <summary>The network of the compared map.</summary>
    public override string Model => base.Model;

    /// <summary>The network of the reference map.</summary>
    public string ReferenceModel => _reference.Model;

    /// <summary>
    /// Pearson's correlation of the maps' values, −1 to 1, whatever their units; not a number where a map has the same
    /// value everywhere.
    /// </summary>
    public required double Correlation { get; init; }

    /// <summary>
    /// Intersection over union of the regions in which the normalised maps reach the threshold, 0 to 1, measured on maps
    /// interpolated to the photo. Two empty regions are the same region, 1: maps without a positive value agree that nothing
    /// is there.
    /// </summary>
    public required double IoU { get; init; }

    /// <summary>The mean absolute difference of the normalised maps, 0 to 1.</summary>
    public required double MeanAbsoluteDifference { get; init; }

    /// <summary>The normalised value from which on a place belongs to a map's region.</summary>
    public required double Threshold { get; init; }

    /// <summary>How both maps were normalised for the region and the differences.</summary>
    public string Normalization => RegionNormalization.ToString();

    /// <summary>How both maps were normalised for the region and the differences.</summary>
    internal HeatmapNormalization RegionNormalization { get; init; }

    /// <summary>
    /// The normalised map minus the normalised reference, −1 to 1, on the part of the photo that both cover: positive
    /// where the compared map sees more. It has no probability and no logit.
    /// </summary>
    public required ClassActivationMap Difference { get; init; }

    /// <summary>What was compared, and the correlation.</summary>
    public override string ToString() =>
        ShownText.Of($"{Difference.Label} in {System.IO.Path.GetFileName(Path)}: correlation {Correlation:0.000}");
}
