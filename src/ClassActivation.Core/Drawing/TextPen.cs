using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using SkiaSharp;

namespace ClassActivation.Drawing;

/// <summary>
/// Writes text into pictures, one line at a time, in the embedded font. Characters that it lacks are taken from the
/// system's fonts, and where there are none, shown as their number in Unicode: [732B]. What is written from right to left
/// stands so, and the letters of Indian and other scripts take their forms beside each other.
/// </summary>
internal sealed class TextPen : IDisposable
{
    private const string Ellipsis = "…";

    private static readonly SKTypeface Embedded = ReadEmbedded();
    private static readonly ConcurrentDictionary<int, SKTypeface?> FromSystem = new();

    private readonly Dictionary<SKTypeface, SKFont> _fonts = [];
    private readonly SKPaint _paint;
    private readonly float _size;

    /// <param name="size">The font's size in pixels.</param>
    /// <param name="color">The text's colour.</param>
    public TextPen(float size, SKColor color)
    {
        _size = size;
        _paint = new SKPaint { Color = color, IsAntialias = true };
        SKFontMetrics metrics = FontOf(Embedded).Metrics;
        Ascent = -metrics.Ascent;
        LineHeight = metrics.Descent - metrics.Ascent;
        CapHeight = metrics.CapHeight;
    }

    /// <summary>From the top of a line to its baseline, in pixels.</summary>
    public float Ascent { get; }

    /// <summary>The height of a capital letter, in pixels.</summary>
    public float CapHeight { get; }

    /// <summary>The height of a line, in pixels.</summary>
    public float LineHeight { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SKFont font in _fonts.Values)
        {
            font.Dispose();
        }

        _paint.Dispose();
    }

    /// <summary>How wide a text is, in pixels.</summary>
    public float Measure(string text) => Runs(text).Sum(WidthOf);

    /// <summary>Writes a text.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="text">What.</param>
    /// <param name="x">The text's left end, middle or right end, as <paramref name="align"/> says.</param>
    /// <param name="baseline">The line that the letters stand on.</param>
    /// <param name="align">What of the text lies at <paramref name="x"/>.</param>
    public void Draw(SKCanvas canvas, string text, float x, float baseline, SKTextAlign align = SKTextAlign.Left)
    {
        x -= align switch
        {
            SKTextAlign.Center => Measure(text) / 2,
            SKTextAlign.Right => Measure(text),
            _ => 0,
        };
        foreach (Run run in Runs(text))
        {
            if (run.Shaped is { } line)
            {
                using var glyphs = new SKTextBlobBuilder();
                glyphs.AddPositionedRun(line.Glyphs, run.Font, line.Places);
                using SKTextBlob? blob = glyphs.Build();
                canvas.DrawText(blob, x, baseline, _paint);
            }
            else
            {
                canvas.DrawText(run.Text, x, baseline, SKTextAlign.Left, run.Font, _paint);
            }

            x += WidthOf(run);
        }
    }

    /// <summary>A text cut to a width; three dots stand for what is missing.</summary>
    public string Fit(string text, float width)
    {
        if (Measure(text) <= width)
        {
            return text;
        }

        int length = LongestStart(text, width - Measure(Ellipsis));
        return text[..length].TrimEnd() + Ellipsis;
    }

    /// <summary>A text in lines of a width, broken at spaces where it has some; at least one line, the last one cut.</summary>
    public IReadOnlyList<string> Wrap(string text, float width, int maxLines)
    {
        var lines = new List<string>();
        string rest = text.Trim();
        while (lines.Count < maxLines - 1 && Measure(rest) > width)
        {
            int length = Math.Max(1, LongestStart(rest, width));
            int space = rest.LastIndexOf(' ', Math.Min(length, rest.Length - 1));
            length = space > 0 ? space : length;
            lines.Add(rest[..length].TrimEnd());
            rest = rest[length..].TrimStart();
        }

        lines.Add(Fit(rest, width));
        return lines;
    }

    // Never ends between the two halves of one character, nor between a letter and the signs on it.
    private int LongestStart(string text, float width)
    {
        int length = 0;
        float x = 0;
        TextElementEnumerator letters = StringInfo.GetTextElementEnumerator(text);
        while (letters.MoveNext())
        {
            string letter = letters.GetTextElement();
            x += Runs(letter).Sum(WidthOf);
            if (x > width)
            {
                return length;
            }

            length += letter.Length;
        }

        return length;
    }

    private IEnumerable<Run> Runs(string text)
    {
        var run = new StringBuilder();
        (SKTypeface Typeface, bool IsShaped)? current = null;
        foreach (Rune rune in WrittenOrder.Of(text, HasGlyph).EnumerateRunes())
        {
            if (TextShaper.IsJoiner(rune) && current is { IsShaped: true })
            {
                run.Append(rune.ToString());
                continue;
            }

            (string shown, SKTypeface typeface) = Shown(rune);
            (SKTypeface, bool) next = (typeface, !ReferenceEquals(typeface, Embedded) && TextShaper.IsOf(rune));
            if (current is { } before && before != next)
            {
                yield return RunOf(run.ToString(), before);
                run.Clear();
            }

            current = next;
            run.Append(shown);
        }

        if (current is { } last)
        {
            yield return RunOf(run.ToString(), last);
        }
    }

    private Run RunOf(string text, (SKTypeface Typeface, bool IsShaped) kind) =>
        new(text, FontOf(kind.Typeface), kind.IsShaped ? TextShaper.Shape(text, kind.Typeface, _size) : null);

    private static float WidthOf(Run run) => run.Shaped?.Width ?? run.Font.MeasureText(run.Text);

    private (string Text, SKTypeface Typeface) Shown(Rune rune)
    {
        if (ShownText.IsHidden(rune))
        {
            return (" ", Embedded);
        }

        if (FontOf(Embedded).ContainsGlyph(rune.Value))
        {
            return (rune.ToString(), Embedded);
        }

        SKTypeface? system = SystemFontOf(rune);
        return system is null ? ($"[{rune.Value:X4}]", Embedded) : (rune.ToString(), system);
    }

    private bool HasGlyph(Rune rune) => FontOf(Embedded).ContainsGlyph(rune.Value) || SystemFontOf(rune) is not null;

    private static SKTypeface? SystemFontOf(Rune rune) =>
        FromSystem.GetOrAdd(rune.Value, static c => SKFontManager.Default.MatchCharacter(c) ?? SystemFonts.For(c));

    private SKFont FontOf(SKTypeface typeface)
    {
        if (!_fonts.TryGetValue(typeface, out SKFont? font))
        {
            font = new SKFont(typeface, _size) { Edging = SKFontEdging.Antialias, Subpixel = true, Hinting = SKFontHinting.None };
            _fonts.Add(typeface, font);
        }

        return font;
    }

    /// <summary>Text in one font, with its glyphs where these are not those of its letters one by one.</summary>
    private sealed record Run(string Text, SKFont Font, TextShaper.Line? Shaped);

    private static SKTypeface ReadEmbedded()
    {
        using Stream stream = typeof(TextPen).Assembly.GetManifestResourceStream("Inter-Medium.otf")!;
        return SKTypeface.FromStream(stream);
    }
}
