using ClassActivation.Drawing;
using ClassActivation.Identity;
using ClassActivation.Import;
using ClassActivation.Import.Onnx;
using ClassActivation.Import.Pixels;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Onnx;
using ClassActivation.Photos;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;

namespace ClassActivation.Tests.Import;

/// <summary>
/// What networks take: one, three and four channels, numbers of half the length, further inputs; and those with nothing inside
/// to look at.
/// </summary>
public sealed class OnnxInputsTests : IDisposable
{
    private const int Side = 32;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // A grey pixel is BT.601's luma; a photo is opaque. Red 200, green 100, blue 50 of 255.
    [Theory]
    [InlineData(1, new[] { ((0.299 * 200) + (0.587 * 100) + (0.114 * 50)) / 255 })]
    [InlineData(3, new[] { 200 / 255.0, 100 / 255.0, 50 / 255.0 })]
    [InlineData(4, new[] { 200 / 255.0, 100 / 255.0, 50 / 255.0, 1 })]
    public void A_network_gets_as_many_channels_as_it_takes(int channels, double[] pixel)
    {
        string path = Write("channels", graph =>
        {
            string image = graph.AddInput("x", DataType.Float, 1L, (long)channels, (long)Side, (long)Side);
            float[] kernel = [.. Enumerable.Range(0, 2 * channels).Select(static i => i + 1f)];
            string features = graph.AddNode("Conv", "features", [image, graph.AddInitializer<float>("kernel", kernel, 2, channels, 1, 1)]);
            return Classify(graph, features, features: 2);
        });
        using CamModel model = Convert(path, new ImportOptions { Preprocessing = InputPreprocessing.Scale01 });

        double[] features = [.. Enumerable.Range(0, 2).Select(f => pixel.Select((value, c) => value * ((f * channels) + c + 1)).Sum())];
        Assert.Equal([features[0] + (3 * features[1]), (2 * features[0]) + (4 * features[1])], LogitsOf(model), new Near(1e-3));
    }

    [Fact]
    public void Numbers_of_16_bits_become_numbers_of_32()
    {
        string path = Write("half", graph =>
        {
            string image = graph.AddInput("x", DataType.Float16, 1L, 3L, (long)Side, (long)Side);
            Half[] kernel = [.. Enumerable.Range(0, 6).Select(static i => (Half)(i + 1))];
            string features = graph.AddNode("Conv", "features", [image, graph.AddInitializer<Half>("kernel", kernel, 2, 3, 1, 1)]);
            string pooled = graph.AddNode("Flatten", "flat", [graph.AddNode("GlobalAveragePool", "pooled", [features])]);
            return graph.AddNode("Gemm", "scores", [pooled, graph.AddInitializer<Half>("w", [(Half)1, (Half)2, (Half)3, (Half)4], 2, 2)]);
        }, DataType.Float16);
        using CamModel model = Convert(path, new ImportOptions { Preprocessing = InputPreprocessing.Scale01 });

        double[] features = [(200 + (2 * 100) + (3 * 50)) / 255.0, ((4 * 200) + (5 * 100) + (6 * 50)) / 255.0];
        Assert.Equal([features[0] + (3 * features[1]), (2 * features[0]) + (4 * features[1])], LogitsOf(model), new Near(1e-4));
    }

    [Theory]
    [InlineData(new[] { 40.0 }, 40)]
    [InlineData(new[] { -7.0 }, -7)]
    public void A_second_input_takes_a_constant(double[] age, double expected)
    {
        string path = WithAge();
        using CamModel model = Convert(
            path,
            new ImportOptions
            {
                Preprocessing = InputPreprocessing.Scale01,
                InputConstants = new Dictionary<string, double[]> { ["age"] = age },
            });
        using CamModel young = Convert(
            path,
            new ImportOptions
            {
                Preprocessing = InputPreprocessing.Scale01,
                InputConstants = new Dictionary<string, double[]> { ["age"] = [0] },
            });

        double[] added = [.. LogitsOf(model).Zip(LogitsOf(young), static (one, other) => one - other)];
        Assert.Equal([expected, expected], added, new Near(1e-4));
    }

    [Fact]
    public void A_second_input_that_gets_nothing_or_the_wrong_thing_is_named()
    {
        string path = WithAge();
        Assert.Contains("constant for 'age' (", Refused(new ImportOptions()), StringComparison.Ordinal);
        Assert.Contains("no input 'height'; it has 'x' (", Refused(Fixed("height", 1)), StringComparison.Ordinal);
        Assert.Contains("takes 1 numbers", Refused(Fixed("age", 1, 2)), StringComparison.Ordinal);
        Assert.Contains("can be no constant", Refused(Fixed("x", 1) with { InputName = "x" }), StringComparison.Ordinal);

        string Refused(ImportOptions options) => Assert.Throws<ModelImportException>(
            () => OnnxNetworkConverter.Convert(
                path, _folder.File("out.onnx"), options with { Preprocessing = InputPreprocessing.Scale01 })).Message;

        static ImportOptions Fixed(string name, params double[] values) =>
            new() { InputConstants = new Dictionary<string, double[]> { [name] = values } };
    }

    [Fact]
    public void An_input_that_no_answer_depends_on_is_left_out()
    {
        string path = Write("unused", graph =>
        {
            string image = graph.AddInput("x", DataType.Float, 1L, 3L, (long)Side, (long)Side);
            graph.AddInput("unused", DataType.Float, 1L, 5L);
            return Classify(graph, graph.AddNode("Relu", "features", [image]), features: 3);
        });
        using CamModel model = Convert(path, new ImportOptions { Preprocessing = InputPreprocessing.Scale01 });
        Assert.Equal(2, model.Info.ClassCount);
    }

    [Fact]
    public void A_network_of_dense_layers_alone_is_explained_by_covering_parts()
    {
        string path = Write("dense", graph =>
        {
            string image = graph.AddInput("x", DataType.Float, 1L, 3L, (long)Side, (long)Side);
            string flat = graph.AddNode("Flatten", "flat", [image]);
            // Class 1 is the red of the upper left quarter.
            float[] weights = new float[3 * Side * Side * 2];
            for (int at = 0; at < Side * Side; at++)
            {
                weights[(2 * at) + 1] = at % Side < Side / 2 && at / Side < Side / 2 ? 0.01f : 0;
            }

            return graph.AddNode("Gemm", "scores", [flat, graph.AddInitializer<float>("w", weights, 3 * Side * Side, 2)]);
        });
        using CamModel model = Convert(path, new ImportOptions { Preprocessing = InputPreprocessing.Scale01 });

        Assert.True(model.Info.IsOpaque);
        Assert.True(model.Info.IsFixedSize);
        Assert.False(model.Info.IsLinear);
        Assert.Equal(CamMethod.Occlusion, LayerMethods.Default(model.Info, () => model.Layers, []));
        var request = new MapRequest
        {
            ClassIndexes = [1],
            Methods = [CamMethod.Occlusion, CamMethod.Rise, CamMethod.InputXGradient],
            Masking = new MaskingSettings { Window = 8, Stride = 8, Baseline = MaskBaseline.Black, MaskCount = 400 },
        };
        IReadOnlyList<ClassActivationMap> maps = new PhotoExplainer(model, new InputSettings()).Explain(Photo(), request);
        for (int at = 0; at < Side * Side; at++)
        {
            bool isInside = at % Side < Side / 2 && at / Side < Side / 2;
            Assert.Equal(isInside ? 64 * 0.01 * 200 / 255 : 0, maps[0].Values[at], 1e-4);
            Assert.Equal(isInside ? 0.01 * 200 / 255 : 0, maps[2].Values[at], 1e-6);
        }

        float[] rise = maps[1].Values;
        Assert.True(Mean(rise, isInside: true) > Mean(rise, isInside: false) + 0.02);
        Assert.Equal(["Occlusion", "Rise", "InputXGradient"], maps.Select(static map => map.Method));

        static double Mean(float[] values, bool isInside) =>
            values.Where((_, at) => (at % Side < Side / 2 && at / Side < Side / 2) == isInside).Average();
    }

    private static double[] LogitsOf(CamModel model) =>
        [
            .. new PhotoExplainer(model, new InputSettings(InputFit.FullFrame, Side, Resampling.Bilinear)).Predict(Photo(), 2)
                .OrderBy(static p => p.ClassIndex).Select(static p => (double)p.Logit)
        ];

    private static PhotoSource Photo()
    {
        byte[] pixels = [.. Enumerable.Range(0, Side * Side).SelectMany(static _ => new byte[] { 200, 100, 50, 255 })];
        using var encoded = new MemoryStream();
        PhotoEncoder.Encode(new Photo(Side, Side, pixels), PictureFormat.Png, 100, encoded);
        return PhotoSource.FromMemory("plain.png", encoded.ToArray());
    }

    private static string Classify(OnnxGraphBuilder graph, string value, int features, string? added = null)
    {
        string pooled = graph.AddNode("Flatten", "flat", [graph.AddNode("GlobalAveragePool", "pooled", [value])]);
        float[] weights = [.. Enumerable.Range(0, 2 * features).Select(static i => i + 1f)];
        string scores = graph.AddNode("Gemm", "product", [pooled, graph.AddInitializer<float>("w", weights, features, 2)]);
        return added is null ? scores : graph.AddNode("Add", "sum", [scores, added]);
    }

    private string WithAge() => Write("age", static graph =>
    {
        string image = graph.AddInput("x", DataType.Float, 1L, 3L, (long)Side, (long)Side);
        string age = graph.AddInput("age", DataType.Float, "N", 1L);
        return Classify(graph, graph.AddNode("Relu", "features", [image]), features: 3, age);
    });

    private string Write(string name, Func<OnnxGraphBuilder, string> build, DataType type = DataType.Float)
    {
        string path = _folder.File(name + ".onnx");
        using var graph = new OnnxGraphBuilder(path, "network");
        graph.AddOutput(build(graph), "answers", type, 1L, 2L);
        graph.Save();
        return path;
    }

    private CamModel Convert(string path, ImportOptions options)
    {
        string destination = _folder.File($"{Guid.NewGuid():N}.onnx");
        OnnxNetworkConverter.Convert(path, destination, options);
        return CamModel.Load(destination, new OptimizedNetworkCache(null));
    }

    private sealed class Near(double tolerance) : IEqualityComparer<double>
    {
        public bool Equals(double one, double other) => Math.Abs(one - other) <= tolerance;

        public int GetHashCode(double value) => 0;
    }
}
