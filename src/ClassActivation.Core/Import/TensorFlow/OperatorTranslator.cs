using ClassActivation.Import.Weights;
using ClassActivation.Onnx;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;

namespace ClassActivation.Import.TensorFlow;

/// <summary>
/// Translates TensorFlow's operators, one after the other, into ONNX nodes. Values of four dimensions are turned to batch ×
/// channels × height × width where they come up, and back only where an operator looks at the order of numbers.
/// </summary>
internal sealed class OperatorTranslator(OnnxGraphBuilder graph, IWeightStore weights)
{
    private const int WidestWindow = 1024;

    // These have the same name and meaning in ONNX.
    private static readonly HashSet<string> Unary = new(StringComparer.Ordinal)
    {
        "Relu", "Elu", "Selu", "Sigmoid", "Tanh", "Softplus", "Exp", "Sqrt", "Neg", "Abs", "Erf",
    };

    private static readonly Dictionary<string, string> Binary = new(StringComparer.Ordinal)
    {
        ["Add"] = "Add",
        ["AddV2"] = "Add",
        ["BiasAdd"] = "Add",
        ["Sub"] = "Sub",
        ["Mul"] = "Mul",
        ["Div"] = "Div",
        ["RealDiv"] = "Div",
        ["Maximum"] = "Max",
        ["Minimum"] = "Min",
        ["Pow"] = "Pow",
    };

    private static readonly HashSet<string> Unchanged = new(StringComparer.Ordinal)
    {
        "Identity", "StopGradient", "PreventGradient", "Snapshot", "CheckNumerics", "Cast",
    };

    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);

    /// <summary>What a node gives: a constant, or the name of what is computed.</summary>
    /// <param name="Name">The value's name; empty for a constant.</param>
    /// <param name="Rank">How many dimensions it has.</param>
    /// <param name="IsMap">Whether it was turned to batch × channels × height × width.</param>
    /// <param name="Constant">What is known of it already.</param>
    private sealed record Value(string Name, int Rank, bool IsMap, WeightTensor? Constant = null);

    /// <summary>Adds the network's input, batch × height × width × channels.</summary>
    public void AddInput(GraphNode node)
    {
        long[] dims = node.Shape() is { Length: 4 } shape ? shape : throw node.Error("takes no image of four dimensions");
        object[] given = [1L, .. dims.Skip(1).Select(static (dim, i) => dim > 0 ? (object)dim : i == 2 ? 3L : i == 0 ? "H" : "W")];
        string name = graph.AddInput("pixels", DataType.Float, given);
        _values[node.Name] = ToMap(node, new Value(name, 4, false));
    }

    /// <summary>The value of a node in TensorFlow's own order of dimensions.</summary>
    public string Result(GraphNode node) => Plain(node, _values[node.Name]).Name;

    /// <summary>Adds a node.</summary>
    public bool Add(GraphNode node)
    {
        _values[node.Name] = Translate(node);
        return true;
    }

    private Value Translate(GraphNode node)
    {
        if (Unchanged.Contains(node.Operator))
        {
            return Input(node, 0);
        }

        if (Unary.Contains(node.Operator))
        {
            return Apply(node, node.Operator, Input(node, 0));
        }

        if (Binary.TryGetValue(node.Operator, out string? binary))
        {
            return Combine(node, binary, Input(node, 0), Input(node, 1));
        }

        return node.Operator switch
        {
            "Const" => Of(weights.Read(node.Name)),
            "Relu6" => Clip(node, Input(node, 0)),
            "LeakyRelu" => Apply(node, "LeakyRelu", Input(node, 0), ("alpha", (float)node.Number("alpha", 0.2))),
            "Rsqrt" => Apply(node, "Reciprocal", Apply(node, "Sqrt", Input(node, 0))),
            "Square" => Square(node, Input(node, 0)),
            "SquaredDifference" => Square(node, Combine(node, "Sub", Input(node, 0), Input(node, 1))),
            "AddN" => Enumerable.Range(1, node.Inputs.Count - 1)
                .Aggregate(Input(node, 0), (sum, i) => Combine(node, "Add", sum, Input(node, i))),
            "Conv2D" or "_FusedConv2D" => Convolution(node, isDepthwise: false),
            "DepthwiseConv2dNative" or "FusedDepthwiseConv2dNative" => Convolution(node, isDepthwise: true),
            "MatMul" or "_FusedMatMul" => Product(node),
            "FusedBatchNorm" or "FusedBatchNormV2" or "FusedBatchNormV3" => Normalization(node),
            "MaxPool" => Pooling(node, "MaxPool"),
            "AvgPool" => Pooling(node, "AveragePool"),
            "Mean" => Reduction(node, "ReduceMean"),
            "Max" => Reduction(node, "ReduceMax"),
            "Sum" => Reduction(node, "ReduceSum"),
            "Softmax" or "LogSoftmax" => Apply(node, node.Operator, Input(node, 0), ("axis", Input(node, 0).IsMap ? 1L : -1L)),
            "Pad" or "PadV2" or "MirrorPad" => Padding(node),
            "ConcatV2" => Concatenation(node),
            "Reshape" => Reshape(node, Input(node, 0), Numbers(node, 1)),
            "Squeeze" => Squeeze(node),
            "ExpandDims" => ExpandDims(node),
            "Shape" => ShapeOf(Input(node, 0)),
            "StridedSlice" => Slice(node),
            "Pack" => Pack(node),
            _ => throw node.Error(
                "cannot be imported; export the network to ONNX in Python: python -m tf2onnx.convert --tfjs"
                + " model.json --output network.onnx"),
        };
    }

    private Value Input(GraphNode node, int index) => index < node.Inputs.Count
        ? _values[node.Inputs[index]]
        : throw node.Error($"has {node.Inputs.Count} inputs, fewer than it needs");

    private WeightTensor Constant(GraphNode node, int index) =>
        Input(node, index).Constant ?? throw node.Error($"computes its input {index + 1}, which must be a constant to be imported");

    private long[] Numbers(GraphNode node, int index) =>
        Array.ConvertAll(Constant(node, index).Data, static number => checked((long)number));

    private Value Apply(GraphNode node, string opType, Value input, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        Value given = Named(node, input);
        return given with { Name = graph.AddNode(opType, node.Name, [given.Name], attributes) };
    }

    private Value Square(GraphNode node, Value input) => Combine(node, "Mul", input, input);

    private Value Clip(GraphNode node, Value input)
    {
        Value given = Named(node, input);
        return given with { Name = graph.AddNode("Clip", node.Name, [given.Name, Scalar(node, 0), Scalar(node, 6)]) };
    }

    private string Vector(GraphNode node, int index)
    {
        float[] numbers = Constant(node, index).Data;
        return graph.AddInitializer<float>(node.Name + "/vector", numbers, numbers.Length);
    }

    private string Scalar(GraphNode node, float number) => graph.AddInitializer<float>(node.Name + "/number", [number]);

    private Value Combine(GraphNode node, string opType, Value left, Value right)
    {
        bool isMap = left.IsMap || right.IsMap;
        int rank = Math.Max(left.Rank, right.Rank);
        if (isMap && new[] { left, right }.Any(value => value is { IsMap: false, Constant: null }))
        {
            (left, right, isMap) = (Plain(node, left), Plain(node, right), false);
        }

        string[] operands = [Operand(node, left, isMap), Operand(node, right, isMap)];
        return new Value(graph.AddNode(opType, node.Name, operands), rank, isMap);
    }

    private string Operand(GraphNode node, Value value, bool isMap)
    {
        if (value.Constant is not { } constant)
        {
            return value.Name;
        }

        if (!isMap || constant.Data.Length == 1)
        {
            return graph.AddInitializer<float>(node.Name + "/constant", constant.Data, Dims(constant));
        }

        if (constant.Dims.Length > 4)
        {
            throw node.Error("combines feature maps with a constant of more dimensions, which cannot be imported");
        }

        int[] dims = [.. Enumerable.Repeat(1, 4 - constant.Dims.Length), .. constant.Dims];
        return graph.AddInitializer<float>(
            node.Name + "/constant", Permuted(constant.Data, dims, [0, 3, 1, 2]), dims[0], dims[3], dims[1], dims[2]);
    }

    private Value Convolution(GraphNode node, bool isDepthwise)
    {
        Value input = Map(node, 0);
        WeightTensor kernel = Constant(node, 1);
        if (kernel.Dims is not [int height, int width, int channels, int filters])
        {
            throw node.Error($"has a kernel of {kernel.Dims.Length} dimensions where 4 are expected");
        }

        List<(string, object)> attributes = Window(node, (height, width), node.Integers("strides"), node.Integers("dilations"));
        // (height, width, channels, multiplier) is a kernel of one channel for each group.
        float[] data = isDepthwise
            ? Permuted(kernel.Data, [height, width, channels * filters, 1], [2, 3, 0, 1])
            : Permuted(kernel.Data, kernel.Dims, [3, 2, 0, 1]);
        (int outputs, int each) = isDepthwise ? (channels * filters, 1) : (filters, channels);
        if (isDepthwise)
        {
            attributes.Add(("group", (long)channels));
        }

        List<string> inputs = [input.Name, graph.AddInitializer<float>(node.Name + "/kernel", data, outputs, each, height, width)];
        string[] fused = node.Strings("fused_ops");
        int next = 2;
        if (fused is ["BiasAdd", ..])
        {
            inputs.Add(Vector(node, next++));
            fused = fused[1..];
        }

        Value result = input with { Name = graph.AddNode("Conv", node.Name, inputs.ToArray(), [.. attributes]) };
        return Fused(node, result, fused, next);
    }

    private Value Product(GraphNode node)
    {
        Value left = Plain(node, Input(node, 0)), right = Plain(node, Input(node, 1));
        string[] fused = node.Strings("fused_ops");
        int next = 2;
        List<string> inputs = [Operand(node, left, false), Operand(node, right, false)];
        if (fused is ["BiasAdd", ..])
        {
            inputs.Add(Vector(node, next++));
            fused = fused[1..];
        }

        string name = graph.AddNode(
            "Gemm",
            node.Name,
            inputs.ToArray(),
            ("transA", node.Flag("transpose_a") ? 1L : 0L),
            ("transB", node.Flag("transpose_b") ? 1L : 0L));
        return Fused(node, new Value(name, 2, false), fused, next);
    }

    /// <summary>What was joined with a convolution or a product.</summary>
    private Value Fused(GraphNode node, Value value, string[] operations, int next)
    {
        foreach (string operation in operations)
        {
            value = operation switch
            {
                "Relu" or "Elu" or "Sigmoid" or "Tanh" => Apply(node, operation, value),
                "Relu6" => Clip(node, value),
                "LeakyRelu" => Apply(node, "LeakyRelu", value, ("alpha", (float)node.Number("leakyrelu_alpha", 0.2))),
                "Prelu" => new Value(
                    graph.AddNode("PRelu", node.Name, [value.Name, Operand(node, Input(node, next++), value.IsMap)]),
                    value.Rank,
                    value.IsMap),
                "BiasAdd" => Combine(node, "Add", value, Input(node, next++)),
                _ => throw node.Error($"has a '{operation}' joined to it, which cannot be imported"),
            };
        }

        return value;
    }

    private Value Normalization(GraphNode node)
    {
        Value input = Map(node, 0);
        string[] statistics = [.. Enumerable.Range(1, 4).Select(i => Vector(node, i))];
        return input with
        {
            Name = graph.AddNode(
                "BatchNormalization", node.Name, [input.Name, .. statistics], ("epsilon", (float)node.Number("epsilon", 1e-4))),
        };
    }

    private Value Pooling(GraphNode node, string opType)
    {
        Value input = Map(node, 0);
        long[] size = node.Integers("ksize");
        if (size is not [1, var height, var width, 1])
        {
            throw node.Error("has a window that is not one of height and width");
        }

        return input with
        {
            Name = graph.AddNode(
                opType, node.Name, [input.Name], [.. Window(node, (Side(node, height), Side(node, width)), node.Integers("strides"), [])]),
        };
    }

    private static List<(string, object)> Window(GraphNode node, (int Vertical, int Horizontal) size, long[] strides, long[] dilations)
    {
        if (node.String("data_format", "NHWC") != "NHWC")
        {
            throw node.Error("has its channels first, which cannot be imported; export the network with channels last");
        }

        (int Vertical, int Horizontal) step = Pair(node, strides), spread = Pair(node, dilations);
        List<(string, object)> attributes =
        [
            ("kernel_shape", new long[] { Side(node, size.Vertical), Side(node, size.Horizontal) }),
            ("strides", new long[] { step.Vertical, step.Horizontal }),
        ];
        if (spread != (1, 1))
        {
            attributes.Add(("dilations", new long[] { spread.Vertical, spread.Horizontal }));
        }

        switch (node.String("padding", "VALID"))
        {
            case "SAME" when size != (1, 1):
                attributes.Add(
                    SamePadding.Attribute(size, step, spread)
                        ?? throw node.Error("has both strides and a dilation, which cannot be imported"));
                break;
            case "SAME" or "VALID":
                break;
            case "EXPLICIT" when node.Integers("explicit_paddings") is [0, 0, var top, var bottom, var left, var right, 0, 0]:
                attributes.Add(("pads", new long[] { top, left, bottom, right }));
                break;
            case string other:
                throw node.Error($"has the padding '{other}', which cannot be imported");
        }

        return attributes;
    }

    private static (int Vertical, int Horizontal) Pair(GraphNode node, long[] numbers) => numbers switch
    {
        [] => (1, 1),
        [1, var vertical, var horizontal, 1] => (Side(node, vertical), Side(node, horizontal)),
        _ => throw node.Error($"has steps of ({string.Join(", ", numbers)}), which are not those of height and width"),
    };

    private static int Side(GraphNode node, long length) =>
        length is >= 1 and <= WidestWindow
            ? (int)length
            : throw node.Error($"has a window or a step of {length}; each must be 1 to {WidestWindow}");

    private Value Reduction(GraphNode node, string opType)
    {
        Value input = Named(node, Input(node, 0));
        bool keeps = node.Flag("keep_dims");
        long[] axes = [.. Numbers(node, 1).Select(axis => axis < 0 ? axis + input.Rank : axis).Order()];
        // Height and width may go from maps as they are; what then remains is batch × channels.
        if (input.IsMap && !keeps && !axes.SequenceEqual([1L, 2L]))
        {
            input = Plain(node, input);
        }

        long[] own = input.IsMap ? [.. axes.Select(MapAxis)] : axes;
        bool isSum = opType == "ReduceSum";
        string name = isSum
            ? graph.AddNode(
                opType,
                node.Name,
                [input.Name, graph.AddInitializer<long>(node.Name + "/axes", own, own.Length)],
                ("keepdims", keeps ? 1L : 0L))
            : graph.AddNode(opType, node.Name, [input.Name], ("axes", own), ("keepdims", keeps ? 1L : 0L));
        return new Value(name, keeps ? input.Rank : input.Rank - axes.Length, keeps && input.IsMap);
    }

    private Value Padding(GraphNode node)
    {
        Value input = Map(node, 0);
        long[] pads = Numbers(node, 1);
        if (pads.Length != 8 || pads.Any(static pad => pad is < 0 or > WidestWindow))
        {
            throw node.Error("does not state two margins for each of four dimensions");
        }

        string own = graph.AddInitializer<long>(
            node.Name + "/pads", [pads[0], pads[6], pads[2], pads[4], pads[1], pads[7], pads[3], pads[5]], 8);
        string mode = node.Operator != "MirrorPad"
            ? "constant"
            : node.String("mode", "REFLECT") == "REFLECT"
            ? "reflect"
            : throw node.Error("mirrors its borders, too, which cannot be imported");
        string[] inputs = node.Operator == "PadV2"
            ? [input.Name, own, graph.AddInitializer<float>(node.Name + "/value", [Constant(node, 2).Data[0]])]
            : [input.Name, own];
        return input with { Name = graph.AddNode("Pad", node.Name, inputs, ("mode", mode)) };
    }

    private Value Concatenation(GraphNode node)
    {
        int count = node.Inputs.Count - 1;
        long axis = Numbers(node, count) is [long only] ? only : throw node.Error("joins along several dimensions");
        Value[] parts = [.. Enumerable.Range(0, count).Select(i => Named(node, Input(node, i)))];
        int rank = parts[0].Rank;
        axis = axis < 0 ? axis + rank : axis;
        bool isMap = Array.TrueForAll(parts, static part => part.IsMap);
        parts = isMap ? parts : [.. parts.Select(part => Plain(node, part))];
        return new Value(
            graph.AddNode("Concat", node.Name, [.. parts.Select(static part => part.Name)], ("axis", isMap ? MapAxis(axis) : axis)), rank,
            isMap);
    }

    private Value Reshape(GraphNode node, Value input, long[] dims)
    {
        if (input.Constant is { } constant
            && dims.All(static dim => dim > 0)
            && dims.Aggregate(1L, static (product, dim) => product * dim) == constant.Data.Length)
        {
            return Of(constant with { Dims = Array.ConvertAll(dims, static dim => checked((int)dim)) });
        }

        Value plain = Plain(node, input);
        string name = graph.AddNode(
            "Reshape", node.Name, [plain.Name, graph.AddInitializer<long>(node.Name + "/shape", dims, dims.Length)]);
        return ToMap(node, new Value(name, dims.Length, false));
    }

    private Value Squeeze(GraphNode node)
    {
        Value input = Named(node, Input(node, 0));
        long[] axes = [.. node.Integers("squeeze_dims").Select(axis => axis < 0 ? axis + input.Rank : axis).Order()];
        if (axes.Length == 0)
        {
            throw node.Error("does not say which dimensions it takes away");
        }

        if (input.IsMap && !axes.SequenceEqual([1L, 2L]))
        {
            input = Plain(node, input);
        }

        long[] own = input.IsMap ? [2, 3] : axes;
        return new Value(
            graph.AddNode("Squeeze", node.Name, [input.Name, graph.AddInitializer<long>(node.Name + "/axes", own, own.Length)]),
            input.Rank - axes.Length, false);
    }

    private Value ExpandDims(GraphNode node)
    {
        Value input = Plain(node, Input(node, 0));
        long axis = Numbers(node, 1) is [long only] ? only : throw node.Error("adds several dimensions at once");
        axis = axis < 0 ? axis + input.Rank + 1 : axis;
        string name = graph.AddNode("Unsqueeze", node.Name, [input.Name, graph.AddInitializer<long>(node.Name + "/axes", [axis], 1)]);
        return ToMap(node, new Value(name, input.Rank + 1, false));
    }

    private static Value Of(WeightTensor constant) => new("", constant.Dims.Length, false, constant);

    // One photo is shown at a time: of a shape, its first number is known, and the others count as free.
    private static Value ShapeOf(Value value) =>
        Of(new WeightTensor([1, .. Enumerable.Repeat(-1f, Math.Max(0, value.Rank - 1))], [value.Rank]));

    private Value Slice(GraphNode node)
    {
        WeightTensor constant = Constant(node, 0);
        (long[] begin, long[] end) = (Numbers(node, 1), Numbers(node, 2));
        bool isNumber = node.Integer("shrink_axis_mask", 0) == 1;
        return constant.Dims.Length == 1 && begin is [0] && end is [1] && constant.Data.Length > 0
            ? Of(new WeightTensor([constant.Data[0]], isNumber ? [] : [1]))
            : throw node.Error("takes something else than the number of photos, which cannot be imported");
    }

    private Value Pack(GraphNode node)
    {
        float[] numbers = [.. Enumerable.Range(0, node.Inputs.Count).SelectMany(i => Constant(node, i).Data)];
        return Of(new WeightTensor(numbers, [numbers.Length]));
    }

    private Value Map(GraphNode node, int index) =>
        Input(node, index) is { IsMap: true } map ? map : throw node.Error("takes something that is no set of feature maps");

    /// <summary>A value that nodes can take.</summary>
    private Value Named(GraphNode node, Value value) => value.Constant is { } constant
        ? ToMap(node, new Value(graph.AddInitializer<float>(node.Name + "/constant", constant.Data, Dims(constant)), value.Rank, false))
        : value;

    private Value ToMap(GraphNode node, Value value) => value.Rank == 4 && !value.IsMap
        ? new Value(graph.AddNode("Transpose", node.Name + "/nchw", [value.Name], ("perm", new long[] { 0, 3, 1, 2 })), 4, true)
        : value;

    /// <summary>A value in TensorFlow's own order of dimensions.</summary>
    private Value Plain(GraphNode node, Value value)
    {
        Value given = value.Constant is null ? value : value with { Name = Operand(node, value, false), Constant = null };
        return given.IsMap
            ? new Value(graph.AddNode("Transpose", node.Name + "/nhwc", [given.Name], ("perm", new long[] { 0, 2, 3, 1 })), 4, false)
            : given;
    }

    private static long MapAxis(long axis) => axis switch
    {
        0 => 0,
        1 => 2,
        2 => 3,
        _ => 1,
    };

    private static long[] Dims(WeightTensor tensor) => Array.ConvertAll(tensor.Dims, static dim => (long)dim);

    private static float[] Permuted(float[] data, int[] dims, int[] order)
    {
        int[] strides = new int[dims.Length];
        for (int axis = dims.Length - 1, stride = 1; axis >= 0; stride *= dims[axis--])
        {
            strides[axis] = stride;
        }

        int[] to = [.. order.Select(axis => dims[axis])], by = [.. order.Select(axis => strides[axis])];
        float[] permuted = new float[data.Length];
        int at = 0;
        for (int a = 0; a < to[0]; a++)
        {
            for (int b = 0; b < to[1]; b++)
            {
                for (int c = 0; c < to[2]; c++)
                {
                    for (int d = 0; d < to[3]; d++)
                    {
                        permuted[at++] = data[(a * by[0]) + (b * by[1]) + (c * by[2]) + (d * by[3])];
                    }
                }
            }
        }

        return permuted;
    }
}
