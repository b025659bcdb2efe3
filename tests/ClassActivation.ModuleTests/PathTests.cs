using System.Management.Automation;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>Photos are found as the built-in cmdlets find files.</summary>
public sealed class PathTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Engine _engine = new();

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("plain.png")]
    [InlineData("with space.png")]
    [InlineData("literal[1].png")]
    [InlineData("Größe-猫-🐈.png")]
    [InlineData("-leading.png")]
    [InlineData("quote's.png")]
    public void LiteralPath_takes_any_name(string name)
    {
        string path = _folder.Copy("chelsea.png", name);

        PSObject prediction = _engine.Run("Get-Prediction -LiteralPath $path -Top 1", ("path", path)).Single();

        Assert.Equal("Egyptian_cat", prediction.Properties["Label"].Value);
        Assert.Equal(path, prediction.Properties["Path"].Value);
    }

    [Fact]
    public void A_file_object_keeps_its_brackets()
    {
        string path = _folder.Copy("chelsea.png", "photo[1].png");

        Assert.Equal(
            path, _engine.Run<string>("(Get-ChildItem -LiteralPath $folder | Get-Prediction -Top 1).Path", ("folder", _folder.Path)));
        Assert.Equal(path, _engine.Run<string>("([System.IO.FileInfo]::new($path) | Get-Prediction -Top 1).Path", ("path", path)));
    }

    [Fact]
    public void Wildcards_and_relative_paths_start_from_the_sessions_location()
    {
        _folder.Copy("chelsea.png", "a.png");
        _folder.Copy("coffee.png", "b.png");
        _folder.Copy("china.jpg", "c.jpg");

        Assert.Equal(2, _engine.Run("Set-Location -LiteralPath $folder; Get-Prediction *.png -Top 1", ("folder", _folder.Path)).Count);
        Assert.Equal("bell_cote", _engine.Run<string>("(Get-Prediction ./c.jpg -Top 1).Label"));
        Assert.Equal("bell_cote", _engine.Run<string>("('c.jpg' | Get-Prediction -Top 1).Label"));
    }

    [Fact]
    public void A_drive_of_the_session_works()
    {
        _folder.Copy("chelsea.png", "a.png");

        string label = _engine.Run<string>(
            "$null = $ExecutionContext.SessionState.Drive.New([System.Management.Automation.PSDriveInfo]::new('Photos', (Get-Item"
            + " -LiteralPath $folder).PSProvider, $folder, '', $null), 'Global'); (Get-Prediction Photos:/a.png -Top 1).Label",
            ("folder", _folder.Path));

        Assert.Equal("Egyptian_cat", label);
    }

    [Fact]
    public void Bad_photos_are_errors_that_name_them_and_good_ones_go_on()
    {
        string good = _folder.Copy("chelsea.png", "good.png");
        string empty = _folder.File("empty.jpg");
        string text = _folder.File("text.jpg");
        string truncated = _folder.File("truncated.jpg");
        File.WriteAllBytes(empty, []);
        File.WriteAllText(text, "no photo at all");
        File.WriteAllBytes(truncated, File.ReadAllBytes(TestPaths.Sample("china.jpg"))[..40_000]);
        string missing = _folder.File("missing.jpg");
        string[] paths = [empty, text, truncated, missing, _folder.Path, good];

        IReadOnlyList<PSObject> results = _engine.Run("Get-ClassActivationMap -LiteralPath $paths", ("paths", paths));

        Assert.Equal(good, Assert.Single(results).Properties["Path"].Value);
        Assert.Equal(
            ["PhotoEmpty", "PhotoNotAPhoto", "PhotoTruncated", "PhotoNotFound", "PhotoIsDirectory"],
            _engine.Errors.Select(static e => e.FullyQualifiedErrorId.Split(',')[0]));
        Assert.All(_engine.Errors.Zip(paths), static pair =>
        {
            Assert.Equal(pair.Second, pair.First.TargetObject);
            Assert.Contains(pair.Second, pair.First.ErrorDetails.Message, StringComparison.Ordinal);
            Assert.NotEmpty(pair.First.ErrorDetails.RecommendedAction);
        });
    }

    [Fact]
    public void An_error_comes_behind_the_photos_before_it()
    {
        string good = _folder.Copy("chelsea.png", "good.png");
        string empty = _folder.File("empty.jpg");
        File.WriteAllBytes(empty, []);
        string[] paths = [good, empty, _folder.File("none.jpg"), good];

        IReadOnlyList<PSObject> all = _engine.Run(
            "$paths | Get-Prediction -Top 1 2>&1 | ForEach-Object { if ($_ -is [System.Management.Automation.ErrorRecord]) {"
            + " $_.FullyQualifiedErrorId.Split(',')[0] } else { $_.Label } }",
            ("paths", paths));

        Assert.Equal(["Egyptian_cat", "PhotoEmpty", "PhotoNotFound", "Egyptian_cat"], all.Select(static o => o.ToString()));
    }

    [Fact]
    public void Very_long_paths_work()
    {
        string folder = string.Join(Path.DirectorySeparatorChar, Enumerable.Repeat(new string('x', 100), 5));
        string photo = _folder.Copy("chelsea.png", Path.Combine(folder, "cat.png"));

        Assert.Equal("Egyptian_cat", _engine.Run<string>("(Get-Prediction -LiteralPath $photo -Top 1).Label", ("photo", photo)));
        Assert.StartsWith(
            Path.GetDirectoryName(photo)!,
            _engine.Run<string>("(Get-ClassActivationMap -LiteralPath $photo | Export-CamOverlay).FullName"),
            StringComparison.Ordinal);
    }
}
