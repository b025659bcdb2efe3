using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Text;
using ClassActivation.Drawing;

namespace ClassActivation.Commands;

/// <summary>The texts of cells in the module's views.</summary>
public static class CellText
{
    private const int BarWidth = 6;
    // "Probability : " before each line.
    private const int ListLabelWidth = 14;

    private const int LeastRoom = 11;

    private static readonly SearchValues<char> WordEnds = SearchValues.Create("_-. ,/\\+");

    private const string Eighths = " ▏▎▍▌▋▊▉";

    private static readonly Colormap Colors = Colormap.Get("jet");

    /// <summary>A name or label without characters that act instead of being seen: a visible sign stands for each.</summary>
    public static string Text(object? text) => ShownText.Of(text?.ToString() ?? "");

    /// <summary>The name of a file at a path, as <see cref="Text"/>.</summary>
    public static string FileName(string? path) => ShownText.Of(Path.GetFileName(path) ?? "");

    /// <summary>The end of a path, as <see cref="Text"/>: as much as fits, an ellipsis for the rest.</summary>
    /// <param name="path">The path.</param>
    /// <param name="width">The most characters, 2 or more.</param>
    public static string PathEnd(string? path, int width)
    {
        string text = ShownText.Of(path ?? "");
        if (text.Length <= width)
        {
            return text;
        }

        int start = text.Length - (width - 1);
        return "…" + text[(char.IsLowSurrogate(text[start]) ? start + 1 : start)..];
    }

    /// <summary>The end of a path, as <see cref="Text"/>, in the last column of a table: as much as the host has room for.</summary>
    /// <param name="path">The path.</param>
    /// <param name="host">The host that shows it.</param>
    /// <param name="before">The characters that the columns before it take.</param>
    public static string PathEnd(string? path, PSHost host, int before) => PathEnd(path, Room(host, before));

    /// <summary>The beginning of a text, as <see cref="Text"/>: as much as fits, an ellipsis for the rest.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The most characters, 2 or more.</param>
    public static string Start(object? text, int width)
    {
        string whole = Text(text);
        return whole.Length <= width ? whole : whole[..(char.IsHighSurrogate(whole[width - 2]) ? width - 2 : width - 1)] + "…";
    }

    /// <summary>The characters that the last column of a table has room for.</summary>
    /// <param name="host">The host that shows it.</param>
    /// <param name="before">The characters that the columns before it take.</param>
    public static int Room(PSHost host, int before) => Math.Max(LeastRoom, Terminal.Columns(host) - 1 - before);

    /// <summary>A name, as <see cref="Text"/>, that goes on in the next line behind a whole word of it.</summary>
    /// <param name="name">The name.</param>
    /// <param name="width">The most characters of a line, 1 or more.</param>
    public static string Words(object? name, int width)
    {
        string text = Text(name);
        var lines = new StringBuilder();
        while (text.Length > width)
        {
            int end = text.AsSpan(0, width).LastIndexOfAny(WordEnds) + 1;
            end = end == 0 ? width : end;
            end -= char.IsHighSurrogate(text[end - 1]) && end > 1 ? 1 : 0;
            lines.Append(text.AsSpan(0, end).TrimEnd(' ')).Append('\n');
            text = text[end..];
        }

        return lines.Append(text).ToString();
    }

    /// <summary>Names with commas between them, as <see cref="Text"/>.</summary>
    public static string List(IEnumerable? names) => Text(string.Join(", ", (names ?? Array.Empty<object>()).Cast<object?>()));

    /// <summary>A probability as a percentage with a bar of at most 6 characters.</summary>
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

    /// <summary>
    /// A map as a grid, one line for each row: its numbers, or where they are too wide characters from light to dense;
    /// on colours where the host has them.
    /// </summary>
    /// <param name="rows">The values, row by row.</param>
    /// <param name="host">The host that shows them.</param>
    /// <param name="style">The session's <c>$PSStyle</c>.</param>
    public static string Map(IEnumerable rows, PSHost host, object? style)
    {
        double[][] values = [.. rows.Cast<object>().Select(ToNumbers)];
        double least = values.Min(static row => row.Min()), most = values.Max(static row => row.Max());
        string format = Math.Max(Math.Abs(least), Math.Abs(most)) switch { >= 1000 => "0", >= 100 => "0.0", _ => "0.00" };
        int numberWidth = 1 + values.Max(row => row.Max(value => Number(value).Length));
        int available = (Terminal.Columns(host) - ListLabelWidth) / values[0].Length;
        bool hasColors = Terminal.HasColors(host, style);
        return string.Join(Environment.NewLine, values.Select(row =>
            string.Concat(row.Select(Cell)) + (hasColors ? "\e[0m" : "")));

        string Number(double value) => value.ToString(format, CultureInfo.CurrentCulture);

        string Cell(double value)
        {
            double share = most > least ? (value - least) / (most - least) : 0;
            bool fits = available >= numberWidth;
            string text = fits ? Number(value).PadLeft(numberWidth) : new string(AsciiShades.Of(share), Math.Clamp(available, 1, 2));
            return hasColors ? OnColor(text, share, fits) : text;
        }
    }

    private static double[] ToNumbers(object row) =>
        [
            .. ((IEnumerable)GivenObject.Unwrapped(row)).Cast<object>()
                .Select(static value => LanguagePrimitives.ConvertTo<double>(value))
        ];

    // Characters that stand for colours stay hidden in them, until the colours are taken away.
    private static string OnColor(string text, double share, bool isVisible)
    {
        (byte red, byte green, byte blue) = Colors[(int)(share * (Colormap.Size - 1))];
        bool isBright = 0.299 * red + 0.587 * green + 0.114 * blue > 128;
        (byte Red, byte Green, byte Blue) ink = !isVisible
            ? (red, green, blue)
            : isBright
            ? ((byte)0, (byte)0, (byte)0)
            : ((byte)255, (byte)255, (byte)255);
        return string.Create(CultureInfo.InvariantCulture, $"\e[38;2;{ink.Red};{ink.Green};{ink.Blue};48;2;{red};{green};{blue}m{text}");
    }
}
