using ClassActivation.Drawing;

namespace ClassActivation.Tests.Drawing;

/// <summary>Lines of text as they stand from left to right, by the rules of Unicode's annex 9 and its charts of Arabic forms.</summary>
public sealed class WrittenOrderTests
{
    [Theory]
    [InlineData("cat.jpg", "cat.jpg")]
    [InlineData("猫 2.jpg", "猫 2.jpg")]
    [InlineData("\u05D7\u05EA\u05D5\u05DC.jpg", "\u05DC\u05D5\u05EA\u05D7.jpg")]
    [InlineData("a \u05D7\u05EA 12.5 b", "a 12.5 \u05EA\u05D7 b")]
    [InlineData("\u05D7 (\u05EA) 3", "3 (\u05EA) \u05D7")]
    [InlineData("\u05D7\u05B8\u05EA", "\u05EA\u05D7\u05B8")]
    [InlineData("1 \u05D7", "1 \u05D7")]
    [InlineData("", "")]
    // Qaf at the start and tah at the end; seen, lam and alef as one, meem alone.
    [InlineData("\u0642\u0637.jpg", "\uFEC2\uFED7.jpg")]
    [InlineData("\u0633\u0644\u0627\u0645", "\uFEE1\uFEFC\uFEB3")]
    // Beh in the middle between two of itself, the first with a mark.
    [InlineData("\u0628\u064E\u0628\u0628", "\uFE90\uFE92\uFE91\u064E")]
    // Dal joins nothing behind it; Persian peh is in another block.
    [InlineData("\u062F\u067E", "\uFB56\uFEA9")]
    public void Stands_from_left_to_right(string text, string expected) => Assert.Equal(expected, WrittenOrder.Of(text, static _ => true));

    [Fact]
    public void Keeps_letters_whose_joining_forms_no_font_has() =>
        Assert.Equal("\u0637\u0642", WrittenOrder.Of("\u0642\u0637", static _ => false));
}
