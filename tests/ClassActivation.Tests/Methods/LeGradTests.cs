using System.Text.Json;
using ClassActivation.Identity;
using ClassActivation.Import;
using ClassActivation.Import.Onnx;
using ClassActivation.Import.Pixels;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Networks;
using ClassActivation.Photos;
using ClassActivation.Tests.Gradients;
using ClassActivation.Tests.Hostile;
using ClassActivation.Tests.Maps;

namespace ClassActivation.Tests.Methods;

/// <summary>LeGrad of a small vision transformer against torch's autograd in float64 (make_legrad.py).</summary>
public sealed class LeGradTests : IDisposable
{
    private const double Tolerance = 5e-5;

    private static readonly string Figures = Path.Combine(AppContext.BaseDirectory, "Methods");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("chelsea.png")]
    [InlineData("coffee.png")]
    public void Maps_are_those_of_torchs_autograd(string photo)
    {
        using CamModel model = CamModel.Load(Convert(Path.Combine(Figures, "small-vit.onnx")), new OptimizedNetworkCache(null));
        JsonElement figures = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Figures, "legrad.json"))).RootElement.GetProperty(photo);
        var request = new MapRequest { ClassIndexes = [0, 3], Methods = [CamMethod.LeGrad, CamMethod.HiResCam] };

        IReadOnlyList<ClassActivationMap> maps = Explain(model, photo, request);
        ClassActivationMap contrast = Explain(
            model, photo, request with { ClassIndexes = [0], Methods = [CamMethod.LeGrad], Contrast = new ClassContrast([3], 1) })[0];

        Assert.Equal(4, maps.Count);
        foreach ((ClassActivationMap map, string name)
            in (IEnumerable<(ClassActivationMap, string)>)[(maps[0], "0"), (maps[2], "3"), (contrast, "0-3")])
        {
            Assert.Equal((4, 4, "LeGrad"), (map.Rows, map.Columns, map.Method));
            Assert.InRange(ReferenceNetwork.Error(ReferenceNetwork.Numbers(figures.GetProperty(name)), map.Values), 0, Tolerance);
            Assert.Null(map.Incompleteness);
        }

        Assert.Equal(ReferenceNetwork.Numbers(figures.GetProperty("logits"))[3], maps[2].Logit, 1e-5);
    }

    [Fact]
    public void A_process_of_its_own_gives_the_same_bits()
    {
        string path = Convert(Path.Combine(Figures, "small-vit.onnx"));
        using CamModel here = CamModel.Load(path, new OptimizedNetworkCache(_folder.File("cache")));
        using CamModel again = CamModel.Load(path, new OptimizedNetworkCache(_folder.File("cache")));
        using CamModel there = CamModel.Load(path, ChildProgram.Isolation);
        var request = new MapRequest { Top = 2, Methods = [CamMethod.LeGrad] };
        float[][] expected = Values(here);

        Assert.Equal(expected, Values(again));
        Assert.Equal(expected, Values(there));

        float[][] Values(CamModel model) => [.. Explain(model, "coffee.png", request).Select(static map => map.Values)];
    }

    [SkippableTheory]
    [InlineData("swin")]
    [InlineData("vgg")]
    public void Networks_without_attention_among_all_tokens_are_refused_by_name(string name)
    {
        string reference = Path.Combine(Locations.Reference(), "onnx", name + ".onnx");
        Skip.IfNot(File.Exists(reference), "The reference networks are not here.");
        using CamModel model = CamModel.Load(Convert(reference), new OptimizedNetworkCache(null));

        ModelException e = Assert.Throws<ModelException>(
            () => Explain(model, "coffee.png", new MapRequest { Methods = [CamMethod.LeGrad] }));

        Assert.Equal(ModelFailure.NoAttention, e.Failure);
        Assert.Contains("ViT and DeiT", e.Message, StringComparison.Ordinal);
        Assert.Contains(name, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_convolutional_network_is_refused()
    {
        ModelException e = Assert.Throws<ModelException>(
            () => SampleNetwork.Explain("coffee.png", new MapRequest { Methods = [CamMethod.LeGrad] }));

        Assert.Equal(ModelFailure.NoAttention, e.Failure);
    }

    private static IReadOnlyList<ClassActivationMap> Explain(CamModel model, string photo, MapRequest request) =>
        new PhotoExplainer(model, new InputSettings(InputFit.Stretch)).Explain(
            PhotoSource.FromFile(Path.Combine(Locations.Repository(), "samples", photo)), request);

    private string Convert(string network)
    {
        string converted = _folder.File(Path.GetFileName(network));
        OnnxNetworkConverter.Convert(network, converted, new ImportOptions { Preprocessing = InputPreprocessing.Torch });
        return converted;
    }
}
