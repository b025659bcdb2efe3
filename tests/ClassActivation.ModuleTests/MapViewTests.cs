using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>The grid in the list view of maps.</summary>
public sealed partial class MapViewTests : IDisposable
{
    private const string Ansi = "([pscustomobject]@{ OutputRendering = 'Ansi' })";
    private const string Plain = "([pscustomobject]@{ OutputRendering = 'PlainText' })";

    private readonly Engine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Numbers_stand_in_columns()
    {
        string[] lines = Grid("((1.5, -2, 0), (3, 10.25, 4))", Plain);

        Assert.Equal([[1.5, -2, 0], [3, 10.25, 4]], lines.Select(static line => Array.ConvertAll(
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries), static number => double.Parse(number, CultureInfo.CurrentCulture))));
        Assert.All(lines, line => Assert.Equal(3 * " 10.25".Length, line.Length));
    }

    [Fact]
    public void Colours_run_from_the_first_to_the_last_and_end_with_the_line()
    {
        string[] lines = Grid("((0, 1), (2, 4))", Ansi);

        Assert.All(lines, static line => Assert.EndsWith("\e[0m", line, StringComparison.Ordinal));
        string[] backgrounds = [.. lines.SelectMany(static line => Background().Matches(line).Select(static m => m.Groups[1].Value))];
        // jet's first and last colours.
        Assert.Equal(("0;0;128", "128;0;0"), (backgrounds[0], backgrounds[3]));
        Assert.Equal(4, backgrounds.Distinct().Count());
        Assert.Equal(Grid("((0, 1), (2, 4))", Plain), lines.Select(static line => Sequence().Replace(line, "")));
    }

    [Fact]
    public void Wide_maps_are_shades()
    {
        string[] lines = Grid("((0..29), (29..0))", Plain);

        Assert.Equal("  @@", lines[0][..2] + lines[0][^2..]);
        Assert.Equal("@@  ", lines[1][..2] + lines[1][^2..]);
        Assert.All(lines, static line => Assert.Equal(60, line.Length));
    }

    [Fact]
    public void A_map_of_one_value_is_drawn_too() => Assert.Equal(2, Grid("((5, 5), (5, 5))", Ansi).Length);

    [Fact]
    public void Deserialized_rows_are_drawn_as_the_map_itself()
    {
        _engine.Run("$map = Get-ClassActivationMap -LiteralPath $path; $copy ="
            + " [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($map))",
            ("path", TestPaths.Sample("coffee.png")));

        Assert.Equal(Grid("$map.Map", Plain), Grid("$copy.Map", Plain));
    }

    private string[] Grid(string rows, string style) =>
        _engine.Run<string>($"[ClassActivation.Commands.CellText]::Map({rows}, $Host, {style})").Split(Environment.NewLine);

    [GeneratedRegex(@";48;2;(\d+;\d+;\d+)m")]
    private static partial Regex Background();

    [GeneratedRegex(@"\e\[[\d;]*m")]
    private static partial Regex Sequence();
}
