using System.Management.Automation;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>Objects of a network that was given by its path pipe on to that network, and never to another.</summary>
public sealed class OtherNetworkTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Engine _engine = new();

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_prediction_is_mapped_by_its_own_network()
    {
        string ranges = Path.Combine(TestPaths.Root, "models", "ResNet50.ranges.tsv");
        PSObject map = _engine.Run(
            "$null = ConvertTo-QuantizedCamModel -DestinationPath $network -RangePath $ranges; Get-Prediction $photo -Model $network -Top"
            + " 1 | Get-ClassActivationMap",
            ("photo", TestPaths.Sample("chelsea.png")), ("network", _folder.File("one of mine.onnx")), ("ranges", ranges)).Single();

        Assert.Equal("one of mine", map.Properties["Model"].Value);
    }

    [Fact]
    public void Predictions_of_two_networks_are_not_mixed_up()
    {
        IReadOnlyList<PSObject> maps = _engine.Run(
            "$one = Get-Prediction $photo -Top 1; $other = Get-Prediction $photo2 -Model ResNet50-Int8 -Top 1; $one, $other"
            + " | Get-ClassActivationMap",
            ("photo", TestPaths.Sample("chelsea.png")), ("photo2", TestPaths.Sample("coffee.png")));

        Assert.Equal("ResNet50", Assert.Single(maps).Properties["Model"].Value);
        Assert.StartsWith("PredictionOfOtherNetwork,", Assert.Single(_engine.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_networks_description_pipes_into_its_layers() =>
        Assert.Equal(177, _engine.Run("Get-CamModel ResNet50 | Get-CamModelLayer").Count);

    [Theory]
    [InlineData("Get-ClassActivationMap $photo | Export-CamOverlay Env:/pictures")]
    [InlineData("ConvertTo-CamModel $photo Env:/network.onnx")]
    public void What_is_no_file_is_not_written_to(string script)
    {
        ErrorRecord error = _engine.RunToError(script, ("photo", TestPaths.Sample("chelsea.png")));

        Assert.StartsWith("PathIsNotAFile,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.False(Directory.Exists("pictures"));
    }

    [Fact]
    public void A_missing_model_to_convert_is_named() =>
        Assert.StartsWith(
            "ConversionSourceNotFound,",
            _engine.RunToError(
                "ConvertTo-CamModel $missing $out",
                ("missing", _folder.File("model.json")),
                ("out", _folder.File("out.onnx"))).FullyQualifiedErrorId,
            StringComparison.Ordinal);
}
