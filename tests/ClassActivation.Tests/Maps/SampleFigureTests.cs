using System.Text.Json;
using ClassActivation.Identity;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Maps;

/// <summary>ResNet50 on the sample photos gives the figures that PyTorch, Pillow and SciPy give.</summary>
public sealed class SampleFigureTests
{
    public static TheoryData<string, string> PhotosAndFits()
    {
        var data = new TheoryData<string, string>();
        foreach (JsonProperty photo in Figures.Samples.GetProperty("images").EnumerateObject())
        {
            foreach (JsonProperty fit in photo.Value.GetProperty("fits").EnumerateObject())
            {
                data.Add(photo.Name, fit.Name);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(PhotosAndFits))]
    public void Top_5_is_the_same(string photo, string fit)
    {
        JsonElement expected = Figures.Of(photo, fit);

        IReadOnlyList<Prediction> predictions = Explainer(fit).Predict(Source(photo), 5);

        foreach ((Prediction prediction, JsonElement figure) in predictions.Zip(expected.GetProperty("top5").EnumerateArray()))
        {
            Assert.Equal(figure.GetProperty("index").GetInt32(), prediction.ClassIndex);
            Assert.Equal(figure.GetProperty("wnid").GetString(), prediction.WordNetId);
            Assert.Equal(figure.GetProperty("label").GetString(), prediction.Label);
            Assert.Equal(figure.GetProperty("probability").GetDouble(), prediction.Probability, 1e-4);
            Assert.Equal(figure.GetProperty("logit").GetDouble(), prediction.Logit, 1e-3);
        }
    }

    [Theory]
    [MemberData(nameof(PhotosAndFits))]
    public void The_map_is_the_same_and_its_mean_and_the_bias_make_the_logit(string photo, string fit)
    {
        JsonElement expected = Figures.Of(photo, fit);
        float[] cam = Figures.Values(expected.GetProperty("cam"));

        ClassActivationMap map = Explainer(fit).Explain(Source(photo), new MapRequest()).Single();

        Assert.Equal(cam.Length, map.Rows * map.Columns);
        Assert.Equal(expected.GetProperty("input")[0].GetInt32(), map.InputWidth);
        Assert.Equal(expected.GetProperty("input")[1].GetInt32(), map.InputHeight);
        float range = cam.Max() - cam.Min();
        Assert.All(map.Values.Zip(cam), pair => Assert.Equal(pair.Second, pair.First, 1e-3 * range));
        Assert.Equal(expected.GetProperty("bias").GetDouble(), map.Bias, 1e-6);
        Assert.Equal(map.Logit, map.Values.Average(static v => (double)v) + map.Bias, 1e-3);
        Assert.Equal(
            expected.GetProperty("top5")[0].GetProperty("logit").GetDouble(), map.Values.Average(static v => (double)v) + map.Bias, 1e-3);
    }

    [Theory]
    [InlineData("chelsea.png")]
    [InlineData("alps.jpg")]
    public void The_zoomed_map_is_that_of_SciPy(string photo)
    {
        ClassActivationMap map = Explainer("stretch-nearest").Explain(Source(photo), new MapRequest()).Single();
        float[] expected =
        [
            .. Figures.Of(photo, "stretch-nearest").GetProperty("zoom32_row100").EnumerateArray().Select(static v => v.GetSingle())
        ];

        float[] row = map.Resize(224, 224)[100];

        Assert.All(row.Zip(expected), static pair => Assert.Equal(pair.Second, pair.First, 1e-3));
    }

    [Fact]
    public void Several_classes_of_one_photo_come_from_one_pass_and_are_each_ones_own_map()
    {
        PhotoExplainer explainer = Explainer("fullframe-bilinear");
        PhotoSource source = Source("chelsea.png");

        IReadOnlyList<ClassActivationMap> together = explainer.Explain(source, new MapRequest { ClassIndexes = [285, 7] });

        Assert.Equal([285, 7], together.Select(static m => m.ClassIndex));
        Assert.All(together, map => Assert.Equal(
            explainer.Explain(source, new MapRequest { ClassIndexes = [map.ClassIndex] }).Single().Values, map.Values));
        Assert.Equal(1, together[0].Rank);
        Assert.True(together[1].Rank > 100);
    }

    [Fact]
    public void A_cancelled_run_ends_at_once()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.Throws<OperationCanceledException>(() => Explainer("fullframe-bilinear").Predict(Source("chelsea.png"), 1, cancelled.Token));
    }

    private static PhotoSource Source(string photo) => PhotoSource.FromFile(Path.Combine(Figures.Root, "samples", photo));

    private static PhotoExplainer Explainer(string fit) => new(Figures.ResNet50, fit switch
    {
        "stretch-nearest" => new InputSettings(InputFit.Stretch, 224, Resampling.Nearest),
        "stretch-bilinear" => new InputSettings(InputFit.Stretch),
        "fullframe-bilinear" => new InputSettings(InputFit.FullFrame),
        "centercrop-bilinear" => new InputSettings(InputFit.CenterCrop),
        _ => throw new ArgumentOutOfRangeException(nameof(fit)),
    });
}
