using System.Globalization;
using System.Text.RegularExpressions;

namespace ClassActivation.ModuleTests;

/// <summary>Pixels read back from what a terminal would be sent.</summary>
internal sealed partial class TerminalPicture
{
    private readonly (int Red, int Green, int Blue)?[,] _pixels;

    private TerminalPicture(int width, int height)
    {
        (Width, Height) = (width, height);
        _pixels = new (int, int, int)?[height, width];
    }

    public int Width { get; }

    public int Height { get; }

    public (int Red, int Green, int Blue) this[int row, int column] =>
        _pixels[row, column] ?? throw new InvalidDataException($"The pixel {column},{row} was not drawn.");

    /// <summary>Reads lines of ▀ with 24-bit colours.</summary>
    public static TerminalPicture FromHalfBlocks(IReadOnlyList<string> lines)
    {
        var picture = new TerminalPicture(lines[0].Count(static c => c == '▀'), 2 * lines.Count);
        for (int row = 0; row < lines.Count; row++)
        {
            if (!lines[row].EndsWith("\e[0m", StringComparison.Ordinal))
            {
                throw new InvalidDataException("A line leaves its colours on.");
            }

            int column = 0;
            (int, int, int)? upper = null, lower = null;
            foreach (Match token in HalfBlockToken().Matches(lines[row]))
            {
                if (token.Value == "▀")
                {
                    picture._pixels[2 * row, column] = upper;
                    picture._pixels[2 * row + 1, column++] = lower;
                }
                else if (token.Groups["plane"].Success)
                {
                    (int, int, int)? color = (Number(token, "r"), Number(token, "g"), Number(token, "b"));
                    (upper, lower) = token.Groups["plane"].Value == "3" ? (color, lower) : (upper, color);
                }
            }
        }

        return picture;
    }

    /// <summary>Reads a sixel string; a pixel that is drawn twice, or outside of the size it states, is an error.</summary>
    public static TerminalPicture FromSixel(string text)
    {
        Match whole = SixelString().Match(text);
        var picture = new TerminalPicture(Number(whole, "w"), Number(whole, "h"));
        var palette = new Dictionary<int, (int, int, int)>();
        (int color, int column, int top) = (-1, 0, 0);
        foreach (Match token in SixelToken().Matches(whole.Groups["data"].Value))
        {
            if (token.Groups["define"].Success)
            {
                palette.Add(Number(token, "define"), (FromPercent(token, "r"), FromPercent(token, "g"), FromPercent(token, "b")));
            }
            else if (token.Groups["use"].Success)
            {
                color = Number(token, "use");
            }
            else if (token.Value == "$")
            {
                column = 0;
            }
            else if (token.Value == "-")
            {
                (column, top) = (0, top + 6);
            }
            else
            {
                int end = column + (token.Groups["run"].Success ? Number(token, "run") : 1);
                for (; column < end; column++)
                {
                    picture.Draw(top, column, token.Groups["sixel"].Value[0] - '?', palette[color]);
                }
            }
        }

        return palette.Count <= 256 ? picture : throw new InvalidDataException($"The palette has {palette.Count} colours.");
    }

    /// <summary>The mean of a square of pixels.</summary>
    public (double Red, double Green, double Blue) Mean(int top, int left, int side)
    {
        (double red, double green, double blue) = (0, 0, 0);
        for (int i = 0; i < side * side; i++)
        {
            (int r, int g, int b) = this[top + i / side, left + i % side];
            (red, green, blue) = (red + r, green + g, blue + b);
        }

        return (red / (side * side), green / (side * side), blue / (side * side));
    }

    private void Draw(int top, int column, int sixel, (int, int, int) color)
    {
        for (int bit = 0; bit < 6; bit++)
        {
            if ((sixel & (1 << bit)) != 0)
            {
                if (_pixels[top + bit, column] is not null)
                {
                    throw new InvalidDataException($"The pixel {column},{top + bit} was drawn twice.");
                }

                _pixels[top + bit, column] = color;
            }
        }
    }

    private static int FromPercent(Match token, string group) => (int)Math.Round(Number(token, group) * 2.55);

    private static int Number(Match token, string group) => int.Parse(token.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"▀|\e\[(?<plane>[34])8;2;(?<r>\d+);(?<g>\d+);(?<b>\d+)m|\e\[0m")]
    private static partial Regex HalfBlockToken();

    [GeneratedRegex("""^\eP0;1;0q"1;1;(?<w>\d+);(?<h>\d+)(?<data>[^\e]*)\e\\$""")]
    private static partial Regex SixelString();

    [GeneratedRegex(@"#(?<define>\d+);2;(?<r>\d+);(?<g>\d+);(?<b>\d+)|#(?<use>\d+)|!(?<run>\d+)(?<sixel>[?-~])|(?<sixel>[?-~])|[$-]")]
    private static partial Regex SixelToken();
}
