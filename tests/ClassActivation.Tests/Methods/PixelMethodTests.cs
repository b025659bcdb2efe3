using ClassActivation.Drawing;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Methods;

/// <summary>
/// Maps at the pixels of a network with one convolution, whose gradients are known by hand: 4 cells of 16×16 pixels, each answering
/// with the mean of its red less a threshold, and the logit of "red" their mean.
/// </summary>
public sealed class PixelMethodTests : IDisposable
{
    private const int Cell = 16;
    private const int Side = 2 * Cell;
    private const float Gradient = 1f / (Cell * Cell) / 4;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_a_linear_network_all_follow_from_its_weights()
    {
        using CamModel model = Network(threshold: 0, isLinear: true);

        ClassActivationMap[] maps = Explain(
            model, CamMethod.Saliency, CamMethod.InputXGradient, CamMethod.IntegratedGradients, CamMethod.SmoothGrad);

        Assert.All(maps, static map => Assert.Equal((Side, Side), (map.Rows, map.Columns)));
        Assert.All(maps[0].Values, static value => Assert.Equal(Gradient, value, 1e-8));
        Assert.All(maps[3].Values, static value => Assert.Equal(Gradient, value, 1e-8));
        for (int i = 0; i < Side * Side; i++)
        {
            float expected = Red(i % Side) / 255f * Gradient;
            Assert.Equal(expected, maps[1].Values[i], 1e-8);
            Assert.Equal(expected, maps[2].Values[i], 1e-8);
        }

        Assert.Equal(maps[1].Logit, maps[1].Values.Sum(), 1e-5);
        Assert.All(maps[1..3], static map => Assert.InRange(map.Incompleteness!.Value, 0, 1e-5));
        Assert.Null(maps[0].Incompleteness);
    }

    [Fact]
    public void The_way_from_black_is_gone_in_as_many_steps_as_it_takes()
    {
        // A cell answers from a fifth of the way on, since 0.1 is a fifth of its 0.5: 51 of 64 midpoints lie there, and 13 of 16,
        // 26 of 32 and 6 of 8 are further than 1% from four fifths.
        using CamModel model = Network(threshold: 0.1f, isLinear: false);

        ClassActivationMap map = Assert.Single(Explain(model, CamMethod.IntegratedGradients));

        Assert.Equal(0.4 * 0.5, map.Logit, 1e-3);
        Assert.Equal(0.5 * (51 / 64.0) * 0.5, map.Values.Sum(static value => (double)value), 1e-3);
        Assert.All(map.Values.Where((_, i) => i % Side >= Cell), static value => Assert.Equal(0, value));
    }

    // 6 of 8 midpoints lie beyond the threshold, 13 of 16, and 51 of 64.
    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(8, 6 / 8.0)]
    [InlineData(20, 16 / 20.0)]
    [InlineData(4096, 51 / 64.0)]
    public void The_way_ends_with_as_many_steps_as_are_allowed_and_says_what_is_left(int mostSteps, double share)
    {
        using CamModel model = Network(threshold: 0.1f, isLinear: false);

        ClassActivationMap map = Assert.Single(Explain(model, mostSteps, CamMethod.IntegratedGradients));

        Assert.Equal(0.5 * share * 0.5, map.Values.Sum(static value => (double)value), 1e-3);
        Assert.Equal(Math.Abs((0.25 * share) - 0.2) / 0.2, map.Incompleteness!.Value, 5e-3);
        Assert.Equal(mostSteps, map.MaxStep);
    }

    [Fact]
    public void Pixels_and_layers_go_together_in_one_question()
    {
        using CamModel model = Network(threshold: 0, isLinear: true);

        ClassActivationMap[] maps = Explain(model, CamMethod.Cam, CamMethod.Saliency, CamMethod.GradCam);

        Assert.Equal([(2, 2), (Side, Side), (2, 2)], maps.Select(static map => (map.Rows, map.Columns)));
        Assert.Equal(["Cam", "Saliency", "GradCam"], maps.Select(static map => map.Method));
    }

    // Half red on the left, where there is a threshold; a ramp otherwise.
    private static byte Red(int x) => (byte)(x * 7);

    private static ClassActivationMap[] Explain(CamModel model, params CamMethod[] methods) =>
        Explain(model, new MapRequest().MaxStep, methods);

    private static ClassActivationMap[] Explain(CamModel model, int mostSteps, params CamMethod[] methods)
    {
        bool isRamp = model.Name == "linear";
        var pixels = new byte[Side * Side * 4];
        for (int i = 0; i < Side * Side; i++)
        {
            pixels[4 * i] = isRamp ? Red(i % Side) : i % Side < Cell ? (byte)128 : (byte)0;
            pixels[(4 * i) + 3] = 255;
        }

        using var encoded = new MemoryStream();
        PhotoEncoder.Encode(new Photo(Side, Side, pixels), PictureFormat.Png, 100, encoded);
        var explainer = new PhotoExplainer(model, new InputSettings(InputFit.Stretch, Side, Resampling.Nearest));
        return
        [
            .. explainer.Explain(
                PhotoSource.FromMemory("red.png", encoded.ToArray()),
                new MapRequest { ClassIndexes = [0], Methods = methods, MaxStep = mostSteps })
        ];
    }

    private CamModel Network(float threshold, bool isLinear)
    {
        string path = _folder.File(isLinear ? "linear.onnx" : "threshold.onnx");
        using (var graph = new OnnxGraphBuilder(path, "red"))
        {
            string image = graph.AddInput("image", TensorProto.Types.DataType.Uint8, "N", "H", "W", 3L);
            string value = graph.AddNode("Cast", "cast", [image], ("to", (long)TensorProto.Types.DataType.Float));
            value = graph.AddNode("Transpose", "transpose", [value], ("perm", new long[] { 0, 3, 1, 2 }));
            value = graph.AddNode("Div", "scaled", [value, graph.AddInitializer<float>("range", [255f])]);
            float[] kernel = [.. Enumerable.Range(0, 3 * Cell * Cell).Select(static i => i < Cell * Cell ? 1f / (Cell * Cell) : 0)];
            value = graph.AddNode(
                "Conv",
                "cells",
                [
                    value,
                    graph.AddInitializer<float>("kernel", kernel, 1, 3, Cell, Cell),
                    graph.AddInitializer<float>("thresholds", [-threshold], 1)
                ],
                ("kernel_shape", new long[] { Cell, Cell }),
                ("strides", new long[] { Cell, Cell }));
            string activations = graph.AddNode(isLinear ? "Identity" : "Relu", "answers", [value]);
            string logits = graph.AddNode("Gemm", "logits",
            [
                graph.AddNode("Flatten", "flat", [graph.AddNode("GlobalAveragePool", "gap", [activations])]),
                graph.AddInitializer<float>("classifier.weight", [1, 0], 1, 2),
                graph.AddInitializer<float>("classifier.bias", [0, 0], 2),
            ]);
            graph.AddOutput(activations, "activations", TensorProto.Types.DataType.Float, "N", 1L, "h", "w");
            graph.AddOutput(
                graph.AddNode("Softmax", "softmax", [logits], ("axis", 1L)), "predictions", TensorProto.Types.DataType.Float, "N", 2L);
            graph.AddMetadata("labels", "red\nother");
            graph.AddMetadata("source", "weights set by hand");
            graph.AddMetadata("resolution", $"{Side}");
            graph.Save();
        }

        return CamModel.Load(path, new OptimizedNetworkCache(null));
    }
}
