using System.Collections;
using System.Globalization;
using System.Text;

namespace ClassActivation.Commands;

/// <summary>The texts of cells in the module's views.</summary>
public static class CellText
{
    private const int BarWidth = 20;
    private const string Eighths = " ▏▎▍▌▋▊▉";

    /// <summary>A probability as a percentage with a bar of at most 20 characters.</summary>
    /// <param name="probability">0 to 1.</param>
    public static string ProbabilityBar(double probability)
    {
        int eighths = (int)Math.Round(Math.Clamp(probability, 0, 1) * BarWidth * 8);
        string partial = eighths % 8 == 0 ? "" : Eighths[eighths % 8].ToString();
        return string.Create(CultureInfo.CurrentCulture, $"{probability,7:P1} {new string('█', eighths / 8)}{partial}");
    }

    /// <summary>A shape as Keras prints it; a free dimension is "None".</summary>
    public static string Shape(IEnumerable dimensions) =>
        $"({string.Join(", ", dimensions.Cast<object?>().Select(static d => d?.ToString() ?? "None"))})";

    /// <summary>A grid of numbers, one line for each row.</summary>
    public static string Numbers(IEnumerable rows)
    {
        var text = new StringBuilder();
        foreach (IEnumerable row in rows)
        {
            text.AppendLine(string.Join(' ', row.Cast<object>().Select(
                static value => Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString("0.0000", CultureInfo.CurrentCulture).PadLeft(8))));
        }

        return text.ToString();
    }
}
