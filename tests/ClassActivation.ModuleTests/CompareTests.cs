using System.Management.Automation;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>Compare-ClassActivationMap, and drawing what it finds.</summary>
public sealed class CompareTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Engine _engine = new();

    public CompareTests() => _engine.Run(
        "$cat, $coffee = $null; $cat = Get-ClassActivationMap $catPhoto -Class tabby, Egyptian_cat; $coffee = Get-ClassActivationMap"
        + " $coffeePhoto -Class espresso",
        ("catPhoto", TestPaths.Sample("chelsea.png")),
        ("coffeePhoto", TestPaths.Sample("coffee.png")));

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Two_classes_are_compared()
    {
        PSObject comparison = _engine.Run("$cat[0] | Compare-ClassActivationMap $cat[1]").Single();

        Assert.Equal("tabby", comparison.Properties["Label"].Value);
        Assert.Equal("Egyptian_cat", comparison.Properties["ReferenceLabel"].Value);
        Assert.InRange((double)comparison.Properties["Correlation"].Value, 0.5, 0.999);
        Assert.InRange((double)comparison.Properties["IoU"].Value, 0.1, 0.999);
        Assert.Equal(0.5, comparison.Properties["Threshold"].Value);

        // The correlation of the raw maps, computed from the definition.
        double[] a = Values("$cat[0].Map | ForEach-Object { $_ }"), b = Values("$cat[1].Map | ForEach-Object { $_ }");
        double meanA = a.Average(), meanB = b.Average();
        double expected = a.Zip(b).Sum(p => (p.First - meanA) * (p.Second - meanB))
            / Math.Sqrt(a.Sum(v => (v - meanA) * (v - meanA)) * b.Sum(v => (v - meanB) * (v - meanB)));
        Assert.Equal(expected, (double)comparison.Properties["Correlation"].Value, 1e-6);
    }

    [Fact]
    public void A_map_is_compared_with_the_references_of_its_photo()
    {
        IReadOnlyList<PSObject> comparisons = _engine.Run(
            "$cat[0], $coffee | Compare-ClassActivationMap -ReferenceObject ($cat + $coffee)");

        Assert.Equal(["tabby", "Egyptian_cat", "espresso"], comparisons.Select(static c => c.Properties["ReferenceLabel"].Value));
        Assert.Equal([1.0, 1.0], new[] { 0, 2 }.Select(i => Math.Round((double)comparisons[i].Properties["Correlation"].Value, 6)));
    }

    [Fact]
    public void Another_photo_is_an_error_that_names_both_and_the_rest_goes_on()
    {
        IReadOnlyList<PSObject> comparisons = _engine.Run("$coffee, $cat[0] | Compare-ClassActivationMap $cat[1]");

        Assert.Single(comparisons);
        ErrorRecord error = Assert.Single(_engine.Errors);
        Assert.StartsWith("MapsOfDifferentPhotos", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("coffee.png", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Contains("chelsea.png", error.ErrorDetails.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_photo_of_another_size_is_an_error()
    {
        string path = _folder.Copy("china.jpg", "photo.jpg");
        _engine.Run("$before = Get-ClassActivationMap -LiteralPath $path", ("path", path));
        File.Copy(TestPaths.Sample("alps.jpg"), path, overwrite: true);

        Assert.Empty(_engine.Run("Get-ClassActivationMap -LiteralPath $path | Compare-ClassActivationMap $before", ("path", path)));

        Assert.StartsWith("MapsNotComparable", Assert.Single(_engine.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void The_difference_is_drawn_in_diverging_colours()
    {
        string path = _engine.Run<string>(
            "($cat[0] | Compare-ClassActivationMap $cat[1] | Export-CamOverlay $folder -Format Png -Layout Heatmap).FullName",
            ("folder", _folder.Path));

        Assert.Equal("chelsea.tabby_minus_Egyptian_cat.Heatmap.cam.png", Path.GetFileName(path));
        Picture picture = Picture.Read(_engine, path);
        IEnumerable<(int Red, int Green, int Blue)> pixels =
            from y in Enumerable.Range(0, picture.Height) from x in Enumerable.Range(0, picture.Width) select picture.At(x, y);

        // Coolwarm goes from (59, 76, 192) over light grey to (180, 4, 38); no jet green is in it.
        Assert.Contains(pixels, static p => Math.Abs(p.Red - p.Green) < 8 && Math.Abs(p.Green - p.Blue) < 8);
        Assert.True(pixels.Contains((59, 76, 192)) || pixels.Contains((180, 4, 38)));
        Assert.DoesNotContain(pixels, static p => p.Green > p.Red + 40 && p.Green > p.Blue + 40);
    }

    private double[] Values(string script) => [.. _engine.Run(script).Select(static v => LanguagePrimitives.ConvertTo<double>(v))];
}
