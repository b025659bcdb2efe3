using System.Collections.Concurrent;
using System.Text;
using SkiaSharp;

namespace ClassActivation.Drawing;

/// <summary>
/// Writes text into pictures, one line at a time, in the embedded font. Characters that it lacks are taken from the
/// system's fonts, and where there are none, shown as their number in Unicode: [732B]. What is written from right to left
/// stands so.
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
    public float Measure(string text) => Runs(text).Sum(static run => run.Font.MeasureText(run.Text));

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
        foreach ((string part, SKFont font) in Runs(text))
        {
            canvas.DrawText(part, x, baseline, SKTextAlign.Left, font, _paint);
            x += font.MeasureText(part);
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

    // Never ends between the two halves of one character.
    private int LongestStart(string text, float width)
    {
        int length = 0;
        float x = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            (string shown, SKTypeface typeface) = Shown(rune);
            x += FontOf(typeface).MeasureText(shown);
            if (x > width)
            {
                return length;
            }

            length += rune.Utf16SequenceLength;
        }

        return length;
    }

    private IEnumerable<(string Text, SKFont Font)> Runs(string text)
    {
        var run = new StringBuilder();
        SKTypeface? current = null;
        foreach (Rune rune in WrittenOrder.Of(text, HasGlyph).EnumerateRunes())
        {
            (string shown, SKTypeface typeface) = Shown(rune);
            if (current is not null && !ReferenceEquals(typeface, current))
            {
                yield return (run.ToString(), FontOf(current));
                run.Clear();
            }

            current = typeface;
            run.Append(shown);
        }

        if (current is not null)
        {
            yield return (run.ToString(), FontOf(current));
        }
    }

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

    private static SKTypeface ReadEmbedded()
    {
        using Stream stream = typeof(TextPen).Assembly.GetManifestResourceStream("Inter-Medium.otf")!;
        return SKTypeface.FromStream(stream);
    }
}
