using System.Text;
using ClassActivation.Drawing;
using SkiaSharp;

namespace ClassActivation.Tests.Drawing;

/// <summary>Letters of Tamil take their forms and places beside each other.</summary>
public sealed class TextShaperTests
{
    private const string Ka = "\u0B95", E = "\u0BC6", O = "\u0BCA", Aa = "\u0BBE";

    private static readonly SKTypeface Tamil = SKTypeface.FromFile(
        Path.Combine(AppContext.BaseDirectory, "Figures", "fonts", "Lohit-Tamil.ttf"));

    // Widths of Pillow 9.5 with libraqm: ImageFont.truetype(font, 1000, layout_engine=RAQM).getlength(text).
    [Theory]
    [InlineData(Ka + O, 1940.453125)]
    [InlineData("\u0BA4\u0BAE\u0BBF\u0BB4\u0BCD", 2440.4375)]
    public void A_text_is_as_wide_as_another_program_makes_it(string text, double width) =>
        Assert.Equal(width, TextShaper.Shape(text, Tamil, 1000)!.Width, 0.5);

    [Fact]
    public void A_vowel_sign_stands_before_the_consonant_that_it_is_read_behind()
    {
        using var font = new SKFont(Tamil, 100) { Hinting = SKFontHinting.None, Subpixel = true };
        ushort ka =
            font.GetGlyph(char.ConvertToUtf32(Ka, 0)), e = font.GetGlyph(char.ConvertToUtf32(E, 0)),
            aa = font.GetGlyph(char.ConvertToUtf32(Aa, 0));

        TextShaper.Line ke = TextShaper.Shape(Ka + E, Tamil, 100)!;
        // O is two signs, before and behind.
        TextShaper.Line ko = TextShaper.Shape(Ka + O, Tamil, 100)!;

        Assert.Equal([e, ka], ke.Glyphs);
        Assert.Equal([e, ka, aa], ko.Glyphs);
        Assert.Equal(0, ko.Places[0].X);
        Assert.True(ko.Places[0].X < ko.Places[1].X && ko.Places[1].X < ko.Places[2].X && ko.Places[2].X < ko.Width);
        Assert.Equal(font.MeasureText(E), ko.Places[1].X, 0.1);
    }

    [Theory]
    [InlineData("क", true)]
    [InlineData("ක", true)]
    [InlineData("ཀ", true)]
    [InlineData("က", true)]
    [InlineData("ក", true)]
    [InlineData("a", false)]
    [InlineData("猫", false)]
    [InlineData("ח", false)]
    [InlineData("ق", false)]
    public void Scripts_are_told_by_their_letters(string letter, bool isShaped) =>
        Assert.Equal(isShaped, TextShaper.IsOf(Rune.GetRuneAt(letter, 0)));

    [Fact]
    public void A_typeface_is_shaped_by_several_threads_alike()
    {
        TextShaper.Line[] lines = new TextShaper.Line[32];
        Parallel.For(0, lines.Length, i => lines[i] = TextShaper.Shape(Ka + O, Tamil, 10 + (i % 2))!);

        Assert.All(lines, (line, i) => Assert.Equal(1.940453125 * (10 + (i % 2)), line.Width, 0.01));
    }
}
