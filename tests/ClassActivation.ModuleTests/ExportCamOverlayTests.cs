using System.Management.Automation;
using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>Pictures are written whole, where they belong, and never over one another.</summary>
public sealed class ExportCamOverlayTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Engine _engine = new();

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_picture_goes_beside_its_photo_and_says_what_it_is()
    {
        string photo = _folder.Copy("chelsea.png", "my cat[1].png");

        PSObject picture = _engine.Run("Get-ClassActivationMap -LiteralPath $photo | Export-CamOverlay", ("photo", photo)).Single();

        string expected = _folder.File("my cat[1].Egyptian_cat.cam.jpg");
        Assert.Equal(expected, picture.Properties["FullName"].Value);
        Assert.Equal("Egyptian_cat", picture.Properties["Label"].Value);
        Assert.Equal((451, 300), (picture.Properties["Width"].Value, picture.Properties["Height"].Value));
        Assert.Equal(new FileInfo(expected).Length, picture.Properties["Length"].Value);
        Assert.Equal([0xFF, 0xD8, 0xFF], File.ReadAllBytes(expected)[..3]);
    }

    [Theory]
    [InlineData("Png", "png", "89504E47")]
    [InlineData("Webp", "webp", "52494646")]
    [InlineData("Jpeg", "jpg", "FFD8FF")]
    public void The_format_is_the_files_content_and_extension(string format, string extension, string start)
    {
        string path = _engine.Run<string>(
            "(Get-ClassActivationMap $photo | Export-CamOverlay $folder -Format $format).FullName",
            ("photo", TestPaths.Sample("coffee.png")), ("folder", _folder.Path), ("format", format));

        Assert.Equal(_folder.File($"coffee.espresso.cam.{extension}"), path);
        Assert.StartsWith(start, Convert.ToHexString(File.ReadAllBytes(path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Layout_and_size_are_as_asked()
    {
        PSObject side = _engine.Run(
            "Get-ClassActivationMap $photo | Export-CamOverlay $folder -Layout SideBySide -MaxSize 200",
            ("photo", TestPaths.Sample("coffee.png")), ("folder", _folder.Path)).Single();

        Assert.Equal((400, 133), (side.Properties["Width"].Value, side.Properties["Height"].Value));
    }

    [Fact]
    public void Photos_of_the_same_name_get_pictures_of_their_own()
    {
        string[] photos = [_folder.Copy("chelsea.png", "a/cat.png"), _folder.Copy("chelsea.png", "b/cat.png")];
        string destination = _folder.File("out");

        string[] together =
        [
            .. _engine.Run("$photos | Get-ClassActivationMap | Export-CamOverlay $out", ("photos", photos), ("out", destination))
                .Select(static p => p.Properties["Name"].Value.ToString()!)
        ];
        string again = _engine.Run<string>("(Get-ClassActivationMap $photos[1] | Export-CamOverlay $out).Name");

        // Which of the two holds the plain name depends on who came first; the other one is named by its folder.
        string NameOf(int photo) =>
            together[photo] == "cat.Egyptian_cat.cam.jpg" ? together[photo] : $"cat-{FolderOf(photo)}.Egyptian_cat.cam.jpg";
        string FolderOf(int photo) =>
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetDirectoryName(photos[photo])!)))[..8];
        Assert.Equal([NameOf(0), NameOf(1)], together);
        Assert.NotEqual(together[0], together[1]);
        Assert.Contains("cat.Egyptian_cat.cam.jpg", together);
        Assert.Equal(together[1], again);
        Assert.Equal(2, Directory.GetFiles(destination).Length);
    }

    [Fact]
    public void WhatIf_writes_nothing_and_makes_no_folder()
    {
        string destination = _folder.File("new");

        Assert.Empty(
            _engine.Run(
                "Get-ClassActivationMap $photo | Export-CamOverlay $out -WhatIf",
                ("photo", TestPaths.Sample("coffee.png")),
                ("out", destination)));
        Assert.False(Directory.Exists(destination));
    }

    [Fact]
    public void Existing_and_write_protected_pictures_are_treated_as_asked()
    {
        string picture = _folder.File("coffee.espresso.cam.jpg");
        File.WriteAllText(picture, "older");
        const string Export = "$map = Get-ClassActivationMap $photo; $map | Export-CamOverlay $folder";
        (string, object?)[] variables = [("photo", TestPaths.Sample("coffee.png")), ("folder", _folder.Path)];

        Assert.Empty(_engine.Run(Export + " -NoClobber", variables));
        Assert.Equal("FileExists", _engine.Errors.Single().FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(ErrorCategory.ResourceExists, _engine.Errors.Single().CategoryInfo.Category);

        File.SetAttributes(picture, FileAttributes.ReadOnly);
        Assert.Empty(_engine.Run(Export, variables));
        Assert.Equal("FileReadOnly", _engine.Errors.Single().FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal("older", File.ReadAllText(picture));

        Assert.Single(_engine.Run(Export + " -Force", variables));
        Assert.Empty(_engine.Errors);
        Assert.NotEqual(5, new FileInfo(picture).Length);
    }

    [Fact]
    public void A_destination_that_cannot_be_a_folder_is_an_error_and_nothing_remains()
    {
        string file = _folder.File("file");
        File.WriteAllText(file, "in the way");

        Assert.Empty(
            _engine.Run(
                "Get-ClassActivationMap $photo | Export-CamOverlay $out",
                ("photo", TestPaths.Sample("coffee.png")),
                ("out", Path.Combine(file, "sub"))));

        Assert.Equal("FolderIsFile", _engine.Errors.Single().FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal([file], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_photo_from_memory_needs_a_folder_and_keeps_its_name()
    {
        (string, object?)[] variables = [("bytes", File.ReadAllBytes(TestPaths.Sample("chelsea.png"))), ("folder", _folder.Path)];

        Assert.Empty(_engine.Run("Get-ClassActivationMap -InputObject $bytes -Name webcam.png | Export-CamOverlay", variables));
        Assert.Equal("DestinationMissing", _engine.Errors.Single().FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(
            "webcam.Egyptian_cat.cam.jpg",
            _engine.Run<string>(
                "(Get-ClassActivationMap -InputStream ([System.IO.MemoryStream]::new($bytes)) -Name webcam.png |"
                + " Export-CamOverlay $folder).Name",
                variables));
    }

    [Fact]
    public void Settings_that_make_no_sense_are_refused_with_what_is_allowed()
    {
        Assert.Contains(
            "jet", _engine.RunToError("$null | Export-CamOverlay -Colormap rainbow").Exception.Message, StringComparison.Ordinal);
        Assert.Contains(
            "minimum allowed range of 1",
            _engine.RunToError("$null | Export-CamOverlay -Quality 0").Exception.Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "SideBySide", _engine.RunToError("$null | Export-CamOverlay -Layout Beside").Exception.Message, StringComparison.Ordinal);
    }
}
