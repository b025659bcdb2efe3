using System.Management.Automation;
using System.Reflection;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>Objects that came through CLIXML work as before.</summary>
public sealed class SerializationTests : IDisposable
{
    private readonly Engine _engine = new();

    public SerializationTests() => _engine.Run(
        """
        function Copy-Serialized($Object, $Depth) {
            [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($Object, $Depth))
        }
        $map = Get-ClassActivationMap -LiteralPath $path
        """,
        ("path", TestPaths.Sample("coffee.png")));

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("Copy-Serialized $map 1")]
    [InlineData("Copy-Serialized $map 2")]
    [InlineData("(Copy-Serialized @{ Map = $map } 1).Map")]
    [InlineData("(Copy-Serialized ([pscustomobject]@{ List = @(@{ Map = $map }) }) 3).List[0].Map")]
    public void A_map_draws_the_same_picture(string copy)
    {
        IReadOnlyList<PSObject> expected = _engine.Run("$map | Show-ClassActivationMap -Width 30 -Renderer HalfBlock");

        IReadOnlyList<PSObject> actual = _engine.Run($"{copy} | Show-ClassActivationMap -Width 30 -Renderer HalfBlock");

        Assert.Equal(expected.Select(static line => line.ToString()), actual.Select(static line => line.ToString()));
    }

    [Fact]
    public void A_map_is_written_as_the_same_file()
    {
        using var folder = new TestFolder();

        PSObject[] pictures = [.. _engine.Run(
            "$map | Export-CamOverlay $folder/a; Copy-Serialized $map 1 | Export-CamOverlay $folder/b", ("folder", folder.Path))];

        byte[][] files = [.. pictures.Select(static p => File.ReadAllBytes((string)p.Properties["FullName"].Value))];
        Assert.Equal(files[0], files[1]);
    }

    [Fact]
    public void Predictions_give_the_maps_of_their_classes()
    {
        string[] expected =
        [
            .. _engine.Run("Get-ClassActivationMap -LiteralPath $path -Top 3 | ForEach-Object { '{0} {1}' -f $_.Label, $_.Maximum }")
                .Select(static o => o.ToString())
        ];

        IReadOnlyList<PSObject> actual = _engine.Run(
            "$copy = foreach ($p in Get-Prediction -LiteralPath $path -Top 3) { Copy-Serialized $p 1 }; $copy | Get-ClassActivationMap |"
            + " ForEach-Object { '{0} {1}' -f $_.Label, $_.Maximum }");

        Assert.Equal(expected, actual.Select(static o => o.ToString()));
    }

    [Theory]
    [InlineData("Get-Prediction", "Get-ClassActivationMap")]
    [InlineData("Get-ClassActivationMap", "Show-ClassActivationMap")]
    [InlineData("Get-ClassActivationMap", "Export-CamOverlay $HOME")]
    public void A_photo_from_memory_does_not_come_along(string first, string second)
    {
        _engine.Run(
            $"Copy-Serialized ({first} -InputObject $bytes -Name memory.png -Top 1) 2 | {second}",
            ("bytes", File.ReadAllBytes(TestPaths.Sample("coffee.png"))));

        ErrorRecord error = Assert.Single(_engine.Errors);
        Assert.StartsWith("PhotoGone,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("memory.png", error.TargetObject);
    }

    [Theory]
    [InlineData("$map", 3)]
    [InlineData("Get-Prediction -LiteralPath $path -Top 1", 0)]
    [InlineData("Get-FeatureMap -LiteralPath $path -Index 3", 1)]
    [InlineData("$map | Export-CamOverlay $folder", 0)]
    public void Flat_properties_come_first_of_a_types_own(string script, int others)
    {
        using var folder = new TestFolder();

        PSObject item = _engine.Run(script, ("folder", folder.Path)).Single();

        Type[] types =
        [
            .. item.BaseObject.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
                .Select(static p => Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType)
        ];
        Assert.All(types[..^others], static type => Assert.True(type.IsPrimitive || type.IsEnum || type == typeof(string), type.Name));
        Assert.All(types[^others..], static type => Assert.False(type.IsPrimitive || type.IsEnum || type == typeof(string), type.Name));
    }
}
