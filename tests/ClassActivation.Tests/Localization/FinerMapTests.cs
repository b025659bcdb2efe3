using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Localization;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Photos;
using ClassActivation.Tests.Maps;

namespace ClassActivation.Tests.Localization;

/// <summary>A map of one scale becomes the average of two, of the same question; what cannot be asked again says so.</summary>
public sealed class FinerMapTests
{
    [SkippableTheory]
    [InlineData(InputFit.FullFrame, 192, CamMethod.Cam)]
    [InlineData(InputFit.Stretch, 224, CamMethod.LayerCam)]
    [InlineData(InputFit.CenterCrop, 96, CamMethod.SoftmaxCam)]
    public void It_is_the_map_that_both_scales_give(InputFit fit, int resolution, CamMethod method)
    {
        CamModel model = SampleNetwork.Model;
        PhotoSource photo = PhotoSource.FromFile(Path.Combine(Locations.Repository(), "samples", "flower.jpg"));
        var explainer = new PhotoExplainer(model, new InputSettings(fit, resolution, Resampling.Nearest));
        ClassActivationMap map = explainer.Explain(photo, new MapRequest { ClassIndexes = [985], Methods = [method] }).Single();
        ClassActivationMap both = explainer.Explain(photo, new MapRequest { ClassIndexes = [985], Methods = [method], Scales = [1, 2] })
            .Single();

        Assert.True(FinerMap.IsPossible(map));
        ClassActivationMap finer = FinerMap.Of(map, model, photo)!;

        Assert.Equal(both.Values, finer.Values);
        Assert.Equal(
            ("1,2", $"{method}", $"{fit}", "Nearest", 985), (finer.Scale, finer.Method, finer.Fit, finer.Resampling, finer.ClassIndex));
        Assert.False(FinerMap.IsPossible(finer));
    }

    [SkippableFact]
    public void Maps_of_one_photo_are_the_same_bits_whether_they_share_their_passes_or_not()
    {
        CamModel model = SampleNetwork.Model;
        PhotoSource photo = SampleNetwork.Photo("flower.jpg");
        var explainer = new PhotoExplainer(model, new InputSettings(Resolution: 96));
        ClassActivationMap[] maps =
        [
            .. explainer.Explain(photo, new MapRequest { ClassIndexes = [985, 883], Methods = [CamMethod.Cam, CamMethod.LayerCam] }),
            explainer.Explain(photo, new MapRequest { ClassIndexes = [985], Contrast = new ClassContrast([883]) })[0],
            explainer.Explain(photo, new MapRequest { Concepts = [model.Classes.Concepts.Find("animal")[0]] })[0],
        ];

        ClassActivationMap?[] together = FinerMap.Of(maps, model, photo);

        Assert.All(maps.Skip(1), map => Assert.True(FinerMap.HaveSamePasses(maps[0], map)));
        for (int i = 0; i < maps.Length; i++)
        {
            ClassActivationMap alone = FinerMap.Of(maps[i], model, photo)!;
            Assert.Equal(alone.Values, together[i]!.Values);
            Assert.Equal(
                (alone.Question, alone.Probability, alone.Logit), (together[i]!.Question, together[i]!.Probability, together[i]!.Logit));
        }
    }

    [SkippableFact]
    public void Maps_that_were_shown_otherwise_share_no_passes()
    {
        ClassActivationMap map = new PhotoExplainer(SampleNetwork.Model, new InputSettings(Resolution: 96))
            .Explain(SampleNetwork.Photo("flower.jpg"), new MapRequest())[0];

        Assert.False(
            FinerMap.HaveSamePasses(
                map,
                new PhotoExplainer(SampleNetwork.Model, new InputSettings(Resolution: 128))
                    .Explain(SampleNetwork.Photo("flower.jpg"), new MapRequest())[0]));
        Assert.False(
            FinerMap.HaveSamePasses(
                map,
                new PhotoExplainer(SampleNetwork.Model, new InputSettings(Resolution: 96))
                    .Explain(SampleNetwork.Photo("china.jpg"), new MapRequest())[0]));
    }

    [Fact]
    public void Only_a_map_of_one_scale_of_a_class_alone_can_become_finer()
    {
        ClassActivationMap map = SyntheticMap.Of(new float[,] { { 0, 1 } });

        Assert.False(FinerMap.IsPossible(SyntheticMap.Of(new float[,] { { 0, 1 } }, scale: "1,2")));
        Assert.Equal(Math.Min(map.InputWidth, map.InputHeight) >= InputGeometry.MinResolution, FinerMap.IsPossible(map));
    }

    [Theory]
    [InlineData(CamMethod.Cam, "1", 0.20)]
    [InlineData(CamMethod.Cam, "1,2", 0.22)]
    [InlineData(CamMethod.LayerCam, "1,2", 0.28)]
    [InlineData(CamMethod.AblationCam, "1", 0.20)]
    [InlineData(CamMethod.SoftmaxCam, "1,2", 0.12)]
    public void The_threshold_follows_from_the_map(CamMethod method, string scale, double expected)
    {
        ClassActivationMap map = SyntheticMap.Of(new[,] { { 1f, 0.5f, 0f } }, scale: scale, method: method);

        CamRegion region = Assert.Single(RegionFinder.Find(map, new RegionOptions()));

        Assert.Equal(expected, region.Threshold);
    }

    [Fact]
    public void A_box_that_stays_when_the_threshold_changes_is_more_likely_to_fit()
    {
        // 5 of 10 cells are above 0.20 in the wide map, 2 of them above 0.32 and 6 above 0.08; in the sharp one always 3.
        CamRegion sharp = Find(new[,] { { 0f, 0, 1, 1, 1, 0, 0, 0, 0, 0 } }, probability: 0.9);
        CamRegion wide = Find(new[,] { { 0f, 0.25f, 1, 1, 0.25f, 0.25f, 0.1f, 0, 0, 0 } }, probability: 0.9);

        Assert.Equal(1 / (1 + Math.Exp(-(-1.343 + 3.838 + 3.318 + (1.729 * Math.Log(0.3))))), sharp.FitProbability!.Value, 1e-6);
        Assert.Equal(
            1 / (1 + Math.Exp(-(-1.343 + (3.838 * 2 / 5) + (3.318 * 5 / 6) + (1.729 * Math.Log(0.5))))), wide.FitProbability!.Value, 1e-6);
    }

    [Fact]
    public void A_box_of_an_improbable_class_says_so_and_fits_as_well_where_the_class_is_there()
    {
        CamRegion probable = Find(new[,] { { 0f, 0, 1, 1, 1, 0, 0, 0, 0, 0 } }, probability: 0.05);
        CamRegion improbable = Find(new[,] { { 0f, 0, 1, 1, 1, 0, 0, 0, 0, 0 } }, probability: 0.049);

        Assert.Equal((false, true), (probable.IsImprobable, improbable.IsImprobable));
        Assert.Equal(probable.FitProbability, improbable.FitProbability);
    }

    [Theory]
    [InlineData(CamMethod.LayerCam)]
    [InlineData(CamMethod.SoftmaxCam)]
    [InlineData(CamMethod.EigenCam)]
    public void Of_maps_that_are_no_contributions_nothing_is_known(CamMethod method) =>
        Assert.Null(RegionFinder.Find(SyntheticMap.Of(new[,] { { 0f, 1, 0 } }, method: method), new RegionOptions())[0].FitProbability);

    [Fact]
    public void Of_a_threshold_of_the_users_own_nothing_is_known()
    {
        ClassActivationMap map = SyntheticMap.Of(new float[,] { { 0, 1, 0 } });

        Assert.Null(RegionFinder.Find(map, new RegionOptions { Threshold = 0.2 })[0].FitProbability);
        Assert.Null(RegionFinder.Find(map, new RegionOptions { Normalization = HeatmapNormalization.MinMax })[0].FitProbability);
    }

    // One pixel a cell, so that boxes are counted in cells.
    private static CamRegion Find(float[,] values, double probability) =>
        Assert.Single(RegionFinder.Find(SyntheticMap.Of(values, probability: probability), new RegionOptions()));
}
