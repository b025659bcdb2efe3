using ClassActivation.Identity;
using ClassActivation.Localization;
using ClassActivation.Maps;
using ClassActivation.Photos;
using ClassActivation.Tests.Maps;
using Xunit.Abstractions;

namespace ClassActivation.Tests.Localization;

/// <summary>How well wallabies are found in photos with a true box each. The figures were measured; a worse one is a regression.</summary>
public sealed class WallabyTests(ITestOutputHelper output)
{
    [SkippableFact]
    public void What_Get_CamRegion_does_by_itself_finds_most_of_them()
    {
        CamLocalization found = Measure(
            new InputSettings(), new MapRequest { ClassIndexes = [104], Scales = FinerMap.Scales }, new RegionOptions());

        // The threshold was chosen on these photos and others.
        Assert.True(found.MaxBoxAccV2 >= 0.78, $"MaxBoxAccV2 is {found.MaxBoxAccV2:P1}");
        Assert.True(found.BoxAcc >= 0.83, $"BoxAcc is {found.BoxAcc:P1}");
        Assert.True(found.MeanIoU >= 0.64, $"the mean IoU is {found.MeanIoU:F3}");
        Assert.True(found.PointingGame >= 0.94, $"the pointing game's share is {found.PointingGame:P1}");
        Assert.Equal(0.22, found.Threshold);
    }

    [SkippableFact]
    public void One_resolution_finds_fewer()
    {
        CamLocalization found = Measure(new InputSettings(), new MapRequest { ClassIndexes = [104] }, new RegionOptions());

        Assert.InRange(found.MaxBoxAccV2, 0.71, 0.74);
    }

    [SkippableFact]
    public void The_notebooks_way_finds_the_share_that_it_is_known_to_find()
    {
        CamLocalization found = Measure(
            new InputSettings(InputFit.Stretch),
            new MapRequest { ClassIndexes = [104] },
            new RegionOptions { Normalization = HeatmapNormalization.MinMax, Upsampling = Upsampling.AlignCorners });

        Assert.InRange(found.MaxBoxAccV2, 0.585, 0.611);
    }

    private CamLocalization Measure(InputSettings settings, MapRequest request, RegionOptions options)
    {
        string folder = Path.Combine(Locations.Reference(), "wallaby");
        GroundTruth truth = GroundTruth.Read(Path.Combine(folder, "boxes.tsv"));
        var explainer = new PhotoExplainer(SampleNetwork.Model, settings);
        var benchmark = new LocalizationBenchmark(options, tolerance: 15);
        string[] photos = Directory.GetFiles(folder, "*.jpg");
        var measured = new PhotoLocalization[photos.Length];
        Parallel.For(0, photos.Length, i =>
        {
            ClassActivationMap map = explainer.Explain(PhotoSource.FromFile(photos[i]), request).Single();
            measured[i] = benchmark.Measure(map, truth.BoxesOf(map));
        });
        CamLocalization found = benchmark.Summarize(measured);
        output.WriteLine(
            $"V2 {found.MaxBoxAccV2:F4} V1 {found.MaxBoxAcc:F4} BoxAcc {found.BoxAcc:F4} IoU {found.MeanIoU:F4}"
            + $" pointing {found.PointingGame:F4}");
        return found;
    }
}
