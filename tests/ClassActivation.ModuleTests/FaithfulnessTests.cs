using System.Management.Automation;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>Measure-CamFaithfulness as a user has it; what it measures is tested on its own.</summary>
public sealed class FaithfulnessTests : IDisposable
{
    private const string Quick = "-Step 2 -RandomCount 1";

    private readonly TestFolder _folder = new();
    private readonly Engine _engine = new();

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_map_comes_before_its_baselines_and_the_summary_compares_them()
    {
        string path = TestPaths.Sample("coffee.png");

        IReadOnlyList<PSObject> rows = _engine.Run(
            $"$maps = Get-ClassActivationMap $path -Resolution 96; $maps | Measure-CamFaithfulness {Quick}", ("path", path));

        Assert.Equal(["Cam", "Center", "Random"], rows.Select(Text("Map")));
        Assert.All(rows, row => Assert.Equal(path, row.Properties["Path"].Value));
        Assert.All(rows, static row => Assert.InRange((double)row.Properties["Insertion"].Value, 0.0, 1.0));
        Assert.Equal(
            ["Deletion", "Insertion", "AverageDrop", "IncreaseInConfidence", "Road"],
            _engine.Run($"$maps | Measure-CamFaithfulness {Quick} -Summary").Select(Text("Measure")));
        Assert.Empty(_engine.Errors);
    }

    [Fact]
    public void Two_maps_of_one_class_share_their_baselines_and_another_class_has_its_own()
    {
        string maps = "$one = Get-ClassActivationMap $path -Resolution 64 -Top 2; @($one[0], $one[0], $one[1])";

        string[] rows = [.. _engine.Run(
            $"{maps} | Measure-CamFaithfulness {Quick} -Baseline Center", ("path", TestPaths.Sample("chelsea.png"))).Select(Text("Map"))];

        Assert.Equal(["Cam", "Cam", "Center", "Cam", "Center"], rows);
        Assert.Equal("Cam", _engine.Run<string>($"($one[0] | Measure-CamFaithfulness {Quick} -Baseline None).Map"));
    }

    [Fact]
    public void The_same_seed_gives_the_same_figures_before_and_after_serialization()
    {
        string measure =
            $"Measure-CamFaithfulness -Step 3 -RandomCount 1 -Replacement Imputation -Seed 5 | ForEach-Object {{ \"$($_.Map)"
            + $" $($_.Deletion) $($_.Road)\" }}";

        IReadOnlyList<PSObject> direct = _engine.Run(
            $"$map = Get-ClassActivationMap $path -Resolution 64 -Fit Stretch -Resampling Bicubic; $map | {measure}", (
                "path", TestPaths.Sample("china.jpg")));
        IReadOnlyList<PSObject> revived = _engine.Run(
            "[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($map,"
            + $" 3)) | {measure}");

        Assert.Equal(3, direct.Count);
        Assert.Equal(direct.Select(static o => o.ToString()), revived.Select(static o => o.ToString()));
    }

    [Fact]
    public void A_photo_that_is_gone_is_an_error_and_the_next_one_is_measured()
    {
        string gone = _folder.Copy("coffee.png", "gone.png");
        _engine.Run(
            "$maps = Get-ClassActivationMap -LiteralPath $gone, $here -Resolution 64", ("gone", gone), (
                "here", TestPaths.Sample("flower.jpg")));
        File.Delete(gone);

        IReadOnlyList<PSObject> rows = _engine.Run($"$maps | Measure-CamFaithfulness {Quick} -Baseline None");

        Assert.Equal("PhotoNotFound,ClassActivation.Commands.MeasureCamFaithfulnessCommand", _engine.Errors.Single().FullyQualifiedErrorId);
        Assert.Equal(TestPaths.Sample("flower.jpg"), rows.Single().Properties["Path"].Value);
    }

    [Fact]
    public void An_unknown_network_ends_the_command()
    {
        IReadOnlyList<PSObject> rows = _engine.Run(
            "Get-ClassActivationMap $path -Resolution 64 -Top 2 | Measure-CamFaithfulness -Model Nowhere",
            ("path", TestPaths.Sample("flower.jpg")));

        Assert.Empty(rows);
        Assert.Equal("ModelNotFound,ClassActivation.Commands.MeasureCamFaithfulnessCommand", _engine.Errors.Single().FullyQualifiedErrorId);
    }

    private static Func<PSObject, string> Text(string property) => item => (string)item.Properties[property].Value;
}
