using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Networks;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;
using ClassActivation.Photos;
using ClassActivation.Quantization;

namespace ClassActivation.Tests.Quantization;

public sealed class QuantizedCopyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // scipy.stats.binomtest(k, n).proportion_ci(0.95, method='wilson')
    [Theory]
    [InlineData(45, 50, 0.7863976856252034, 0.9565242350681095)]
    [InlineData(20, 20, 0.8388748419471808, 1.0)]
    [InlineData(0, 7, 0.0, 0.35433043506668743)]
    public void The_interval_is_Wilsons(int agreeing, int photos, double low, double high)
    {
        var agreement = new AnswerAgreement(agreeing, photos);

        Assert.Equal(low, agreement.Low, 1e-12);
        Assert.Equal(high, agreement.High, 1e-12);
        Assert.Equal(agreement, AnswerAgreement.Parse(agreement.ToText()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("5/4")]
    [InlineData("0/0")]
    [InlineData("-1/4")]
    [InlineData("1/2/3")]
    public void What_is_no_agreement_counts_as_none(string text) => Assert.Null(AnswerAgreement.Parse(text));

    [Fact]
    public void Every_fifth_photo_is_held_back_and_its_answers_are_counted()
    {
        string source = _folder.File("net.onnx"), destination = _folder.File("copy.onnx");
        ResidualNetwork.Write(source);
        using var copy = new QuantizedCopy(source, new InputSettings(InputFit.Stretch, 64));
        string[] samples = Agreement.Samples();
        PhotoSource[] photos = [.. Enumerable.Range(0, 11).Select(i => PhotoSource.FromFile(samples[i % samples.Length]))];
        foreach (PhotoSource photo in photos)
        {
            copy.Add(photo);
        }

        ActivationRanges? ranges = null;
        copy.Write(destination, 8, found => ranges = found);

        Assert.Equal((9, 2), (copy.CalibrationPhotos, copy.HeldBackPhotos));
        using CamModel original = CamModel.Load(source, new OptimizedNetworkCache(null)), made = CamModel.Load(
            destination, new OptimizedNetworkCache(null));
        int agreeing = new[] { photos[4], photos[9] }.Count(photo =>
        {
            NetworkInput input = new InputSettings(InputFit.Stretch, 64).Show(PhotoDecoder.Decode(photo));
            return Agreement.Explain(original, input).Class == Agreement.Explain(made, input).Class;
        });
        Assert.Equal(new AnswerAgreement(agreeing, 2), copy.Agreement);
        Assert.Equal(copy.Agreement, made.Info.Agreement);
        Assert.Null(original.Info.Agreement);
        Assert.Equal(
            ["copy.onnx", "net.onnx", "net.onnx.data"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());

        // From its ranges the same copy is made again.
        ModelQuantizer.Quantize(source, _folder.File("again.onnx"), ranges!);
        using CamModel again = CamModel.Load(_folder.File("again.onnx"), new OptimizedNetworkCache(null));
        NetworkInput shown = new InputSettings(InputFit.Stretch, 64).Show(PhotoDecoder.Decode(photos[0]));
        Assert.Equal(Agreement.Explain(made, shown).Map, Agreement.Explain(again, shown).Map);
    }

    [Theory]
    [InlineData(FloatParts.None, "expand reduce depthwise project", "squeeze excite")]
    [InlineData(FloatParts.Depthwise, "expand reduce project", "squeeze excite depthwise")]
    [InlineData(FloatParts.CurvedActivations, "reduce project", "squeeze excite depthwise expand")]
    public void What_stays_float32_does(FloatParts kept, string inBytes, string inFloat)
    {
        string path = _folder.File("gated.onnx");
        WriteGated(path);

        QuantizationPlan plan = QuantizationPlan.Create(OnnxModelFile.Read(path), kept);

        Dictionary<string, bool> convolutions = plan.Nodes.Where(static node => node.OpType == "Conv")
            .ToDictionary(static node => node.Output[0], plan.IsConvolution);
        Assert.All(inBytes.Split(' '), name => Assert.True(convolutions[name], name));
        Assert.All(inFloat.Split(' '), name => Assert.False(convolutions[name], name));
    }

    [Fact]
    public void Ranges_of_a_copy_with_more_in_float32_make_that_copy()
    {
        string path = _folder.File("gated.onnx");
        WriteGated(path);
        using var calibrator = new RangeCalibrator(path, new InputSettings(InputFit.Stretch, 64));
        calibrator.Add(PhotoSource.FromFile(Agreement.Samples()[0]));

        foreach (FloatParts kept in Enum.GetValues<FloatParts>())
        {
            Assert.True(calibrator.IsNew(kept));
            ModelQuantizer.Quantize(path, _folder.File("copy.onnx"), calibrator.Finish(kept, null, default));
            int weights = OnnxModelFile.Read(_folder.File("copy.onnx")).Model.Graph.Node.Count(
                static node => node.Output[0].EndsWith("/quantized_weight/dequantized", StringComparison.Ordinal));
            Assert.Equal(4 - (int)kept, weights);
            using CamModel copy = CamModel.Load(_folder.File("copy.onnx"), new OptimizedNetworkCache(null));
            copy.Run(new NetworkInput(64, 64, new byte[64 * 64 * 3])).Dispose();
        }
    }

    /// <summary>An inverted residual with hard-swish and squeeze and excitation, as in MobileNetV3.</summary>
    private static void WriteGated(string path)
    {
        var random = new Random(3);
        using var graph = new OnnxGraphBuilder(path, "gated");
        string image = graph.AddInput("image", TensorProto.Types.DataType.Uint8, "N", "H", "W", 3L);
        string value = graph.AddNode("Cast", "cast", [image], ("to", (long)TensorProto.Types.DataType.Float));
        value = graph.AddNode("Transpose", "transpose", [value], ("perm", new long[] { 0, 3, 1, 2 }));
        value = graph.AddNode("HardSwish", "swish", [Convolution("expand", value, 3, 8, 1)]);
        value = graph.AddNode("Relu", "narrow", [Convolution("reduce", value, 8, 6, 1)]);
        value = graph.AddNode("Relu", "deep", [Convolution("depthwise", value, 6, 6, 3, 6)]);
        string squeezed = graph.AddNode(
            "Relu", "small", [Convolution("squeeze", graph.AddNode("GlobalAveragePool", "means", [value]), 6, 2, 1)]);
        string gate = graph.AddNode("HardSigmoid", "gate", [Convolution("excite", squeezed, 2, 6, 1)]);
        value = graph.AddNode("Mul", "gated", [gate, value]);
        value = graph.AddNode("Relu", "projected", [Convolution("project", value, 6, 8, 1)]);
        string activations = graph.AddNode("Relu", "last", [Convolution("final", value, 8, 8, 1)]);
        string logits = graph.AddNode("Gemm", "logits",
        [
            graph.AddNode("Flatten", "flat", [graph.AddNode("GlobalAveragePool", "gap", [activations])]),
            graph.AddInitializer<float>("classifier.weight", Numbers(8 * 3), 8, 3),
            graph.AddInitializer<float>("classifier.bias", Numbers(3), 3),
        ]);
        graph.AddOutput(activations, "activations", TensorProto.Types.DataType.Float, "N", 8L, "h", "w");
        graph.AddOutput(
            graph.AddNode("Softmax", "softmax", [logits], ("axis", 1L)), "predictions", TensorProto.Types.DataType.Float, "N", 3L);
        graph.Save();

        string Convolution(string name, string input, int from, int to, int kernel, int groups = 1) => graph.AddNode(
            "Conv", name,
            [
                input,
                graph.AddInitializer<float>(
                    name + ".weight", Numbers(to * from / groups * kernel * kernel), to, from / groups, kernel, kernel),
                graph.AddInitializer<float>(name + ".bias", Numbers(to), to)
            ],
            ("kernel_shape", new long[] { kernel, kernel }), ("pads", new long[] { kernel / 2, kernel / 2, kernel / 2, kernel / 2 }),
            ("group", (long)groups));

        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() - 0.4) / 2))];
    }
}
