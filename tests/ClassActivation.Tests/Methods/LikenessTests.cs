using System.Text.Json;
using ClassActivation.Identity;
using ClassActivation.Import;
using ClassActivation.Import.Onnx;
using ClassActivation.Import.Pixels;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Onnx;
using ClassActivation.Photos;
using ClassActivation.Tests.Gradients;
using ClassActivation.Tests.Hostile;
using ClassActivation.Tests.Maps;

namespace ClassActivation.Tests.Methods;

/// <summary>Why two photos are alike, against torch's autograd in float64 (make_likeness.py), and by hand.</summary>
public sealed class LikenessTests : IDisposable
{
    private const double Tolerance = 5e-5;

    private static readonly string Figures = Path.Combine(AppContext.BaseDirectory, "Methods");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Maps_of_a_network_with_a_dense_head_are_those_of_torchs_autograd(bool isIsolated)
    {
        JsonElement figures = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Figures, "likeness.json"))).RootElement;
        string path = _folder.File("small-dense.onnx");
        OnnxNetworkConverter.Convert(
            Path.Combine(Figures, "small-dense.onnx"), path, new ImportOptions { Preprocessing = InputPreprocessing.Torch });
        using CamModel model = isIsolated
            ? CamModel.Load(path, ChildProgram.Isolation)
            : CamModel.Load(path, new OptimizedNetworkCache(null));
        string inner = model.Info.ReadLayers().Single(static row => row.Name.Contains("Tanh", StringComparison.Ordinal)).Name;

        foreach ((string place, string[] layers) in (IEnumerable<(string, string[])>)[("last", []), ("inner", [inner]), ("pixels", [])])
        {
            string[] methods = [.. figures.GetProperty(place).EnumerateObject().Select(static method => method.Name)];
            IReadOnlyList<ClassActivationMap> maps = Explain(
                model, new MapRequest { Methods = Array.ConvertAll(methods, Enum.Parse<CamMethod>), Layers = layers });
            Assert.Equal(methods, maps.Select(static map => map.Method));
            foreach (ClassActivationMap map in maps)
            {
                float[] expected = ReferenceNetwork.Numbers(figures.GetProperty(place).GetProperty(map.Method));
                float[] actual = map.Values.Length == expected.Length ? map.Values : [.. map.Values.Where((_, i) => i % 97 == 0)];
                Assert.InRange(ReferenceNetwork.Error(expected, actual), 0, Tolerance);
                Assert.Equal(figures.GetProperty("cosine").GetDouble(), map.Logit, 1e-5);
                Assert.True(double.IsNaN(map.Probability));
            }
        }
    }

    // As the encoders of searches by photo come: the features themselves are the output.
    [Fact]
    public void A_network_without_a_head_has_the_maps_of_the_same_network_with_one()
    {
        JsonElement expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Figures, "likeness.json"))).RootElement;
        OnnxGraph graph = OnnxGraph.Read(Path.Combine(Figures, "small-dense.onnx"));
        string pooled = graph.Nodes.Single(static node => node.OpType == "Flatten").Output[0];
        (string headless, string path) = (_folder.File("headless.onnx"), _folder.File("converted.onnx"));
        graph.Extract(graph.Inputs, [pooled]).Save(headless);
        OnnxNetworkConverter.Convert(headless, path, new ImportOptions { Preprocessing = InputPreprocessing.Torch });
        using CamModel model = CamModel.Load(path, new OptimizedNetworkCache(null));

        string[] methods = [.. expected.GetProperty("last").EnumerateObject().Select(static method => method.Name)];
        foreach (ClassActivationMap map in Explain(model, new MapRequest { Methods = Array.ConvertAll(methods, Enum.Parse<CamMethod>) }))
        {
            Assert.InRange(
                ReferenceNetwork.Error(ReferenceNetwork.Numbers(expected.GetProperty("last").GetProperty(map.Method)), map.Values),
                0,
                Tolerance);
            Assert.Equal(expected.GetProperty("cosine").GetDouble(), map.Logit, 1e-5);
        }
    }

    [Fact]
    public void The_parts_of_a_map_are_the_cosine_of_the_pooled_features()
    {
        float[] features = Pooled("chelsea.png"), others = Pooled("coffee.png");
        double cosine = features.Zip(others, static (a, b) => (double)a * b).Sum()
            / Math.Sqrt(features.Sum(static a => (double)a * a) * others.Sum(static a => (double)a * a));

        ClassActivationMap map = SampleNetwork.Explain("chelsea.png", Alike(new MapRequest()))[0];

        Assert.Equal(cosine, map.Logit, 1e-5);
        Assert.Equal(cosine, map.Values.Average(static value => (double)value), 1e-5);
        Assert.InRange(map.Incompleteness!.Value, 0, 1e-5);
        Assert.Equal("like coffee.png", map.Label);
        Assert.Equal(1, SampleNetwork.Explain("coffee.png", Alike(new MapRequest()))[0].Logit, 1e-5);
    }

    [Fact]
    public void Layers_scales_mirror_images_and_other_methods_go_with_it()
    {
        ClassActivationMap early = SampleNetwork.Explain(
            "chelsea.png", Alike(new MapRequest { Methods = [CamMethod.HiResCam], Layers = ["conv4_block6_out"] }),
            SampleNetwork.Squashed)[0];
        Assert.InRange(early.Incompleteness!.Value, 0, 1e-4);
        Assert.Equal(14, early.Rows);

        ClassActivationMap averaged = SampleNetwork.Explain(
            "chelsea.png",
            Alike(new MapRequest { Methods = [CamMethod.LayerCam], Layers = ["conv4_block6_out"], Scales = [1, 1.5], Flip = true }),
            SampleNetwork.Squashed)[0];
        Assert.InRange(averaged.Maximum, 0.2, 1);

        CamMethod[] methods = [CamMethod.Cam, CamMethod.GradCamPlusPlus, CamMethod.AblationCam, CamMethod.EigenCam, CamMethod.EigenGradCam];
        Assert.Equal(methods.Length, SampleNetwork.Explain("chelsea.png", Alike(new MapRequest { Methods = methods })).Count);
    }

    [Fact]
    public void The_question_is_asked_again_while_the_other_photo_is_the_same()
    {
        string other = _folder.File("other photo [1].png");
        File.Copy(Path.Combine(Locations.Repository(), "samples", "coffee.png"), other);
        ClassActivationMap map = SampleNetwork.Explain("chelsea.png", new MapRequest { SimilarTo = PhotoSource.FromFile(other) })[0];
        CamQuestion question = CamQuestion.Parse(map.Question.ToKey()) with { SimilarTo = map.SimilarTo };

        Assert.Equal(map.Question, question);
        Assert.False(question.IsConcept);
        Assert.Equal(map.Values, SampleNetwork.Explain("chelsea.png", SameQuestion.Of(question, SampleNetwork.Model)!)[0].Values);
        File.Copy(Path.Combine(Locations.Repository(), "samples", "flower.jpg"), other, overwrite: true);
        Assert.Null(SameQuestion.Of(question, SampleNetwork.Model));
        File.Delete(other);
        Assert.Null(SameQuestion.Of(question, SampleNetwork.Model));
    }

    private static float[] Pooled(string photo) => [.. new PhotoExplainer(SampleNetwork.Model, new InputSettings())
        .GetFeatureMaps(SampleNetwork.Photo(photo), [.. Enumerable.Range(0, SampleNetwork.Model.Info.FeatureCount)])
            .Select(static map => map.Mean)];

    private static MapRequest Alike(MapRequest request) => request with { SimilarTo = SampleNetwork.Photo("coffee.png") };

    private static IReadOnlyList<ClassActivationMap> Explain(CamModel model, MapRequest request) =>
        new PhotoExplainer(model, new InputSettings(InputFit.Stretch, 64)).Explain(SampleNetwork.Photo("chelsea.png"), Alike(request));
}
