using System.Globalization;
using ClassActivation.Identity;
using ClassActivation.Methods;
using ClassActivation.Photos;

namespace ClassActivation.Maps;

/// <summary>Tells questions from what only looks like one, after tables and other programs had them.</summary>
internal static class QuestionCheck
{
    /// <summary>What of a question cannot be, as a sentence; null for nothing.</summary>
    public static string? Deviation(CamQuestion question) =>
        !question.Scale.Split(',').All(IsScale) ? $"The property {nameof(question.Scale)} cannot be '{question.Scale}'."
        : !double.IsFinite(question.ContrastStrength) || question.ContrastStrength < 0
            ? $"The property {nameof(question.ContrastStrength)} cannot be '{question.ContrastStrength}'."
        : question.Resolution is < InputGeometry.MinResolution or > InputGeometry.MaxResolution
            ? $"The property {nameof(question.Resolution)} cannot be '{question.Resolution}'."
        : !IsMasking(question.Masking) ? $"The property {nameof(question.Masking)} cannot be '{question.Masking}'."
        : null;

    private static bool IsScale(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double scale) && double.IsFinite(scale) && scale > 0;

    private static bool IsMasking(string text)
    {
        try
        {
            _ = MaskingSettings.Parse(text);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
