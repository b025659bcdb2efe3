using System.Globalization;
using System.Text.Json;

namespace ClassActivation.Import.Keras;

/// <summary>
/// The shapes of the layers' outputs without the batch: maps as (height, width, channels), whatever the
/// network's data format is, with null for a size that is not fixed.
/// </summary>
internal sealed class ShapeInference(LayersTopology topology)
{
    private const int WidestWindow = 1024;

    private readonly Dictionary<string, int?[]> _shapes = new(StringComparer.Ordinal);

    public static int?[] Declared(LayersTopology topology)
    {
        KerasLayer input = topology.Input;
        if (!input.TryGet("batch_input_shape", out var shape) && !input.TryGet("batch_shape", out shape))
        {
            throw input.Missing("batch_input_shape");
        }

        int?[] dims = [.. shape.EnumerateArray().Skip(1).Select(dim => dim.ValueKind == JsonValueKind.Null ? (int?)null : dim.GetInt32())];
        if (dims.Length == 3 && topology.ChannelsFirst)
        {
            dims = [dims[1], dims[2], dims[0]];
        }

        return dims is [null or > 0, null or > 0, 1 or 3 or 4]
            ? dims
            : throw input.Error(
                $"takes ({string.Join(", ", dims.Select(dim => dim?.ToString(CultureInfo.InvariantCulture) ?? "free"))}); only networks"
                + " that take one image of 1, 3 or 4 channels can be used");
    }

    /// <summary>The shapes of all layers for an input of the given shape.</summary>
    public static IReadOnlyDictionary<string, int?[]> Infer(LayersTopology topology, int?[] input)
    {
        var inference = new ShapeInference(topology);
        inference._shapes[topology.Input.Key] = input;
        foreach (KerasLayer layer in topology.Layers.Where(layer => layer != topology.Input))
        {
            inference._shapes[layer.Key] = LayerGuard.Layer(layer, () => inference.Output(layer));
        }

        return inference._shapes;
    }

    private int?[] Output(KerasLayer layer)
    {
        int?[] Input() => _shapes[layer.Input];
        int?[] Map() =>
            Input() is { Length: 3 } map ? map : throw layer.Error("takes something that is not a map of height, width and channels");
        switch (layer.ClassName)
        {
            case "ZeroPadding2D":
                (int top, int bottom, int left, int right) = WindowGeometry.Margins(layer);
                return [Map()[0] + top + bottom, Map()[1] + left + right, Map()[2]];
            case "Conv2D":
                return Window(layer, Map(), layer.Pair("kernel_size"), layer.Pair("strides", (1, 1)), layer.Integer("filters"));
            case "SeparableConv2D":
                return Window(layer, Map(), layer.Pair("kernel_size"), layer.Pair("strides", (1, 1)), layer.Integer("filters"));
            case "DepthwiseConv2D":
                return Window(
                    layer,
                    Map(),
                    layer.Pair("kernel_size"),
                    layer.Pair("strides", (1, 1)),
                    Map()[2] * layer.Integer("depth_multiplier", 1));
            case "MaxPooling2D" or "AveragePooling2D":
                (int, int) size = layer.Pair("pool_size");
                return Window(layer, Map(), size, layer.Pair("strides", size), Map()[2]);
            case "GlobalAveragePooling2D" or "GlobalMaxPooling2D":
                return layer.Flag("keepdims", false) ? [1, 1, Map()[2]] : [Map()[2]];
            case "Dense":
                return [.. Input()[..^1], layer.Integer("units")];
            case "Flatten":
                return [Product(Input())];
            case "Reshape":
                return Reshape(layer, Input());
            case "Concatenate":
                return Concatenate(layer);
            case "Cropping2D":
                (int above, int below, int before, int behind) = WindowGeometry.Margins(layer);
                return [Map()[0] - above - below, Map()[1] - before - behind, Map()[2]];
            case "Add" or "Multiply" or "Subtract" or "TrueDivide" or "Divide" or "Maximum" or "Minimum" or "Average" or "CustomScaleLayer"
                or "TFOpLambda":
                return Broadcast(layer);
            default:
                return Input();
        }
    }

    private static int?[] Window(
        KerasLayer layer, int?[] map, (int Vertical, int Horizontal) size, (int Vertical, int Horizontal) strides, int? channels)
    {
        (int Vertical, int Horizontal) dilation = layer.Pair("dilation_rate", (1, 1));
        bool same = WindowGeometry.IsSame(layer);
        if (new[]
        {
            size.Vertical,
            size.Horizontal,
            strides.Vertical,
            strides.Horizontal,
            dilation.Vertical,
            dilation.Horizontal,
        }.Any(length => length is < 1 or > WidestWindow))
        {
            throw layer.Error(
                $"has a window of {size}, strides of {strides} and a dilation of {dilation}; each must be 1 to {WidestWindow}");
        }

        return
        [
            Size(map[0], size.Vertical, strides.Vertical, dilation.Vertical),
            Size(map[1], size.Horizontal, strides.Horizontal, dilation.Horizontal),
            channels,
        ];

        int? Size(int? length, int window, int stride, int spread) =>
            same ? (length + stride - 1) / stride : (length - ((window - 1) * spread) - 1 + stride) / stride;
    }

    private int?[] Reshape(KerasLayer layer, int?[] input)
    {
        if (!layer.TryGet("target_shape", out var value))
        {
            throw layer.Missing("target_shape");
        }

        int[] target = KerasLayer.Integers(value);
        int known = target.Where(dim => dim >= 0).Aggregate(1, (product, dim) => product * dim);
        int?[] shape = [.. target.Select(dim => dim >= 0 ? dim : Product(input) / known)];
        return shape is [int height, int width, int channels] && topology.ChannelsFirst ? [width, channels, height] : shape;
    }

    private int?[] Concatenate(KerasLayer layer)
    {
        int?[][] inputs = [.. layer.Inputs.Select(input => _shapes[input])];
        int axis = Axes.Logical(layer, inputs[0].Length, topology.ChannelsFirst);
        int?[] shape = [.. inputs[0]];
        shape[axis] = inputs.Aggregate((int?)0, (sum, input) => sum + input[axis]);
        return shape;
    }

    private int?[] Broadcast(KerasLayer layer)
    {
        int?[][] inputs = [.. layer.Inputs.Select(input => _shapes[input])];
        if (inputs.Any(input => input.Length != inputs[0].Length))
        {
            throw layer.Error("joins a map and a vector; put a Reshape to (1, 1, channels) before it and export the model again");
        }

        return [.. Enumerable.Range(0, inputs[0].Length).Select(axis =>
            inputs.Select(input => input[axis]).FirstOrDefault(dim => dim != 1, 1))];
    }

    private static int? Product(int?[] dims) => dims.Aggregate((int?)1, (product, dim) => product * dim);
}
