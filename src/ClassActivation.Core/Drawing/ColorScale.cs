using System.Globalization;
using ClassActivation.Maps;

namespace ClassActivation.Drawing;

/// <summary>Which raw values the two ends of a colour map stand for.</summary>
/// <param name="Low">The value of the first colour.</param>
/// <param name="High">The value of the last colour.</param>
public readonly record struct ColorScale(double Low, double High)
{
    /// <summary>The scale of a drawn map.</summary>
    /// <param name="minimum">The map's smallest value.</param>
    /// <param name="maximum">The map's largest value.</param>
    /// <param name="normalization">How the map is normalised for drawing.</param>
    public static ColorScale Of(double minimum, double maximum, HeatmapNormalization normalization)
    {
        double farthest = Math.Max(Math.Abs(minimum), Math.Abs(maximum));
        return normalization switch
        {
            HeatmapNormalization.MinMax => new(minimum, maximum),
            HeatmapNormalization.Positive => new(0, Math.Max(maximum, 0)),
            HeatmapNormalization.Symmetric => new(-farthest, farthest),
            HeatmapNormalization.None => new(0, 1),
            _ => throw new ArgumentOutOfRangeException(nameof(normalization)),
        };
    }

    /// <summary><see cref="Low"/> as text, see <see cref="HighText"/>.</summary>
    public string LowText => Text(Low);

    /// <summary><see cref="High"/> as text, with as many decimals as the larger end needs for three digits.</summary>
    public string HighText => Text(High);

    private string Text(double value)
    {
        double farthest = Math.Max(Math.Abs(Low), Math.Abs(High));
        if (farthest is >= 1e5 or (> 0 and < 1e-3))
        {
            return value == 0 ? "0" : value.ToString("0.##E+0", CultureInfo.InvariantCulture).Replace('-', '−');
        }

        int decimals = farthest == 0 ? 0 : Math.Clamp(2 - (int)Math.Floor(Math.Log10(farthest)), 0, 5);
        string text = value.ToString("F" + decimals, CultureInfo.InvariantCulture);
        return double.Parse(text, CultureInfo.InvariantCulture) == 0 ? "0" : text.Replace('-', '−');
    }
}
