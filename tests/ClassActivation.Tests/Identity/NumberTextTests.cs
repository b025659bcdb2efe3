using ClassActivation.Identity;

namespace ClassActivation.Tests.Identity;

/// <summary>Numbers of tables that were written in any language.</summary>
public class NumberTextTests
{
    [Theory]
    [InlineData("0.5", 0.5)]
    [InlineData("0,5", 0.5)]
    [InlineData("-1,25E-05", -1.25e-5)]
    [InlineData("1125", 1125)]
    [InlineData("NaN", double.NaN)]
    [InlineData(" 2,5 ", 2.5)]
    [InlineData("0\u066B5", 0.5)]
    [InlineData("\u061C-1\u066B25", -1.25)]
    [InlineData("\u22121,5", -1.5)]
    [InlineData("\u200E-\u200E3", -3)]
    public void A_comma_is_a_point(string text, double number) => Assert.Equal(number, NumberText.ToDouble(text));

    [Theory]
    [InlineData("1,125.5")]
    [InlineData("1.125,5")]
    [InlineData("1,125,5")]
    [InlineData("")]
    [InlineData("half")]
    public void Digits_are_not_grouped(string text) => Assert.Throws<FormatException>(() => NumberText.ToDouble(text));
}
