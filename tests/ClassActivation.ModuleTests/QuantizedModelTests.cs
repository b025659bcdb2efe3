using System.Management.Automation;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>8-bit copies of networks, made as users make them.</summary>
public sealed class QuantizedModelTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Engine _engine = new();

    private string Copy => _folder.File("Copy.onnx");

    private static string Ranges => Path.Combine(TestPaths.Root, "models", "ResNet50.ranges.tsv");

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_projects_ranges_make_an_8_bit_network_that_can_be_used()
    {
        PSObject model = _engine.Run(
            "ConvertTo-QuantizedCamModel -Model ResNet50 -DestinationPath $copy -RangePath $ranges -Verbose", ("copy", Copy),
            ("ranges", Ranges)).Single();

        Assert.Equal("Copy", model.Properties["Name"].Value);
        Assert.Equal("int8", model.Properties["Precision"].Value);
        Assert.Equal(8, model.Properties["WeightBits"].Value);
        Assert.Equal("conv5_block3_out", model.Properties["ActivationLayer"].Value);
        Assert.InRange((long)model.Properties["Length"].Value, 30_000_000, 34_000_000);
        Assert.Contains(_engine.Verbose, static message => message.Contains("weights of 8 bits", StringComparison.Ordinal));
        Assert.Equal(
            "Egyptian_cat",
            _engine.Run<string>("(Get-Prediction $photo -Model $copy -Top 1).Label", ("photo", TestPaths.Sample("chelsea.png"))));
    }

    [Fact]
    public void Calibration_takes_files_from_the_pipeline_and_passes_over_bad_ones()
    {
        string saved = _folder.File("saved.tsv");
        string bad = _folder.File("bad[1].jpg");
        File.WriteAllText(bad, "no photo");
        string[] photos = [_folder.Copy("chelsea.png", "good[1].png"), bad, _folder.Copy("coffee.png", "good 2.png")];

        _engine.Run(
            "$photos | ForEach-Object { [System.IO.FileInfo]::new($_) } | ConvertTo-QuantizedCamModel ResNet50 $copy -SaveRangePath $saved"
            + " -WeightBits 7 -Fit Stretch -Resolution 64 -Verbose",
            ("photos", photos), ("copy", Copy), ("saved", saved));

        Assert.Equal("PhotoNotAPhoto", Assert.Single(_engine.Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.Contains(_engine.Verbose, static message => message.Contains("Calibrated on 2 photos", StringComparison.Ordinal));
        Assert.Equal(ProgressRecordType.Completed, _engine.Progress[^1].RecordType);
        Assert.Contains("on 2 photos (Stretch, 64 pixels)", File.ReadLines(saved).First(), StringComparison.Ordinal);

        string again = _folder.File("Again.onnx");
        _engine.Run("ConvertTo-QuantizedCamModel ResNet50 $again -RangePath $saved -WeightBits 7", ("again", again));
        Assert.Equal(File.ReadAllBytes(Copy + ".data"), File.ReadAllBytes(again + ".data"));
    }

    [Fact]
    public void What_is_in_the_way_is_one_clear_error()
    {
        string bad = _folder.File("bad.tsv");
        File.WriteAllText(bad, "nothing of the kind");

        ErrorRecord noPhotos = _engine.RunToError(
            "ConvertTo-QuantizedCamModel ResNet50 $copy -CalibrationPhoto $folder/*.jpg", ("copy", Copy), ("folder", _folder.Path));
        ErrorRecord badRanges = _engine.RunToError("ConvertTo-QuantizedCamModel ResNet50 $copy -RangePath $bad", ("bad", bad));
        ErrorRecord noRanges = _engine.RunToError("ConvertTo-QuantizedCamModel ResNet50 $copy -RangePath ./missing.tsv");
        ErrorRecord noModel = _engine.RunToError("ConvertTo-QuantizedCamModel NoSuchNetwork $copy -RangePath $bad");

        Assert.Equal(
            ["NoCalibrationPhotos", "QuantizationFailed", "QuantizationFailed", "ModelNotFound"],
            new[] { noPhotos, badRanges, noRanges, noModel }.Select(static e => e.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Contains("bad.tsv", badRanges.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Contains("missing.tsv", noRanges.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.onnx*"));
    }

    [Fact]
    public void An_8_bit_network_is_not_quantized_again_and_is_not_replaced_unasked()
    {
        (string, object?)[] variables = [("copy", Copy), ("ranges", Ranges), ("other", _folder.File("Other.onnx"))];
        _engine.Run("ConvertTo-QuantizedCamModel ResNet50 $copy -RangePath $ranges -WhatIf", variables);
        Assert.False(File.Exists(Copy));
        _engine.Run("ConvertTo-QuantizedCamModel ResNet50 $copy -RangePath $ranges", variables);

        ErrorRecord again = _engine.RunToError("ConvertTo-QuantizedCamModel $copy $other -RangePath $ranges", variables);
        ErrorRecord exists = _engine.RunToError("ConvertTo-QuantizedCamModel ResNet50 $copy -RangePath $ranges -NoClobber", variables);

        Assert.Equal("QuantizationFailed", again.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Contains("8-bit network already", again.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Equal("FileExists", exists.FullyQualifiedErrorId.Split(',')[0]);
    }
}
