using System.Globalization;
using System.Text;

namespace ClassActivation.Identity;

/// <summary>Reads numbers from texts that other programs wrote.</summary>
public static class NumberText
{
    /// <summary>
    /// Reads a number with a point, a comma or the Arabic sign before its decimals: a table is written in the language of
    /// whoever writes it. No digits are grouped in one.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">It is no number.</exception>
    public static double ToDouble(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text == NumberFormatInfo.CurrentInfo.NaNSymbol
            ? double.NaN
            : double.Parse(Invariant(text), NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// A number as the invariant culture writes it, from whatever language: with its point, its minus, and no signs of
    /// direction.
    /// </summary>
    internal static string Invariant(string text)
    {
        var invariant = new StringBuilder(text.Length);
        foreach (char sign in text)
        {
            switch (sign)
            {
                // The marks of right to left and left to right that stand beside a minus.
                case '\u061C' or '\u200E' or '\u200F':
                    break;
                case '\u2212':
                    invariant.Append('-');
                    break;
                case '\u066B':
                    invariant.Append('.');
                    break;
                default:
                    invariant.Append(sign);
                    break;
            }
        }

        return text.Contains('.', StringComparison.Ordinal) ? invariant.ToString() : invariant.Replace(',', '.').ToString();
    }
}
