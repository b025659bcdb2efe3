using ClassActivation.Identity;
using ClassActivation.Maps;

namespace ClassActivation.Localization;

/// <summary>How well maps find the true boxes of many photos; all figures are shares of the photos, 0 to 1.</summary>
public sealed class CamLocalization : CamSummary
{
    /// <summary>The number of maps that were measured.</summary>
    public required int Count { get; init; }

    /// <summary>
    /// MaxBoxAccV2 (Choe et al. 2020): the mean of <see cref="BoxAcc30"/>, <see cref="BoxAcc50"/> and <see cref="BoxAcc70"/>.
    /// </summary>
    public required double MaxBoxAccV2 { get; init; }

    /// <summary>
    /// At the threshold that is best for it, the share of photos in which the box of any region has an IoU of 0.3 or more.
    /// </summary>
    public required double BoxAcc30 { get; init; }

    /// <summary>The same for an IoU of 0.5 or more.</summary>
    public required double BoxAcc50 { get; init; }

    /// <summary>The same for an IoU of 0.7 or more.</summary>
    public required double BoxAcc70 { get; init; }

    /// <summary>The lowest of the thresholds that are best for <see cref="BoxAcc30"/>, 0 to 1.</summary>
    public required double Threshold30 { get; init; }

    /// <summary>The lowest of the thresholds that are best for <see cref="BoxAcc50"/>, 0 to 1.</summary>
    public required double Threshold50 { get; init; }

    /// <summary>The lowest of the thresholds that are best for <see cref="BoxAcc70"/>, 0 to 1.</summary>
    public required double Threshold70 { get; init; }

    /// <summary>MaxBoxAcc, the first version: the largest region's box only, IoU 0.5, at the threshold that is best for it.</summary>
    public required double MaxBoxAcc { get; init; }

    /// <summary>The lowest of the thresholds that are best for <see cref="MaxBoxAcc"/>, 0 to 1.</summary>
    public required double MaxBoxAccThreshold { get; init; }

    /// <summary>The pointing game (Zhang et al. 2016): the share of photos whose map is largest in a true box.</summary>
    public required double PointingGame { get; init; }

    /// <summary>At <see cref="Threshold"/>, the share of photos in which the largest region's box has an IoU of 0.5 or more.</summary>
    public required double BoxAcc { get; init; }

    /// <summary>At <see cref="Threshold"/>, the mean IoU of the largest region's box.</summary>
    public required double MeanIoU { get; init; }

    /// <summary>
    /// The fixed threshold: what regions are found with where the true boxes are not known; null where it differs from map to
    /// map.
    /// </summary>
    public required double? Threshold { get; init; }

    /// <summary>Which values of a map were 0 and 1.</summary>
    public required HeatmapNormalization Normalization { get; init; }

    /// <summary>Where the maps' cells lay in the photos.</summary>
    public required Upsampling Upsampling { get; init; }

    /// <summary>The single photos, in the order of the maps.</summary>
    public required PhotoLocalization[] Photos { get; init; }
}
