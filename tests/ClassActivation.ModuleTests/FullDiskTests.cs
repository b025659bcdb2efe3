using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>A full disk is one error for each file that could not be written, and leaves no part of it.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void What_does_not_fit_is_an_error_that_names_it()
    {
        using SmallDisk disk = SmallDisk.Mount(_folder.File("disk"));
        disk.Fill();
        using var engine = new Engine();

        engine.Run(
            """
            $maps = Get-ClassActivationMap $photos
            $maps | Export-CamOverlay $disk
            $maps | Get-CamRegion -AsGiven | Where-Object Number -EQ 1 | Export-CamCrop $disk
            """,
            ("photos", new[] { TestPaths.Sample("chelsea.png"), TestPaths.Sample("coffee.png") }), ("disk", disk.Path));
        Assert.Equal(
            [
                "chelsea.Egyptian_cat.cam.jpg",
                "coffee.espresso.cam.jpg",
                "chelsea.Egyptian_cat.as-given.crop.jpg",
                "coffee.espresso.as-given.crop.jpg"
            ],
            engine.Errors.Select(static e => Path.GetFileName((string)e.TargetObject)));
        Assert.All(engine.Errors, static e => Assert.StartsWith("FileNotWritten,", e.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.Empty(engine.Run("$maps | Export-CamSheet $disk/sheet.jpg"));
        Assert.StartsWith("FileNotWritten,", engine.Errors[^1].FullyQualifiedErrorId, StringComparison.Ordinal);
        foreach (string script in new[]
        {
            "ConvertTo-QuantizedCamModel -DestinationPath $disk/network.onnx -RangePath $ranges",
            "ConvertTo-QuantizedCamModel -DestinationPath $out/network.onnx -CalibrationPhoto $photos -Resolution 64"
            + " -SaveRangePath $disk/ranges.tsv",
        })
        {
            string id = engine.RunToError(
                script,
                ("ranges", Path.Combine(TestPaths.Root, "models", "ResNet50.ranges.tsv")),
                ("out", _folder.Path)).FullyQualifiedErrorId;
            Assert.Matches("^(FileNotWritten|ConversionNotWritten),", id);
        }

        Assert.Equal([SmallDisk.Filling], Directory.GetFiles(disk.Path).Select(Path.GetFileName));
        Assert.False(File.Exists(_folder.File("network.onnx")));
    }

    // The disk is full while the graph is prepared, or while the network is written.
    [SkippableTheory]
    [InlineData("8k")]
    [InlineData("16k")]
    public void A_network_that_does_not_fit_is_not_called_damaged(string size)
    {
        using SmallDisk disk = SmallDisk.Mount(_folder.File("disk"), size);
        using var engine = new Engine();

        System.Management.Automation.ErrorRecord error = engine.RunToError(
            "ConvertTo-CamModel $network $disk/made.onnx -Preprocessing Scale01",
            ("network", Path.Combine(TestPaths.Root, "tests", "ClassActivation.Tests", "Figures", "networks", "tagger.onnx")),
            ("disk", disk.Path));

        Assert.StartsWith("ConversionNotWritten,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.DoesNotContain("damaged", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(disk.Path));
    }

    [SkippableTheory]
    [InlineData("100k")]
    [InlineData("30m")]
    public async Task A_cache_without_room_makes_no_difference(string size)
    {
        using SmallDisk disk = SmallDisk.Mount(_folder.File("disk"), size);
        string script = $"(Get-Prediction '{TestPaths.Sample("chelsea.png")}' -Model ResNet50-Int8 -Top 1).Label";

        ChildEngine.Result result = await ChildEngine.Run(script, [("CLASSACTIVATION_CACHE", disk.Path)]);

        Assert.Empty(result.Errors);
        Assert.Equal(["Egyptian_cat"], result.Output);
        Assert.Empty(Directory.GetFileSystemEntries(disk.Path));
    }

    [Fact]
    public void A_folder_that_is_removed_under_way_is_made_again()
    {
        string folder = _folder.File("out");
        using var engine = new Engine();

        // The next picture is written meanwhile, so that the removal itself may fail.
        IReadOnlyList<System.Management.Automation.PSObject> written = engine.Run(
            "1..20 | ForEach-Object { $photo } | Get-ClassActivationMap -Resolution 64 | Export-CamOverlay $out -ThrottleLimit 1 |"
            + " ForEach-Object { try { [System.IO.Directory]::Delete($out, $true); $removed++ } catch"
            + " [System.IO.IOException] { }; $_ }; $removed",
            ("photo", TestPaths.Sample("chelsea.png")), ("out", folder));

        Assert.Empty(engine.Errors);
        Assert.Equal(21, written.Count);
        Assert.InRange((int)written[20].BaseObject, 1, 20);
    }
}
