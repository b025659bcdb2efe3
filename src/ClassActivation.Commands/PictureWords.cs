using System.Globalization;
using ClassActivation.Drawing;
using ClassActivation.Identity;
using ClassActivation.Localization;
using ClassActivation.Maps;
using ClassActivation.Methods;

namespace ClassActivation.Commands;

/// <summary>
/// Says in words how a picture of a map differs from the plain one, beside what was asked: how it is drawn, and what is cut
/// out. What is plain is fixed here for good, as it is in <see cref="Identity.QuestionWords"/>.
/// </summary>
internal static class PictureWords
{
    private const string PlainScalesOfRegions = "1,2";
    private const int PlainQuality = 90;

    /// <summary>The words for an overlay.</summary>
    /// <param name="style">The whole look.</param>
    /// <param name="usual">What the look is made of for this map.</param>
    /// <param name="drawn">How the map is drawn.</param>
    /// <param name="regions">The regions whose boxes are drawn.</param>
    /// <param name="hasLegend">Whether there is a legend below.</param>
    /// <param name="maxSize">The longest side; null for the photo's own.</param>
    /// <param name="format">The format, of which PNG knows no quality.</param>
    /// <param name="quality">The quality.</param>
    public static IReadOnlyList<string> OfOverlay(
        OverlayStyle style, OverlayOptions usual, OverlayOptions drawn, IReadOnlyList<CamRegion> regions, bool hasLegend, int? maxSize,
        PictureFormat format, int quality)
    {
        string[] words =
        [
            style == OverlayStyle.Notebook ? "" : $"{style}",
            drawn.Colormap == usual.Colormap ? "" : drawn.Colormap.Name,
            drawn.Normalization == usual.Normalization ? "" : $"{drawn.Normalization}",
            drawn.Upsampling == usual.Upsampling ? "" : $"{drawn.Upsampling}",
            drawn.Interpolation == usual.Interpolation ? "" : $"{drawn.Interpolation}",
            drawn.Threshold == usual.Threshold ? "" : $"from {Number(drawn.Threshold)}",
            drawn.Contour == usual.Contour ? "" : $"line {Number(drawn.Contour)}",
            drawn.HeatmapOpacity == usual.HeatmapOpacity ? "" : $"map {Number(drawn.HeatmapOpacity)}",
            drawn.ImageOpacity == usual.ImageOpacity ? "" : $"photo {Number(drawn.ImageOpacity)}",
            drawn.Layout == OverlayLayout.Overlay ? "" : $"{drawn.Layout}",
            regions.Count switch { 0 => "", 1 => "box", _ => "boxes" },
            .. regions.Count == 0 ? [] : OfRegion(regions[0]),
            hasLegend ? "legend" : "",
            maxSize is null ? "" : $"max {Number(maxSize)}",
            OfQuality(format, quality),
        ];
        return Said(words);
    }

    /// <summary>The words for a crop.</summary>
    /// <param name="region">What is cut out.</param>
    /// <param name="padding">How much of the photo is kept around it.</param>
    /// <param name="isSquare">Whether it is lengthened to a square.</param>
    /// <param name="format">The format, of which PNG knows no quality.</param>
    /// <param name="quality">The quality.</param>
    public static IReadOnlyList<string> OfCrop(CamRegion region, double padding, bool isSquare, PictureFormat format, int quality)
    {
        string[] words =
        [
            .. OfRegion(region),
            padding == 0 ? "" : $"padding {Number(padding)}",
            isSquare ? "square" : "",
            OfQuality(format, quality)
        ];
        return Said(words);
    }

    // The threshold of a part that suffices follows from the photo.
    private static IEnumerable<string> OfRegion(CamRegion region)
    {
        yield return IsAsGiven(region) ? "as given" : "";
        yield return region.ProbabilityAlone is not null
            ? "sufficient"
            : HasPlainThreshold(region)
            ? ""
            : $"threshold {Number(region.Threshold)}";
        yield return region.MapNormalization == HeatmapNormalization.Positive ? "" : $"{region.MapNormalization}";
        yield return region.MapUpsampling == Upsampling.HalfPixel ? "" : $"{region.MapUpsampling}";
    }

    /// <summary>
    /// A map's question in words, but for the scales of the finer map that regions are found in, which are plain for their
    /// pictures.
    /// </summary>
    /// <param name="question">The question.</param>
    /// <param name="region">A region that the picture shows; null for none.</param>
    public static IReadOnlyList<string> OfQuestion(CamQuestion question, CamRegion? region) =>
        QuestionWords.Of(
            region is not null && HasPlainThreshold(region) && question is { Scale: PlainScalesOfRegions, Flip: false }
                ? question with { Scale = "1" }
                : question);

    private static bool HasPlainThreshold(CamRegion region) => region.ProbabilityAlone is null
        && region.Threshold == PlainThreshold(region.Question.Method, MapFusion.IsAverage(region.Question.Scale, region.Question.Flip));

    private static double PlainThreshold(CamMethod method, bool isAverage) => method switch
    {
        CamMethod.LayerCam or CamMethod.GradCamPlusPlus => isAverage ? 0.28 : 0.22,
        CamMethod.AblationCam => isAverage ? 0.30 : 0.20,
        CamMethod.SoftmaxCam => isAverage ? 0.12 : 0.08,
        CamMethod.EigenCam or CamMethod.EigenGradCam => isAverage ? 0.08 : 0.06,
        _ => isAverage ? 0.22 : 0.20,
    };

    // With a threshold of the user's own the map is cut as it is given anyway; an average or a difference cannot become finer.
    private static bool IsAsGiven(CamRegion region) =>
        HasPlainThreshold(region)
            && region.Question is { Flip: false, Reference: "" }
            && !MapFusion.IsAverage(region.Question.Scale, flip: false);

    private static string OfQuality(PictureFormat format, int quality) =>
        format == PictureFormat.Png || quality == PlainQuality ? "" : $"quality {Number(quality)}";

    private static string[] Said(string[] words) => Array.FindAll(words, static text => text.Length > 0);

    private static string Number(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
