using System.Globalization;

namespace ClassActivation.Identity;

/// <summary>Reads numbers from texts that other programs wrote.</summary>
public static class NumberText
{
    /// <summary>
    /// Reads a number with a point or a comma before its decimals: a table is written in the language of whoever writes it. No digits
    /// are grouped in one.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">It is no number.</exception>
    public static double ToDouble(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return double.Parse(text.Contains('.', StringComparison.Ordinal) ? text : text.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture);
    }
}
