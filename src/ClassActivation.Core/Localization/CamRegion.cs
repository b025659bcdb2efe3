using System.Diagnostics.CodeAnalysis;
using ClassActivation.Identity;
using ClassActivation.Maps;

namespace ClassActivation.Localization;

/// <summary>A part of a photo where a class activation map is high: the pixels above a threshold that touch, and their box.</summary>
public sealed class CamRegion : CamAnswer
{
    /// <summary>Makes a region.</summary>
    /// <param name="map">The map that it was found in.</param>
    internal CamRegion(ClassActivationMap map)
        : base(map.Photo, map.Question) => ActivationMap = map;

    /// <summary>The photo's full path, or the name given to a photo from memory.</summary>
    public override string Path => base.Path;

    /// <summary>The class's label.</summary>
    public override string Label => base.Label;

    /// <summary>The class's position in the network's predictions, from 0.</summary>
    public override int ClassIndex => base.ClassIndex;

    /// <summary>The softmax probability of the class, 0 to 1.</summary>
    public double Probability => ActivationMap.Probability;

    /// <summary>The region's rank by area among those of its map, 1 for the largest.</summary>
    public required int Number { get; init; }

    /// <summary>The first column of the box, in pixels of the upright photo.</summary>
    public required int Left { get; init; }

    /// <summary>The first row of the box, in pixels of the upright photo.</summary>
    public required int Top { get; init; }

    /// <summary>The width of the box in pixels of the photo.</summary>
    public required int Width { get; init; }

    /// <summary>The height of the box in pixels of the photo.</summary>
    public required int Height { get; init; }

    /// <summary>The number of the photo's pixels in the region itself, which its box holds.</summary>
    public required int Area { get; init; }

    /// <summary>The map's largest value in the region, in the map's units.</summary>
    public required double Peak { get; init; }

    /// <summary>The column of the largest value, in pixels of the photo.</summary>
    public required int PeakX { get; init; }

    /// <summary>The row of the largest value, in pixels of the photo.</summary>
    public required int PeakY { get; init; }

    /// <summary>The map's mean over the region, in the map's units.</summary>
    public required double Mean { get; init; }

    /// <summary>The region's share of the sum of all the map's positive values, 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>The threshold that the region was found with, 0 to 1; of a part that suffices the smallest value in it.</summary>
    public required double Threshold { get; init; }

    /// <summary>
    /// How probable it is that the box fits, 0 to 1, if the class is in the photo: that its intersection with the true box of
    /// the object is at least half of their union. Null where the threshold or the normalisation was chosen by the user and
    /// for methods whose maps are no contributions, since it was learned for the defaults.
    /// </summary>
    public double? FitProbability { get; init; }

    /// <summary>
    /// Whether the class is hardly in the photo, its probability being below 5%: the box then says where the photo is most
    /// like it, and fits something only if the network is wrong.
    /// </summary>
    public bool IsImprobable => Probability < Localization.FitProbability.ImprobableClass;

    /// <summary>
    /// For a part that suffices, the probability of the class where nothing but this part is left of the photo, 0 to 1; null
    /// for any other region.
    /// </summary>
    public double? ProbabilityAlone { get; init; }

    /// <summary>For a part that suffices, the forward passes of the search for it; null for any other region.</summary>
    public int? Passes { get; init; }

    /// <summary>Which values of the map were 0 and 1: the name of a <see cref="HeatmapNormalization"/>.</summary>
    public string Normalization => MapNormalization.ToString();

    /// <summary>Where the map's cells lay in the photo: the name of an <see cref="Maps.Upsampling"/>.</summary>
    public string Upsampling => MapUpsampling.ToString();

    /// <summary>Which values of the map were 0 and 1.</summary>
    internal HeatmapNormalization MapNormalization { get; init; } = HeatmapNormalization.Positive;

    /// <summary>Where the map's cells lay in the photo.</summary>
    internal Upsampling MapUpsampling { get; init; } = Maps.Upsampling.HalfPixel;

    /// <summary>The map that the region was found in: finer than the one given, where the network was asked again.</summary>
    public ClassActivationMap ActivationMap { get; }

    /// <summary>Which pixels of the network's input are in the region, row by row; null but for a part that suffices.</summary>
    internal bool[][]? Mask { get; init; }

    /// <summary>
    /// Which pixels of the network's input a part that suffices is made of, row by row (<c>InputHeight</c> rows of
    /// <c>InputWidth</c> values); null for any other region, and for one from a file, a job or a remote session.
    /// </summary>
    [SuppressMessage("Design", "CA1024", Justification = "As a property it would be thousands of values in CSV and JSON.")]
    public bool[][]? GetMask() => Mask;

    /// <summary>The label and the box.</summary>
    public override string ToString() => ShownText.Of($"{Label} at {Left},{Top} ({Width}×{Height})");
}
