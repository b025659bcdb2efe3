using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;

namespace ClassActivation.Tests.Quantization;

/// <summary>A small dual-output network with all that quantization meets: padded pooling, a residual sum, groups, strides.</summary>
internal static class ResidualNetwork
{
    public static void Write(string path, string? precision = null, int seed = 7, int width = 8)
    {
        var random = new Random(seed);
        using var graph = new OnnxGraphBuilder(path, "residual");
        string image = graph.AddInput("image", TensorProto.Types.DataType.Uint8, "N", "H", "W", 3L);
        string value = graph.AddNode("Cast", "cast", [image], ("to", (long)TensorProto.Types.DataType.Float));
        value = graph.AddNode("Transpose", "transpose", [value], ("perm", new long[] { 0, 3, 1, 2 }));
        value = graph.AddNode("Sub", "centred", [value, graph.AddInitializer<float>("mean", [120f, 117f, 104f], 3, 1, 1)]);
        value = graph.AddNode("Relu", "relu1", [Convolution("conv1", value, 3, width, 3, 2)]);
        value = graph.AddNode("Pad", "pad", [value, graph.AddInitializer<long>("pads", [0, 0, 1, 1, 0, 0, 1, 1], 8)]);
        string pooled = graph.AddNode("MaxPool", "pool", [value], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }));
        value = graph.AddNode("Relu", "relu2", [Convolution("conv2", pooled, width, width, 3, 1)]);
        value = graph.AddNode(
            "Add", "sum1", [Convolution("conv3", value, width, 16, 1, 1), Convolution("shortcut", pooled, width, 16, 1, 1)]);
        string first = graph.AddNode("Relu", "relu3", [value]);
        value = graph.AddNode("Relu", "relu4", [Convolution("grouped", first, 16, 16, 3, 1, groups: 16)]);
        value = graph.AddNode("Add", "sum2", [Convolution("conv5", value, 16, 16, 1, 1), first]);
        string activations = graph.AddNode("Relu", "last", [value]);
        string logits = graph.AddNode("Gemm", "logits",
        [
            graph.AddNode("Flatten", "flat", [graph.AddNode("GlobalAveragePool", "gap", [activations])]),
            graph.AddInitializer<float>("classifier.weight", Normal(16 * 5, 0.5), 16, 5),
            graph.AddInitializer<float>("classifier.bias", Normal(5, 0.1), 5),
        ]);
        string predictions = graph.AddNode("Softmax", "softmax", [logits], ("axis", 1L));
        graph.AddOutput(activations, "activations", TensorProto.Types.DataType.Float, "N", 16L, "h", "w");
        graph.AddOutput(predictions, "predictions", TensorProto.Types.DataType.Float, "N", 5L);
        graph.AddMetadata("source", "made for a test");
        graph.AddMetadata("resolution", "64");
        if (precision is not null)
        {
            graph.AddMetadata("precision", precision);
        }

        graph.Save();

        string Convolution(string name, string input, int from, int to, int kernel, int stride, int groups = 1)
        {
            int fanIn = from / groups * kernel * kernel;
            double size = Math.Sqrt(2.0 / fanIn) / (name == "conv1" ? 60 : 1);
            string weight = graph.AddInitializer<float>(name + ".weight", Normal(to * fanIn, size), to, from / groups, kernel, kernel);
            string bias = graph.AddInitializer<float>(name + ".bias", Normal(to, 0.2), to);
            long pad = kernel / 2;
            return graph.AddNode(
                "Conv", name, [input, weight, bias],
                ("kernel_shape", new long[] { kernel, kernel }), ("strides", new long[] { stride, stride }),
                ("pads", new[] { pad, pad, pad, pad }), ("group", (long)groups));
        }

        float[] Normal(int count, double size) => [.. Enumerable.Range(0, count).Select(_ =>
            (float)(size * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }
}
