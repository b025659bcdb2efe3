using System.Globalization;
using ClassActivation.Photos;

namespace ClassActivation.Maps;

/// <summary>Tells maps from what only looks like one, after files and other programs had them.</summary>
internal static class MapCheck
{
    // Of the part that a map covers: the rounding of its edges.
    private const double Tolerance = 1;

    /// <summary>What of a map cannot be, as the end of a sentence about it; null for nothing.</summary>
    /// <remarks>What passes this can be drawn, boxed and compared without any further check of its numbers.</remarks>
    public static string? Deviation(ClassActivationMap map)
    {
        if (map.Rows < 1 || map.Columns < 1 || map.Values.LongLength != (long)map.Rows * map.Columns)
        {
            return $"has {map.Values.Length} values for {map.Rows} rows of {map.Columns}";
        }

        return !FloatSpans.AreFinite(map.Values) || !float.IsFinite(map.Minimum) || !float.IsFinite(map.Maximum)
                ? "holds values that are infinite or not a number"
            : !CanBeDecoded(map.PhotoWidth, map.PhotoHeight)
                ? $"explains a photo of {map.PhotoWidth}×{map.PhotoHeight} pixels, which there cannot be"
            : !CanBeDecoded(map.InputWidth, map.InputHeight)
                ? $"is of an input of {map.InputWidth}×{map.InputHeight} pixels, which there cannot be"
            : !CanCover(map.Coverage, map.Question.Fit, map.PhotoWidth, map.PhotoHeight)
                ? string.Create(
                    CultureInfo.InvariantCulture, $"covers the part {map.Coverage} of a photo of {map.PhotoWidth}×{map.PhotoHeight} pixels")
            : null;
    }

    private static bool CanBeDecoded(int width, int height) => width > 0 && height > 0 && (long)width * height <= Array.MaxLength / 4;

    /// <summary>
    /// Whether a network can have seen a part of a photo: on each side it lies in the photo or, where there may be a margin, the
    /// photo in it.
    /// </summary>
    /// <param name="part">The part.</param>
    /// <param name="fit">How the photo was fitted.</param>
    /// <param name="width">The photo's width in pixels.</param>
    /// <param name="height">The photo's height in pixels.</param>
    internal static bool CanCover(PhotoRegion part, InputFit fit, int width, int height) =>
        CanCover(part.Left, part.Width, fit, width) && CanCover(part.Top, part.Height, fit, height);

    // Comparisons with what is not a number are false.
    private static bool CanCover(double from, double length, InputFit fit, int photo)
    {
        double end = from + length;
        return length > 0 && ((from >= -Tolerance && end <= photo + Tolerance)
            || (
                fit == InputFit.Letterbox
                    && from <= Tolerance
                    && end >= photo - Tolerance
                    && length <= InputGeometry.MaxResolution * (photo + Tolerance)));
    }
}
