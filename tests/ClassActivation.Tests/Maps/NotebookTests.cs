using System.Text.Json;
using ClassActivation.Drawing;
using ClassActivation.Identity;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Maps;

/// <summary>The notebook's own photo gives the notebook's own figures and its picture.</summary>
public sealed class NotebookTests
{
    [SkippableFact]
    public void The_prediction_is_a_minivan_of_0_78669935()
    {
        Prediction prediction = Explainer.Predict(Photo(), 1).Single();

        Assert.Equal(656, prediction.ClassIndex);
        Assert.Equal("n03770679", prediction.WordNetId);
        Assert.Equal("minivan", prediction.Label);
        Assert.Equal(0.78669935, prediction.Probability, 1e-6);
    }

    [SkippableFact]
    public void Every_fit_gives_a_square_photo_of_224_the_same_figures()
    {
        double[] probabilities = [.. Enum.GetValues<InputFit>().Where(static fit => fit != InputFit.CenterCrop).Select(
            static fit => new PhotoExplainer(Figures.ResNet50, new InputSettings(fit)).Predict(Photo(), 1).Single().Probability)];

        Assert.All(probabilities, static p => Assert.Equal(0.78669935, p, 1e-6));
    }

    [SkippableFact]
    public void Feature_map_1024_is_the_notebooks()
    {
        float[] expected = Figures.Values(Expected().GetProperty("activationMap1024"));

        FeatureMap map = Explainer.GetFeatureMaps(Photo(), [1024]).Single();

        Assert.Equal((7, 7), (map.Rows, map.Columns));
        Assert.All(map.Map.SelectMany(static row => row).Zip(expected), static pair => Assert.Equal(pair.Second, pair.First, 1e-5));
    }

    [SkippableFact]
    public void The_map_and_its_zoom_are_the_notebooks()
    {
        JsonElement expected = Expected().GetProperty("independentlyComputed");
        float[] cam = Figures.Values(expected.GetProperty("cam"));
        float[] row100 = [.. expected.GetProperty("zoom32_row100").EnumerateArray().Select(static v => v.GetSingle())];

        ClassActivationMap map = Explainer.Explain(Photo(), new MapRequest()).Single();

        Assert.All(map.Values.Zip(cam), static pair => Assert.Equal(pair.Second, pair.First, 1e-4));
        Assert.All(map.Resize(224, 224)[100].Zip(row100), static pair => Assert.Equal(pair.Second, pair.First, 1e-4));
    }

    [SkippableFact]
    public void The_overlay_is_the_notebooks()
    {
        Photo expected = PhotoDecoder.Decode(PhotoSource.FromFile(Path.Combine(Locations.Reference(), "seed", "overlay.png")));
        ClassActivationMap map = Explainer.Explain(Photo(), new MapRequest()).Single();

        Photo overlay = CamOverlay.Draw(map, Photo(), new OverlayOptions());

        AssertSamePicture(expected, overlay);
    }

    [SkippableFact]
    public void The_overlay_of_a_whole_photo_is_the_independently_drawn_one()
    {
        Photo expected = PhotoDecoder.Decode(PhotoSource.FromFile(Path.Combine(Locations.Reference(), "golden", "chelsea-overlay.png")));
        PhotoSource chelsea = PhotoSource.FromFile(Path.Combine(Figures.Root, "samples", "chelsea.png"));

        Photo overlay = CamOverlay.Draw(Explainer.Explain(chelsea, new MapRequest()).Single(), chelsea, new OverlayOptions());

        AssertSamePicture(expected, overlay);
    }

    /// <summary>
    /// Within one level, but for at most one pixel in 10,000: where the map's seventh digit decides between two
    /// neighbouring colours of the colour map, another float32 program decides otherwise.
    /// </summary>
    private static void AssertSamePicture(Photo expected, Photo actual)
    {
        int[] differences = [.. actual.Pixels.Chunk(4).Zip(expected.Pixels.Chunk(4)).Select(
            static pair => pair.First.Zip(pair.Second).Max(static p => Math.Abs(p.First - p.Second)))];

        Assert.True(differences.Count(static d => d > 1) <= differences.Length / 10_000);
        Assert.True(differences.Max() <= 3);
    }

    private static PhotoExplainer Explainer => new(Figures.ResNet50, new InputSettings());

    private static PhotoSource Photo() => PhotoSource.FromFile(Path.Combine(Locations.Reference(), "seed", "car-1.png"));

    private static JsonElement Expected() => Figures.Read(Path.Combine(Locations.Reference(), "seed", "expected.json"));
}
