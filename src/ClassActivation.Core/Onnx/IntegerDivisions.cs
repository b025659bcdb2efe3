using System.Runtime.InteropServices;
using ClassActivation.Onnx.Schema;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;

namespace ClassActivation.Onnx;

/// <summary>
/// Finds the divisions of integers that may end the process: the processor's own instruction traps on that of the smallest
/// number by −1, and the runtime looks for 0 alone. It happens while a session is made too, where the runtime computes
/// constants. A division passes only where it is proven to be one of other numbers, of a number that is never the smallest, or
/// by one that is never −1: what is not known counts as dangerous, since the file may be made to be misunderstood.
/// </summary>
internal sealed class IntegerDivisions
{
    // Feature maps, pixels and a network's input are smaller by far, so that their sizes may be multiplied a few times.
    private const double LargestSide = int.MaxValue;
    private const double LargestInput = 1L << 40;

    // The operators whose values are never 32 or 64-bit signed integers, whatever their inputs are.
    private static readonly HashSet<string> GivesOthers = Names(
        "Conv ConvTranspose QLinearConv QLinearMatMul DequantizeLinear QuantizeLinear DynamicQuantizeLinear BatchNormalization "
        + "InstanceNormalization LayerNormalization GroupNormalization LpNormalization RMSNormalization SimplifiedLayerNormalization "
        + "SkipLayerNormalization LRN MeanVarianceNormalization AveragePool GlobalAveragePool GlobalMaxPool GlobalLpPool LpPool "
        + "MaxPool MaxRoiPool RoiAlign Softmax LogSoftmax Hardmax Sigmoid HardSigmoid HardSwish Swish Mish Elu Selu Celu Gelu FastGelu "
        + "BiasGelu QuickGelu ThresholdedRelu Softplus Softsign Tanh Sqrt Exp Log Reciprocal Floor Ceil Round Sin Cos Tan Asin Acos "
        + "Atan Sinh Cosh Asinh Acosh Atanh FusedConv LSTM GRU RNN Equal Greater GreaterOrEqual Less LessOrEqual And Or Not Xor "
        + "IsNaN IsInf");

    // The operators whose first value is of the type that all their inputs have.
    private static readonly HashSet<string> GivesWhatItTakes = Names(
        "Add Sub Mul Div Mod Max Min Sum Mean PRelu MatMul Gemm Einsum Concat");

    // The operators whose first value is of the type of their first input.
    private static readonly HashSet<string> GivesTheFirst = Names(
        "Identity Abs Neg Sign Relu LeakyRelu Clip Pow Dropout Reshape Flatten Transpose Squeeze Unsqueeze Split Slice Pad Gather "
        + "GatherElements GatherND Scatter ScatterElements ScatterND Tile Expand Resize Upsample ReduceMean ReduceSum ReduceMax ReduceMin "
        + "ReduceProd ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceSumSquare CumSum TopK DepthToSpace SpaceToDepth Trilu "
        + "ReverseSequence CenterCropPad Compress Erf GridSample Attention MultiHeadAttention RotaryEmbedding FusedMatMul FusedGemm");

    // The operators that give numbers of their first input, in another order or shape.
    private static readonly HashSet<string> Moves = Names(
        "Identity Gather Slice Squeeze Unsqueeze Reshape Flatten Transpose Expand Tile Split");

    // Values that are no 32 or 64-bit signed integers.
    private readonly HashSet<string> _others = new(StringComparer.Ordinal);

    // Tensors whose numbers stand in the file itself.
    private readonly Dictionary<string, TensorProto> _constants = new(StringComparer.Ordinal);

    // Whole numbers that are 0 or more, and at most this.
    private readonly Dictionary<string, double> _bounds = new(StringComparer.Ordinal);

    // Values that are 64-bit integers.
    private readonly HashSet<string> _wide = new(StringComparer.Ordinal);

    // The network's inputs, which the module gives it.
    private readonly HashSet<string> _inputs = new(StringComparer.Ordinal);

    private IntegerDivisions()
    {
    }

    // A part of a graph sees the values around it.
    private IntegerDivisions(IntegerDivisions around)
    {
        _others = new(around._others, StringComparer.Ordinal);
        _constants = new(around._constants, StringComparer.Ordinal);
        _bounds = new(around._bounds, StringComparer.Ordinal);
        _wide = new(around._wide, StringComparer.Ordinal);
        _inputs = new(around._inputs, StringComparer.Ordinal);
    }

    /// <summary>The first node that divides integers by what is not proven to be harmless; null where there is none.</summary>
    public static NodeProto? Find(GraphProto graph)
    {
        var search = new IntegerDivisions();
        foreach (ValueInfoProto input in graph.Input)
        {
            search._inputs.Add(input.Name);
            if (input.Type?.TensorType is { HasElemType: true } tensor && IsOther((DataType)tensor.ElemType))
            {
                search._others.Add(input.Name);
            }
        }

        return search.FindIn(graph);
    }

    private static HashSet<string> Names(string names) => new(names.Split(' '), StringComparer.Ordinal);

    private static bool IsOther(DataType type) => type is not (DataType.Int32 or DataType.Int64 or DataType.Undefined);

    private NodeProto? FindIn(GraphProto graph)
    {
        foreach (TensorProto tensor in graph.Initializer)
        {
            Forget(tensor.Name);
            Remember(tensor.Name, tensor);
        }

        // Nodes may stand in any order, and what they compute hides values of the same names around them.
        foreach (string output in graph.Node.SelectMany(static node => node.Output))
        {
            Forget(output);
        }

        foreach (NodeProto node in graph.Node)
        {
            if (node.OpType is "Div" or "Mod" && MayTrap(node))
            {
                return node;
            }

            foreach (GraphProto part in node.Attribute.SelectMany(static a => a.G is null ? a.Graphs : a.Graphs.Prepend(a.G)))
            {
                var inside = new IntegerDivisions(this);
                // What goes into a part may be anything at each turn.
                foreach (ValueInfoProto input in part.Input)
                {
                    inside.Forget(input.Name);
                }

                if (inside.FindIn(part) is { } found)
                {
                    return found;
                }
            }

            Follow(node);
        }

        return null;
    }

    // Both inputs are of one type, which the runtime checks.
    private bool MayTrap(NodeProto node)
    {
        if (node.Input.Count < 2 || _others.Contains(node.Input[0]) || _others.Contains(node.Input[1]))
        {
            return false;
        }

        return _constants.TryGetValue(node.Input[1], out TensorProto? divisor)
            ? Numbers(divisor)?.Any(static number => number is 0 or -1) != false
            : !_bounds.ContainsKey(node.Input[1]) && !IsNeverSmallest(node.Input[0]);
    }

    private bool IsNeverSmallest(string name) => _constants.TryGetValue(name, out TensorProto? constant)
        ? Numbers(constant)?.Any(static number => number is long.MinValue or int.MinValue) == false
        : _bounds.ContainsKey(name);

    private void Follow(NodeProto node)
    {
        bool isOther = IsOther(node);
        double? bound = BoundOf(node);
        TensorProto? constant = Constant(node);
        bool isWide = IsWide(node);
        bool isAllOfIt = node.OpType == "Split";
        foreach (string output in node.Output)
        {
            Forget(output);
        }

        foreach (string output in isAllOfIt ? node.Output : node.Output.Take(1))
        {
            if (isOther)
            {
                _others.Add(output);
            }

            if (isWide)
            {
                _wide.Add(output);
            }

            if (bound is { } most)
            {
                _bounds[output] = most;
            }

            if (constant is not null)
            {
                Remember(output, constant);
            }
        }
    }

    private bool IsOther(NodeProto node) => node.OpType switch
    {
        "Cast" => Number(node, "to") is { } type && IsOther((DataType)type),
        "CastLike" => IsOther(node, 1),
        "Where" => IsOther(node, 1) || IsOther(node, 2),
        "OneHot" => IsOther(node, 2),
        "Constant" => node.Attribute.Any(static a => a.Name is "value_float" or "value_floats" or "value_string" or "value_strings"),
        "ConstantOfShape" => node.Attribute.FirstOrDefault(static a => a.Name == "value")?.T is not { } value
            || IsOther((DataType)value.DataType),
        "RandomNormal" or "RandomUniform" => true,
        _ => GivesOthers.Contains(node.OpType)
            || (GivesTheFirst.Contains(node.OpType) && IsOther(node, 0))
            || (GivesWhatItTakes.Contains(node.OpType) && node.Input.Any(_others.Contains)),
    };

    private bool IsOther(NodeProto node, int input) => node.Input.Count > input && _others.Contains(node.Input[input]);

    private bool IsWide(NodeProto node) => node.OpType switch
    {
        "Shape" or "Size" or "ArgMax" or "ArgMin" or "NonZero" => true,
        "Cast" => Number(node, "to") == (long)DataType.Int64,
        _ => (GivesTheFirst.Contains(node.OpType) && node.Input.Count > 0 && _wide.Contains(node.Input[0]))
            || (GivesWhatItTakes.Contains(node.OpType) && node.Input.Any(_wide.Contains)),
    };

    private double? BoundOf(NodeProto node)
    {
        double? bound = node.OpType switch
        {
            "Shape" => node.Input.Count > 0 && _inputs.Contains(node.Input[0]) ? LargestSide : long.MaxValue,
            "Size" => node.Input.Count > 0 && _inputs.Contains(node.Input[0]) ? LargestInput : long.MaxValue,
            "ArgMax" or "ArgMin" or "NonZero" => long.MaxValue,
            "Cast" => Number(node, "to") switch
            {
                (long)DataType.Int64 => BoundOf(node, 0),
                (long)DataType.Int32 => BoundOf(node, 0) is { } value and <= int.MaxValue ? value : null,
                _ => null,
            },
            "Concat" or "Max" or "Min" => Together(node, Math.Max),
            "Add" => Together(node, static (a, b) => a + b),
            "Mul" => Together(node, static (a, b) => a * b),
            "Div" or "Mod" => Together(node, Math.Max),
            _ => Moves.Contains(node.OpType) ? BoundOf(node, 0) : null,
        };

        // What is larger wraps round, and may be negative then. Where all are sizes of 64 bits, so is what is made of them.
        return node.OpType is "Add" or "Mul" && bound >= (node.Input.All(_wide.Contains) ? long.MaxValue : int.MaxValue) ? null : bound;
    }

    private double? Together(NodeProto node, Func<double, double, double> join)
    {
        double? all = null;
        foreach (string input in node.Input)
        {
            if (BoundOf(input) is not { } one)
            {
                return null;
            }

            all = all is { } before ? join(before, one) : one;
        }

        return all;
    }

    private double? BoundOf(NodeProto node, int input) => node.Input.Count > input ? BoundOf(node.Input[input]) : null;

    private double? BoundOf(string name) =>
        _bounds.TryGetValue(name, out double bound) ? bound
        : _constants.TryGetValue(name, out TensorProto? constant)
            && Numbers(constant) is { } numbers
            && numbers.All(static number => number >= 0)
            ? numbers.Append(0).Max()
        : null;

    private void Remember(string name, TensorProto tensor)
    {
        _constants[name] = tensor;
        if (IsOther((DataType)tensor.DataType))
        {
            _others.Add(name);
        }
        else if ((DataType)tensor.DataType == DataType.Int64)
        {
            _wide.Add(name);
        }
    }

    private void Forget(string name)
    {
        _others.Remove(name);
        _constants.Remove(name);
        _bounds.Remove(name);
        _wide.Remove(name);
        _inputs.Remove(name);
    }

    // The numbers of a tensor of 32 or 64-bit signed integers, null where it is another or keeps them elsewhere.
    private static IReadOnlyList<long>? Numbers(TensorProto tensor) =>
        tensor.ExternalData.Count > 0 ? null
        : (DataType)tensor.DataType switch
        {
            DataType.Int64 => tensor.HasRawData ? MemoryMarshal.Cast<byte, long>(tensor.RawData.Span).ToArray() : tensor.Int64Data,
            DataType.Int32 => tensor.HasRawData
                ? Array.ConvertAll(MemoryMarshal.Cast<byte, int>(tensor.RawData.Span).ToArray(), static number => (long)number)
                : [.. tensor.Int32Data],
            _ => null,
        };

    private static TensorProto? Constant(NodeProto node)
    {
        if (node.OpType != "Constant" || node.Attribute is not [{ } value])
        {
            return null;
        }

        switch (value.Name)
        {
            case "value":
                return value.T;
            case "value_int":
                return new TensorProto { DataType = (int)DataType.Int64, Int64Data = { value.I } };
            case "value_ints":
                return new TensorProto { DataType = (int)DataType.Int64, Int64Data = { value.Ints } };
            default:
                return null;
        }
    }

    private static long? Number(NodeProto node, string attribute) =>
        node.Attribute.FirstOrDefault(candidate => candidate.Name == attribute)?.I;
}
