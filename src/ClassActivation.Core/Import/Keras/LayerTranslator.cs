using System.Text.Json;
using ClassActivation.Import.Pixels;
using ClassActivation.Import.Weights;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;

namespace ClassActivation.Import.Keras;

/// <summary>
/// Translates the layers of a network's body, one after the other, into ONNX nodes; maps become batch × channels × height ×
/// width.
/// </summary>
internal sealed class LayerTranslator
{
    private readonly OnnxGraphBuilder _graph;
    private readonly LayersWeights _weights;
    private readonly LayersTopology _topology;
    private readonly IReadOnlyDictionary<string, int?[]> _shapes;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Activations _activations;
    private readonly BatchNormalizations _normalizations;
    private readonly Convolutions _convolutions;

    public LayerTranslator(
        OnnxGraphBuilder graph, LayersWeights weights, LayersTopology topology, IReadOnlyDictionary<string, int?[]> shapes, double? epsilon)
    {
        _graph = graph;
        _weights = weights;
        _topology = topology;
        _shapes = shapes;
        _activations = new Activations(graph, topology.KerasVersion);
        _normalizations = new BatchNormalizations(graph, weights, topology, epsilon);
        _convolutions = new Convolutions(graph, weights, topology, _normalizations);
        _convolutions.Plan();
    }

    /// <summary>The name of the value that a layer gives.</summary>
    public string this[KerasLayer layer] => _values[layer.Key];

    /// <summary>Adds the preprocessing between the image's bytes (batch × height × width × RGB) and the network's input.</summary>
    public void AddPreprocessing(string image, PixelTransform pixels)
    {
        string name = _topology.Input.Key;
        // Subtracting after the transpose is ten times as fast as a broadcast over RGB triples before it.
        string value = _graph.AddNode("Transpose", name + "/transpose", [image], ("perm", new long[] { 0, 3, 1, 2 }));
        value = _graph.AddNode("Cast", name + "/cast", [value], ("to", (long)TensorProto.Types.DataType.Float));
        if (pixels.IsShifted)
        {
            value = _graph.AddNode("Sub", name + "/sub", [value, PerChannel(name + "/mean", pixels.Mean)]);
        }

        if (!_convolutions.TryAbsorb(pixels))
        {
            if (pixels.IsScaled)
            {
                value = _graph.AddNode("Mul", name + "/mul", [value, PerChannel(name + "/scale", pixels.Scale)]);
            }

            if (pixels.SwapChannels)
            {
                value = _graph.AddNode(
                    "Gather", name + "/bgr", [value, _graph.AddInitializer<long>(name + "/order", [2, 1, 0], 3)], ("axis", 1L));
            }
        }

        _values[name] = value;
    }

    /// <summary>Adds the way from numbers as the network wants them (batch × height × width × channels) to its first layer.</summary>
    public void AddInput(string pixels) => _values[_topology.Input.Key] =
        _graph.AddNode("Transpose", _topology.Input.Key + "/transpose", [pixels], ("perm", new long[] { 0, 3, 1, 2 }));

    /// <summary>Adds a layer of the body.</summary>
    public void Add(KerasLayer layer) => _values[layer.Key] = LayerGuard.Layer(layer, () => Translate(layer));

    private string Translate(KerasLayer layer)
    {
        if (LayerKind.IsIdentity(layer))
        {
            return _values[layer.Input];
        }

        string[] inputs = [.. layer.Inputs.Select(input => _values[input])];
        int?[] shape = _shapes[layer.Inputs[0]];
        if (_convolutions.IsAbsorbed(layer))
        {
            if (layer.ClassName == "BatchNormalization")
            {
                _normalizations.CheckAxis(layer, shape.Length);
            }

            return inputs[0];
        }

        return layer.ClassName switch
        {
            "ZeroPadding2D" => ZeroPadding(layer, inputs[0]),
            "Conv2D" => Activate(layer, _convolutions.AddConv2D(layer, inputs[0]), 3),
            "DepthwiseConv2D" => Activate(layer, _convolutions.AddDepthwise(layer, inputs[0]), 3),
            "SeparableConv2D" => Activate(layer, _convolutions.AddSeparable(layer, inputs[0]), 3),
            "Dense" => Activate(layer, Dense(layer, inputs[0], shape), shape.Length),
            "BatchNormalization" => _normalizations.Add(layer, inputs[0], shape),
            "Activation" => Activate(layer, inputs[0], shape.Length),
            "ReLU" => _activations.Relu(layer, inputs[0]),
            "LeakyReLU" => _activations.LeakyRelu(layer, inputs[0]),
            "Softmax" => _activations.Softmax(layer, inputs[0], OnnxAxis(layer, shape.Length)),
            "PReLU" => PRelu(layer, inputs[0], shape),
            "ELU" => _graph.AddNode("Elu", layer.Key, inputs, ("alpha", (float)layer.Number("alpha", 1))),
            "Relu" or "Relu6" or "Sigmoid" or "Silu" or "HardSigmoid" or "HardSilu" or "Tanh" => _activations.Add(
                layer, layer.ClassName, inputs[0], shape.Length),
            "Add" or "Multiply" or "Subtract" or "TrueDivide" or "Divide" or "Maximum" or "Minimum" => Arithmetic(
                layer, layer.ClassName, inputs),
            "Average" => _graph.AddNode(
                "Div", layer.Key, [Arithmetic(layer, "Add", inputs), _graph.AddInitializer<float>(layer.Key + "/count", [inputs.Length])]),
            "CustomScaleLayer" => _graph.AddNode(
                "Add",
                layer.Key,
                [
                    inputs[0],
                    _graph.AddNode(
                        "Mul",
                        layer.Key + "/scaled",
                        [inputs[1], _graph.AddInitializer<float>(layer.Key + "/scale", [(float)layer.Number("scale")])])
                ]),
            "TFOpLambda" => Function(layer, inputs, shape.Length),
            "Cropping2D" => Cropping(layer, inputs[0]),
            "Concatenate" => _graph.AddNode("Concat", layer.Key, inputs, ("axis", (long)OnnxAxis(layer, shape.Length))),
            "MaxPooling2D" => Pooling(layer, "MaxPool", inputs[0]),
            "AveragePooling2D" => Pooling(layer, "AveragePool", inputs[0]),
            "GlobalAveragePooling2D" => GlobalPooling(layer, "GlobalAveragePool", inputs[0]),
            "GlobalMaxPooling2D" => GlobalPooling(layer, "GlobalMaxPool", inputs[0]),
            "Reshape" or "Flatten" => Reshape(layer, inputs[0], shape),
            "Rescaling" => Affine(layer, inputs[0], layer.Numbers("scale", 1), layer.Numbers("offset", 0)),
            "Normalization" => Normalization(layer, inputs[0]),
            _ => throw layer.Error(
                "is of a type that cannot be imported; replace it by standard layers, or export the network to ONNX in Python:"
                + " model.export('network.onnx', format='onnx')"),
        };
    }

    private string Activate(KerasLayer layer, string value, int rank) => _activations.Add(layer, value, rank);

    private int OnnxAxis(KerasLayer layer, int rank) => Axes.Onnx(Axes.Logical(layer, rank, _topology.ChannelsFirst), rank);

    private string ZeroPadding(KerasLayer layer, string input)
    {
        (int top, int bottom, int left, int right) = WindowGeometry.Margins(layer);
        return _graph.AddNode(
            "Pad", layer.Key, [input, _graph.AddInitializer<long>(layer.Key + "/pads", [0, 0, top, left, 0, 0, bottom, right], 8)]);
    }

    private string Cropping(KerasLayer layer, string input)
    {
        (int top, int bottom, int left, int right) = WindowGeometry.Margins(layer);
        return _graph.AddNode(
            "Slice",
            layer.Key,
            [
                input,
                _graph.AddInitializer<long>(layer.Key + "/starts", [top, left], 2),
                _graph.AddInitializer<long>(
                    layer.Key + "/ends", [bottom == 0 ? int.MaxValue : -bottom, right == 0 ? int.MaxValue : -right], 2),
                _graph.AddInitializer<long>(layer.Key + "/axes", [2, 3], 2),
            ]);
    }

    /// <summary>The function of TensorFlow that Keras 2 wraps into a layer.</summary>
    private string Function(KerasLayer layer, string[] inputs, int rank) => layer.Text("function", "") switch
    {
        "__operators__.add" or "math.add" => Arithmetic(layer, "Add", inputs),
        "math.multiply" or "__operators__.mul" => Arithmetic(layer, "Multiply", inputs),
        "math.subtract" or "__operators__.sub" => Arithmetic(layer, "Subtract", inputs),
        "math.truediv" or "math.divide" or "__operators__.truediv" => Arithmetic(layer, "Divide", inputs),
        "nn.relu6" => _activations.Add(layer, "relu6", inputs[0], rank),
        "nn.relu" => _activations.Add(layer, "relu", inputs[0], rank),
        "nn.silu" => _activations.Add(layer, "silu", inputs[0], rank),
        "math.sigmoid" or "nn.sigmoid" => _activations.Add(layer, "sigmoid", inputs[0], rank),
        string other =>
            throw layer.Error(
                $"is the function '{other}', which cannot be imported; export the network to ONNX in Python:"
                + " model.export('network.onnx', format='onnx')"),
    };

    private string Arithmetic(KerasLayer layer, string operation, string[] inputs)
    {
        string opType = operation switch
        {
            "Multiply" => "Mul",
            "Subtract" => "Sub",
            "TrueDivide" or "Divide" => "Div",
            "Maximum" => "Max",
            "Minimum" => "Min",
            _ => "Add",
        };
        if (inputs.Length == 1 && layer.Operand is { } operand)
        {
            string number = _graph.AddInitializer<float>(layer.Key + "/operand", [(float)operand.Value]);
            return _graph.AddNode(opType, layer.Key, operand.IsFirst ? [number, inputs[0]] : [inputs[0], number]);
        }

        return inputs.Skip(1).Aggregate(inputs[0], (left, right) => _graph.AddNode(opType, layer.Key, [left, right]));
    }

    /// <summary>Slopes for channels, shared by all places.</summary>
    private string PRelu(KerasLayer layer, string input, int?[] shape)
    {
        WeightTensor slopes = _weights.Load(layer, "alpha");
        return shape is [_, _, int channels] && slopes.Data.Length == channels
            ? _graph.AddNode("PRelu", layer.Key, [input, _graph.AddInitializer<float>(layer.Key + "/alpha", slopes.Data, channels, 1, 1)])
            : shape is [int count] && slopes.Data.Length == count
                ? _graph.AddNode("PRelu", layer.Key, [input, _graph.AddInitializer<float>(layer.Key + "/alpha", slopes.Data, count)])
                : throw layer.Error("has slopes that differ from place to place, which cannot be imported");
    }

    private string Pooling(KerasLayer layer, string opType, string input)
    {
        (int, int) size = layer.Pair("pool_size");
        return _graph.AddNode(opType, layer.Key, [input], [.. WindowGeometry.Attributes(layer, size, layer.Pair("strides", size))]);
    }

    private string GlobalPooling(KerasLayer layer, string opType, string input)
    {
        string pooled = _graph.AddNode(opType, layer.Key, [input]);
        return layer.Flag("keepdims", false) ? pooled : _graph.AddNode("Flatten", layer.Key + "/flatten", [pooled]);
    }

    private string Dense(KerasLayer layer, string input, int?[] shape)
    {
        WeightTensor kernel = _weights.Load(layer, "kernel");
        int inputs = kernel.Dims[0];
        int units = kernel.Dims[1];
        float[] bias = layer.Flag("use_bias", true) ? _weights.Load(layer, "bias").Data : new float[units];
        string constant = _graph.AddInitializer<float>(layer.Key + "/bias", bias, units);
        if (shape.Length == 1)
        {
            string matrix = _graph.AddInitializer<float>(layer.Key + "/kernel", kernel.Data, inputs, units);
            return _graph.AddNode("Gemm", layer.Key, [input, matrix, constant]);
        }

        if (shape.Length != 3 || _topology.ChannelsFirst)
        {
            throw layer.Error("is applied along an axis that is not the channels, which cannot be imported");
        }

        float[] transposed = new float[kernel.Data.Length];
        for (int i = 0; i < inputs; i++)
        {
            for (int o = 0; o < units; o++)
            {
                transposed[(o * inputs) + i] = kernel.Data[(i * units) + o];
            }
        }

        return _graph.AddNode(
            "Conv", layer.Key, [input, _graph.AddInitializer<float>(layer.Key + "/kernel", transposed, units, inputs, 1, 1), constant]);
    }

    /// <summary>A reshape in the framework's own order of axes.</summary>
    private string Reshape(KerasLayer layer, string input, int?[] shape)
    {
        int?[] target = _shapes[layer.Key];
        if (target.Contains(null))
        {
            throw layer.Error("needs a fixed image size, which the input layer does not state; export the network with one");
        }
        // Flatten takes channels_first maps as channels_last where it is told that they are channels_first.
        bool channelsFirst = _topology.ChannelsFirst
            && !(layer.ClassName == "Flatten" && layer.Text("data_format", "") == "channels_first");
        if (shape is [not 1, _, _] or [_, not 1, _] && !channelsFirst)
        {
            input = _graph.AddNode("Transpose", layer.Key + "/channels_last", [input], ("perm", new long[] { 0, 2, 3, 1 }));
        }

        bool toMap = target.Length == 3;
        bool transposes = toMap && !_topology.ChannelsFirst && target is not [1, 1, _];
        long[] dims = [0, .. target.Select(dim => (long)dim!.Value)];
        if (toMap && !transposes)
        {
            dims = [0, dims[3], dims[1], dims[2]];
        }

        string value = _graph.AddNode("Reshape", layer.Key, [input, _graph.AddInitializer<long>(layer.Key + "/shape", dims, dims.Length)]);
        return transposes
            ? _graph.AddNode("Transpose", layer.Key + "/channels_first", [value], ("perm", new long[] { 0, 3, 1, 2 }))
            : value;
    }

    /// <summary>(x − mean) / max(standard deviation, 1e-7), as Keras' Normalization layer computes it.</summary>
    private string Normalization(KerasLayer layer, string input)
    {
        if (_shapes[layer.Input].Length != 3 || OnnxAxis(layer, 3) != 1 || layer.Flag("invert", false))
        {
            throw layer.Error("normalises something else than the channels of an image, which cannot be imported");
        }

        double[] mean = Statistic("mean");
        double[] scale = [.. Statistic("variance").Select(variance => 1 / Math.Max(Math.Sqrt(variance), 1e-7))];
        return Affine(layer, input, scale, [.. mean.Zip(scale, (m, s) => -m * s)]);

        double[] Statistic(string name) => layer.TryGet(name, out JsonElement _)
            ? layer.Numbers(name, 0)
            : Array.ConvertAll(_weights.Load(layer, name).Data, value => (double)value);
    }

    private string Affine(KerasLayer layer, string input, double[] scale, double[] offset)
    {
        if (_topology.ChannelsFirst && layer.ClassName == "Rescaling" && (scale.Length > 1 || offset.Length > 1))
        {
            throw layer.Error("scales along an axis that is not the channels, which cannot be imported");
        }

        string scaled = _graph.AddNode("Mul", layer.Key + "/scaled", [input, PerChannel(layer.Key + "/scale", scale)]);
        return _graph.AddNode("Add", layer.Key, [scaled, PerChannel(layer.Key + "/offset", offset)]);
    }

    private string PerChannel(string name, double[] values) =>
        _graph.AddInitializer<float>(name, Array.ConvertAll(values, value => (float)value), values.Length, 1, 1);
}
