using System.Globalization;

namespace ClassActivation.Drawing;

/// <summary>How labels and probabilities are written in pictures.</summary>
internal static class CamText
{
    /// <summary>A label with its words apart.</summary>
    public static string Label(string label) => label.Replace('_', ' ');

    /// <summary>A probability in percent; nothing for a map that has none, such as a difference.</summary>
    public static string Percent(double probability) => probability switch
    {
        double.NaN => "",
        > 0 and < 0.001 => "<0.1%",
        _ => (100 * probability).ToString("0.0", CultureInfo.InvariantCulture) + "%",
    };
}
