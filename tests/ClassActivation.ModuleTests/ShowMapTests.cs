using System.Management.Automation;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>Maps drawn in the terminal, read back and compared with the maps themselves.</summary>
public sealed class ShowMapTests : IDisposable
{
    // 600 × 400 pixels: 30 columns make 10 rows exactly.
    private readonly Engine _engine = new();

    public ShowMapTests() => _engine.Run("$map = Get-ClassActivationMap -LiteralPath $path", ("path", TestPaths.Sample("coffee.png")));

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Half_blocks_have_the_colours_of_the_map()
    {
        TerminalPicture picture = HalfBlocks("-Width 30 -Layout Heatmap -Colormap gray");

        Assert.Equal((30, 20), (picture.Width, picture.Height));
        float[][] values = ((PSObject)_engine.Run("Write-Output -NoEnumerate $map.Resize(30, 20)").Single()).BaseObject as float[][] ?? [];
        float least = values.Min(static row => row.Min()), most = values.Max(static row => row.Max());
        for (int row = 0; row < 20; row++)
        {
            for (int column = 0; column < 30; column++)
            {
                int grey = Math.Min((int)((values[row][column] - least) / (most - least) * 256), 255);
                Assert.InRange(picture[row, column].Red, grey - 1, grey + 1);
                Assert.Equal((picture[row, column].Red, picture[row, column].Red), (picture[row, column].Green, picture[row, column].Blue));
            }
        }
    }

    [Fact]
    public void The_right_half_of_a_pair_is_the_overlay_and_the_left_half_the_photo()
    {
        TerminalPicture pair = HalfBlocks("-Width 60 -Layout SideBySide");
        TerminalPicture overlay = HalfBlocks("-Width 30");
        TerminalPicture photo = HalfBlocks("-Width 30 -HeatmapOpacity 0 -ImageOpacity 1");

        Assert.Equal((60, 20), (pair.Width, pair.Height));
        for (int row = 0; row < 20; row++)
        {
            for (int column = 0; column < 30; column++)
            {
                Assert.Equal(photo[row, column], pair[row, column]);
                Assert.Equal(overlay[row, column], pair[row, column + 30]);
            }
        }
    }

    [Theory]
    [InlineData("-Layout Heatmap -Colormap viridis", 3)]
    [InlineData("-Layout Overlay", 4)]
    [InlineData("-HeatmapOpacity 0 -ImageOpacity 1", 4)]
    public void Sixels_show_what_half_blocks_show_at_ten_times_the_resolution(string options, double meanDifference)
    {
        string text = Lines($"-Renderer Sixel -Width 30 {options}").Skip(1).Single();
        TerminalPicture fine = TerminalPicture.FromSixel(text);
        TerminalPicture coarse = HalfBlocks($"-Width 30 {options}");

        Assert.Equal((300, 200), (fine.Width, fine.Height));
        double sum = 0;
        for (int row = 0; row < 20; row++)
        {
            for (int column = 0; column < 30; column++)
            {
                (double red, double green, double blue) = fine.Mean(10 * row, 10 * column, 10);
                (int r, int g, int b) = coarse[row, column];
                sum += Math.Abs(red - r) + Math.Abs(green - g) + Math.Abs(blue - b);
            }
        }

        Assert.InRange(sum / (20 * 30 * 3), 0, meanDifference);
    }

    [Fact]
    public void Without_colour_the_densest_characters_are_where_the_map_is_largest()
    {
        string[] lines = [.. Lines("-Width 30 -Layout Heatmap").Skip(1)];

        Assert.Equal(10, lines.Length);
        Assert.All(lines, static line => Assert.Matches("^[ .:=+*#%@-]{30}$", line));
        float[][] values = ((PSObject)_engine.Run("Write-Output -NoEnumerate $map.Resize(30, 10)").Single()).BaseObject as float[][] ?? [];
        float most = values.Max(static row => row.Max()), least = values.Min(static row => row.Min());
        for (int i = 0; i < 300; i++)
        {
            float value = values[i / 30][i % 30];
            char character = lines[i / 30][i % 30];
            Assert.True(value < most || character == '@');
            Assert.True(value > least || character == ' ');
        }
    }

    [Theory]
    [InlineData("Ansi", true)]
    [InlineData("PlainText", false)]
    [InlineData("Host", false)]
    public void Colours_follow_the_output_rendering_and_the_host(string rendering, bool hasColors)
    {
        IReadOnlyList<PSObject> lines = _engine.Run(
            "& { $PSStyle = [pscustomobject]@{ OutputRendering = $rendering }; $map |"
            + " Show-ClassActivationMap -Width 30 }", ("rendering", rendering));

        Assert.Equal(hasColors, lines[1].ToString().Contains('\e', StringComparison.Ordinal));
    }

    [Fact]
    public void The_title_names_class_probability_and_photo()
    {
        string title = Lines("-Width 30")[0];

        Assert.Equal(_engine.Run<string>("'{0} ({1:P1}) in coffee.png' -f $map.Label, $map.Probability"), title);
    }

    [Fact]
    public void A_photo_that_is_gone_is_an_error_and_the_others_go_on()
    {
        using var folder = new TestFolder();
        string path = folder.Copy("coffee.png", "gone.png");
        _engine.Run("$gone = Get-ClassActivationMap -LiteralPath $path", ("path", path));
        File.Delete(path);

        IReadOnlyList<PSObject> lines = _engine.Run("$gone, $map | Show-ClassActivationMap -Width 30");

        Assert.Equal(11, lines.Count);
        Assert.StartsWith("PhotoNotFound,", Assert.Single(_engine.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    private TerminalPicture HalfBlocks(string options) =>
        TerminalPicture.FromHalfBlocks([.. Lines($"-Renderer HalfBlock {options}").Skip(1)]);

    private string[] Lines(string options) =>
        [.. _engine.Run($"$map | Show-ClassActivationMap {options}").Select(static line => (string)line.BaseObject)];
}
