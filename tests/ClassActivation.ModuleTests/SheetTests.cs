using System.Management.Automation;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>Export-CamSheet.</summary>
public sealed class SheetTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Engine _engine = new();

    public SheetTests() => _engine.Run(
        "$maps = Get-ClassActivationMap $photos -Class tabby, espresso",
        ("photos", new[] { TestPaths.Sample("chelsea.png"), TestPaths.Sample("coffee.png") }));

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("sheet.png")]
    [InlineData("sheet.JPG")]
    [InlineData("new folder/sheet.webp")]
    public void A_sheet_is_one_picture_of_all_maps(string name)
    {
        string path = _folder.File(name);

        PSObject result = _engine.Run("$maps | Export-CamSheet $path -CellSize 96 -IncludePhoto", ("path", path)).Single();

        Assert.Equal(path, result.Properties["FullName"].Value);
        Picture sheet = Picture.Read(_engine, path);
        Assert.Equal((sheet.Width, sheet.Height), ((int)result.Properties["Width"].Value, (int)result.Properties["Height"].Value));
        Assert.Equal(new FileInfo(path).Length, result.Properties["Length"].Value);

        // Three columns of 96 and two rows of 64 pixels, with room for text.
        Assert.InRange(sheet.Width, 3 * 96 + 30, 3 * 96 + 200);
        Assert.InRange(sheet.Height, 2 * 64 + 60, 2 * 64 + 160);
    }

    [Fact]
    public void Text_is_in_the_margins()
    {
        string path = _folder.File("sheet.png");
        _engine.Run("$maps | Export-CamSheet $path -CellSize 96", ("path", path));

        Picture sheet = Picture.Read(_engine, path);

        Assert.True(sheet.DarkPixels(0, 20) > 50);
        Assert.Equal(0, sheet.DarkPixels(sheet.Height - 6, 6));
        Assert.True(sheet.DarkPixels(sheet.Height - 25, 20) > 50);
    }

    [Fact]
    public void A_photo_that_is_gone_is_an_error_and_the_others_are_drawn()
    {
        string gone = _folder.Copy("china.jpg", "gone.jpg");
        string path = _folder.File("sheet.png");
        _engine.Run("$more = @($maps) + @(Get-ClassActivationMap -LiteralPath $gone -Class tabby)", ("gone", gone));
        File.Delete(gone);

        Assert.Single(_engine.Run("$more | Export-CamSheet $path -CellSize 64", ("path", path)));

        Assert.StartsWith("PhotoNotFound", Assert.Single(_engine.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        Assert.Empty(_engine.Run("$maps | Export-CamSheet $path -WhatIf", ("path", _folder.File("folder/sheet.png"))));

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Existing_and_write_protected_sheets_stay_unless_asked()
    {
        string path = _folder.File("sheet.png");
        File.WriteAllText(path, "mine");

        Assert.StartsWith("FileExists", IdOf("$maps | Export-CamSheet $path -NoClobber", path), StringComparison.Ordinal);
        File.SetAttributes(path, FileAttributes.ReadOnly);
        Assert.StartsWith("FileReadOnly", IdOf("$maps | Export-CamSheet $path", path), StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(path));

        _engine.Run("$maps | Export-CamSheet $path -Force -CellSize 32", ("path", path));
        Assert.True(new FileInfo(path).Length > 1000);
    }

    [Fact]
    public void Another_extension_is_refused() =>
        Assert.StartsWith("FormatUnknown", IdOf("$maps | Export-CamSheet $path", _folder.File("sheet.tiff")), StringComparison.Ordinal);

    [Fact]
    public void Too_many_rows_are_refused_with_what_to_do()
    {
        ErrorRecord error = ErrorOf(
            "1..20 | ForEach-Object { $maps } | Export-CamSheet $path -ColumnBy Class -CellSize 4096", _folder.File("sheet.jpg"));

        Assert.StartsWith("PictureTooLarge", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("65", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Contains("several sheets", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Methods_make_columns()
    {
        string path = _folder.File("sheet.png");

        _engine.Run(
            "Get-ClassActivationMap $photo -Class tabby -Method Cam, LayerCam, EigenCam | Export-CamSheet $path -CellSize 96",
            ("photo", TestPaths.Sample("chelsea.png")),
            ("path", path));

        Picture sheet = Picture.Read(_engine, path);
        Assert.InRange(sheet.Width, 3 * 96 + 30, 3 * 96 + 200);
        Assert.InRange(sheet.Height, 64 + 40, 64 + 120);
    }

    [Fact]
    public void Comparisons_make_a_sheet_too() => Assert.Single(_engine.Run(
        "$maps[1] | Compare-ClassActivationMap $maps[0] | Export-CamSheet $path -CellSize 64", ("path", _folder.File("sheet.png"))));

    private string IdOf(string script, string path) => ErrorOf(script, path).FullyQualifiedErrorId;

    private ErrorRecord ErrorOf(string script, string path)
    {
        Assert.Empty(_engine.Run(script, ("path", path)));
        return Assert.Single(_engine.Errors);
    }
}
