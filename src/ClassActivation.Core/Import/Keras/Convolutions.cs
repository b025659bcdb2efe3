using ClassActivation.Import.Pixels;
using ClassActivation.Import.Weights;
using ClassActivation.Onnx;

namespace ClassActivation.Import.Keras;

/// <summary>
/// Convolutions as ONNX nodes. What comes directly before and after one is computed into it where nothing else
/// sees the value in between: zero padding, the scaling and the channel order of the pixels, batch normalisation.
/// </summary>
internal sealed class Convolutions(
    OnnxGraphBuilder graph, LayersWeights weights, LayersTopology topology, BatchNormalizations normalizations)
{
    private readonly Dictionary<string, string> _normalizationOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _paddingOf = new(StringComparer.Ordinal);
    private readonly HashSet<string> _absorbed = new(StringComparer.Ordinal);
    private string? _pixelConvolution;
    private PixelTransform? _pixels;

    /// <summary>Whether a layer's work is done by a convolution beside it.</summary>
    public bool IsAbsorbed(KerasLayer layer) => _absorbed.Contains(layer.Key);

    /// <summary>Finds what convolutions can take over.</summary>
    public void Plan()
    {
        foreach (KerasLayer layer in topology.Layers)
        {
            if (!IsConvolution(layer))
            {
                continue;
            }

            if (Activations.NameOf(layer) == "linear" && OnlyConsumer(layer) is { ClassName: "BatchNormalization" } normalization)
            {
                _normalizationOf.Add(layer.Key, normalization.Key);
                _absorbed.Add(normalization.Key);
            }

            KerasLayer before = topology[layer.Input];
            if (before.ClassName == "ZeroPadding2D" && OnlyConsumer(before) == layer && !WindowGeometry.IsSame(layer))
            {
                _paddingOf.Add(layer.Key, before.Key);
                _absorbed.Add(before.Key);
            }
        }
    }

    /// <summary>
    /// Lets the first convolution do a transform's scaling and channel order, if nothing but zero padding stands before it.
    /// </summary>
    public bool TryAbsorb(PixelTransform pixels)
    {
        KerasLayer? layer = OnlyConsumer(topology.Input);
        while (layer is not null && (layer.ClassName == "ZeroPadding2D" || LayerKind.IsIdentity(layer)))
        {
            layer = OnlyConsumer(layer);
        }

        if (layer is not { ClassName: "Conv2D" } || layer.Integer("groups", 1) != 1)
        {
            return false;
        }

        _pixelConvolution = layer.Key;
        _pixels = pixels;
        return true;
    }

    public string AddConv2D(KerasLayer layer, string input)
    {
        WeightTensor kernel = Kernel(layer, "kernel");
        int groups = layer.Integer("groups", 1);
        PixelTransform? pixels = layer.Key == _pixelConvolution ? _pixels : null;
        List<(string, object)> attributes = WindowGeometry.Attributes(
            layer, (kernel.Dims[0], kernel.Dims[1]), layer.Pair("strides", (1, 1)), Zeros(layer));
        return Add(layer, input, kernel, groups, attributes, pixels);
    }

    public string AddDepthwise(KerasLayer layer, string input) =>
        Add(layer, input, ByChannel(Kernel(layer, "depthwise_kernel"), out int channels), channels, DepthwiseAttributes(layer));

    public string AddSeparable(KerasLayer layer, string input)
    {
        WeightTensor kernel = ByChannel(Kernel(layer, "depthwise_kernel"), out int channels);
        float[] spatial = OutputMajor(kernel, null, null);
        string depthwise = graph.AddNode(
            "Conv",
            layer.Key + "/depthwise",
            [
                input,
                graph.AddInitializer<float>(layer.Key + "/depthwise_kernel", spatial, kernel.Dims[3], 1, kernel.Dims[0], kernel.Dims[1])
            ],
            [.. DepthwiseAttributes(layer), ("group", (long)channels)]);
        return Add(layer, depthwise, Kernel(layer, "pointwise_kernel"), 1, [("kernel_shape", new long[] { 1, 1 })]);
    }

    private static bool IsConvolution(KerasLayer layer) => layer.ClassName is "Conv2D" or "DepthwiseConv2D" or "SeparableConv2D";

    private KerasLayer? OnlyConsumer(KerasLayer layer) =>
        topology.Consumers[layer.Key].Take(2).ToArray() is [KerasLayer only] ? only : null;

    private List<(string, object)> DepthwiseAttributes(KerasLayer layer) =>
        WindowGeometry.Attributes(layer, layer.Pair("kernel_size"), layer.Pair("strides", (1, 1)), Zeros(layer));

    private (int, int, int, int)? Zeros(KerasLayer layer) =>
        _paddingOf.TryGetValue(layer.Key, out string? padding) ? WindowGeometry.Margins(topology[padding]) : null;

    private WeightTensor Kernel(KerasLayer layer, string name)
    {
        WeightTensor kernel = weights.Load(layer, name);
        return kernel.Dims.Length == 4
            ? kernel
            : throw layer.Error($"has a '{name}' of {kernel.Dims.Length} dimensions where 4 are expected; export the model again");
    }

    /// <summary>
    /// Keras' depthwise kernel (h, w, channels, multiplier) as the kernel (h, w, 1, channels · multiplier) of a grouped
    /// convolution.
    /// </summary>
    private static WeightTensor ByChannel(WeightTensor kernel, out int channels)
    {
        channels = kernel.Dims[2];
        return new WeightTensor(kernel.Data, [kernel.Dims[0], kernel.Dims[1], 1, kernel.Dims[2] * kernel.Dims[3]]);
    }

    private string Add(
        KerasLayer layer, string input, WeightTensor kernel, int groups, List<(string, object)> attributes, PixelTransform? pixels = null)
    {
        int outputs = kernel.Dims[3];
        float[]? bias = layer.Flag("use_bias", true) ? weights.Load(layer, "bias").Data : null;
        double[]? scale = null;
        if (_normalizationOf.TryGetValue(layer.Key, out string? key))
        {
            (scale, double[] shift) = normalizations.Load(topology[key], outputs);
            bias = [.. Enumerable.Range(0, outputs).Select(o => (float)(((bias?[o] ?? 0.0) * scale[o]) + shift[o]))];
        }

        string weight = graph.AddInitializer<float>(
            layer.Key + "/kernel", OutputMajor(kernel, scale, pixels), outputs, kernel.Dims[2], kernel.Dims[0], kernel.Dims[1]);
        if (groups != 1)
        {
            attributes.Add(("group", (long)groups));
        }

        return bias is null
            ? graph.AddNode("Conv", layer.Key, [input, weight], [.. attributes])
            : graph.AddNode(
                "Conv", layer.Key, [input, weight, graph.AddInitializer<float>(layer.Key + "/bias", bias, outputs)], [.. attributes]);
    }

    /// <summary>Reorders a kernel from (h, w, in, out) to (out, in, h, w), scaled.</summary>
    private static float[] OutputMajor(WeightTensor kernel, double[]? scale, PixelTransform? pixels)
    {
        int area = kernel.Dims[0] * kernel.Dims[1];
        int inputs = kernel.Dims[2];
        int outputs = kernel.Dims[3];
        float[] source = kernel.Data;
        float[] reordered = new float[source.Length];
        for (int i = 0; i < inputs; i++)
        {
            int target = pixels?.Source(i) ?? i;
            double inputScale = pixels?.Scale[target] ?? 1;
            for (int a = 0; a < area; a++)
            {
                int from = ((a * inputs) + i) * outputs;
                int to = (target * area) + a;
                for (int o = 0; o < outputs; o++)
                {
                    reordered[to + (o * inputs * area)] = (float)(source[from + o] * inputScale * (scale?[o] ?? 1));
                }
            }
        }

        return reordered;
    }
}
