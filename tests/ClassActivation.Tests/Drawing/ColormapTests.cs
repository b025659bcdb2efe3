using ClassActivation.Drawing;

namespace ClassActivation.Tests.Drawing;

public class ColormapTests
{
    // Matplotlib's colours at 0, 128 and 255.
    [Theory]
    [InlineData("jet", 0x000080, 0x7DFF7A, 0x800000)]
    [InlineData("turbo", 0x30123B, 0xA4FC3C, 0x7A0403)]
    [InlineData("viridis", 0x440154, 0x21918C, 0xFDE725)]
    [InlineData("inferno", 0x000004, 0xBC3754, 0xFCFFA4)]
    [InlineData("magma", 0x000004, 0xB73779, 0xFCFDBF)]
    [InlineData("plasma", 0x0D0887, 0xCC4778, 0xF0F921)]
    [InlineData("cividis", 0x00224E, 0x7D7C78, 0xFEE838)]
    [InlineData("hot", 0x0B0000, 0xFF5C00, 0xFFFFFF)]
    [InlineData("gray", 0x000000, 0x808080, 0xFFFFFF)]
    [InlineData("coolwarm", 0x3B4CC0, 0xDDDCDC, 0xB40426)]
    public void ColoursAreThoseOfMatplotlib(string name, int first, int middle, int last)
    {
        Colormap map = Colormap.Get(name.ToUpperInvariant());

        Assert.Equal(name, map.Name);
        Assert.Contains(name, Colormap.Names);
        Assert.Equal(768, map.Rgb.Length);
        Assert.Equal([first, middle, last], new[] { 0, 128, 255 }.Select(i => map[i].Red << 16 | map[i].Green << 8 | map[i].Blue));
    }

    [Fact]
    public void UnknownNameListsTheKnown()
    {
        Assert.Equal(10, Colormap.Names.Count);
        ArgumentException exception = Assert.Throws<ArgumentException>(() => Colormap.Get("rainbow"));
        Assert.Contains("'rainbow'", exception.Message, StringComparison.Ordinal);
        Assert.All(Colormap.Names, name => Assert.Contains(name, exception.Message, StringComparison.Ordinal));
    }
}
