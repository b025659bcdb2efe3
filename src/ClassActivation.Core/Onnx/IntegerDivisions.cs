using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ClassActivation.Onnx.Schema;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;

namespace ClassActivation.Onnx;

/// <summary>
/// Finds the divisions of integers that may end the process: the processor's own instruction traps on a division by zero,
/// and on that of the smallest number by −1, and the runtime does not look before. It happens while a session is made
/// too, where the runtime computes constants.
/// </summary>
internal static class IntegerDivisions
{
    private static readonly HashSet<string> GivesInt64 = new(StringComparer.Ordinal) { "Shape", "Size", "NonZero", "ArgMax", "ArgMin", "StringSplit", "Unique" };

    // What these make of sizes is a size: nothing among them gives a negative number.
    private static readonly HashSet<string> KeepsSizes = new(StringComparer.Ordinal)
    {
        "Gather", "Slice", "Squeeze", "Unsqueeze", "Concat", "Cast", "Mul", "Add", "Max", "Identity", "Reshape", "ReduceProd", "Div", "Expand", "Flatten", "Floor", "Ceil",
    };

    /// <summary>The first node that divides integers by what is not known to be neither 0 nor −1; null where there is none.</summary>
    public static NodeProto? Find(GraphProto graph) => Find(graph, new Dictionary<string, DataType>(StringComparer.Ordinal), new Dictionary<string, TensorProto>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));

    private static NodeProto? Find(GraphProto graph, Dictionary<string, DataType> outerTypes, Dictionary<string, TensorProto> outerConstants, HashSet<string> outerSizes)
    {
        // A part of a graph sees the values around it.
        var types = new Dictionary<string, DataType>(outerTypes, StringComparer.Ordinal);
        var constants = new Dictionary<string, TensorProto>(outerConstants, StringComparer.Ordinal);
        var sizes = new HashSet<string>(outerSizes, StringComparer.Ordinal);
        foreach (ValueInfoProto value in graph.Input)
        {
            constants.Remove(value.Name);
            if (value.Type?.TensorType is { HasElemType: true } tensor)
            {
                types[value.Name] = (DataType)tensor.ElemType;
            }
        }

        foreach (TensorProto tensor in graph.Initializer)
        {
            types[tensor.Name] = (DataType)tensor.DataType;
            // What is an input too may be replaced by whoever runs the network; here nobody does.
            constants[tensor.Name] = tensor;
        }

        foreach (NodeProto node in graph.Node)
        {
            if (node.OpType is "Div" or "Mod" && node.Input.Count > 1 && MayTrap(node, types, constants, sizes))
            {
                return node;
            }

            foreach (GraphProto part in node.Attribute.SelectMany(static attribute => attribute.G is null ? attribute.Graphs : attribute.Graphs.Prepend(attribute.G)))
            {
                if (Find(part, types, constants, sizes) is { } inside)
                {
                    return inside;
                }
            }

            FollowSizes(node, constants, sizes);
            Follow(node, types, constants);
        }

        return null;
    }

    private static bool MayTrap(NodeProto node, Dictionary<string, DataType> types, Dictionary<string, TensorProto> constants, HashSet<string> sizes)
    {
        DataType? type = TypeOf(node.Input[1], types) ?? TypeOf(node.Input[0], types);
        if (type is not (DataType.Int8 or DataType.Int16 or DataType.Int32 or DataType.Int64 or DataType.Uint8 or DataType.Uint16 or DataType.Uint32 or DataType.Uint64))
        {
            return false;
        }

        return constants.TryGetValue(node.Input[1], out TensorProto? divisor) ? !IsHarmless(divisor) : !sizes.Contains(node.Input[1]);
    }

    // A size is 0 for a value of no elements only, which no network of images has.
    private static void FollowSizes(NodeProto node, Dictionary<string, TensorProto> constants, HashSet<string> sizes)
    {
        bool isSize = node.OpType is "Shape" or "Size" || (KeepsSizes.Contains(node.OpType) && node.Input.Count > 0 && IsSize(node.Input[0])
            && (node.OpType is not ("Concat" or "Mul" or "Add" or "Max" or "Div") || node.Input.All(IsSize)));
        foreach (string output in node.Output)
        {
            if (isSize)
            {
                sizes.Add(output);
            }
            else
            {
                sizes.Remove(output);
            }
        }

        bool IsSize(string input) => sizes.Contains(input) || (constants.TryGetValue(input, out TensorProto? constant) && IsPositive(constant));
    }

    private static bool IsPositive(TensorProto constant) => IsHarmless(constant) && (DataType)constant.DataType switch
    {
        DataType.Int64 => constant.Int64Data.All(static value => value > 0) && Longs(constant).All(static value => value > 0),
        DataType.Float => constant.FloatData.All(static value => value > 0)
            && MemoryMarshal.Cast<byte, float>(constant.RawData.Span).ToArray().All(static value => value > 0),
        _ => false,
    };

    private static long[] Longs(TensorProto constant) => MemoryMarshal.Cast<byte, long>(constant.RawData.Span).ToArray();

    private static DataType? TypeOf(string name, Dictionary<string, DataType> types) => types.TryGetValue(name, out DataType type) ? type : null;

    private static bool IsHarmless(TensorProto divisor)
    {
        if (divisor.ExternalData.Count > 0)
        {
            return false;
        }

        ReadOnlySpan<byte> raw = divisor.RawData.Span;
        int size = (DataType)divisor.DataType switch
        {
            DataType.Int64 or DataType.Uint64 => 8,
            DataType.Int32 or DataType.Uint32 => 4,
            DataType.Int16 or DataType.Uint16 => 2,
            _ => 1,
        };
        for (int i = 0; i + size <= raw.Length; i += size)
        {
            long value = size switch
            {
                8 => BinaryPrimitives.ReadInt64LittleEndian(raw[i..]),
                4 => BinaryPrimitives.ReadInt32LittleEndian(raw[i..]),
                2 => BinaryPrimitives.ReadInt16LittleEndian(raw[i..]),
                _ => (sbyte)raw[i],
            };
            if (value is 0 or -1)
            {
                return false;
            }
        }

        return !divisor.Int32Data.Any(static value => value is 0 or -1)
            && !divisor.Int64Data.Any(static value => value is 0 or -1)
            && !divisor.Uint64Data.Contains(0);
    }

    // Most operators give what they are given; those that do not are listed.
    private static void Follow(NodeProto node, Dictionary<string, DataType> types, Dictionary<string, TensorProto> constants)
    {
        DataType? type = node.OpType switch
        {
            "Cast" or "EyeLike" or "RandomNormal" or "RandomUniform" or "Multinomial" or "Bernoulli" or "QuantizeLinear" =>
                Number(node, node.OpType == "Cast" ? "to" : node.OpType == "QuantizeLinear" ? "output_dtype" : "dtype"),
            "Constant" => node.Attribute.FirstOrDefault(static attribute => attribute.Name is "value" or "value_int" or "value_ints" or "value_float" or "value_floats") switch
            {
                { Name: "value", T: { } tensor } => (DataType)tensor.DataType,
                { Name: "value_int" or "value_ints" } => DataType.Int64,
                { Name: "value_float" or "value_floats" } => DataType.Float,
                _ => null,
            },
            "ConstantOfShape" => node.Attribute.FirstOrDefault(static attribute => attribute.Name == "value")?.T is { } filling ? (DataType)filling.DataType : DataType.Float,
            "DequantizeLinear" or "CastLike" or "Where" or "OneHot" => null,
            "Equal" or "Greater" or "GreaterOrEqual" or "Less" or "LessOrEqual" or "And" or "Or" or "Not" or "Xor" or "IsNaN" or "IsInf" => DataType.Bool,
            "MatMulInteger" or "ConvInteger" => DataType.Int32,
            _ when GivesInt64.Contains(node.OpType) => DataType.Int64,
            _ => node.Input.Select(input => TypeOf(input, types)).FirstOrDefault(static input => input is not null),
        };
        int source = node.OpType switch { "CastLike" or "Where" or "DequantizeLinear" => 1, "OneHot" => 2, _ => -1 };
        if (source > 0 && node.Input.Count > source)
        {
            type = TypeOf(node.Input[source], types);
        }

        foreach (string output in node.Output)
        {
            constants.Remove(output);
            types.Remove(output);
            if (type is { } known)
            {
                types[output] = known;
            }
        }

        if (node.OpType == "TopK" && node.Output.Count > 1)
        {
            types[node.Output[1]] = DataType.Int64;
        }

        if (node.OpType == "Constant" && node.Output.Count > 0)
        {
            AttributeProto? value = node.Attribute.FirstOrDefault(static attribute => attribute.Name is "value" or "value_int" or "value_ints");
            if (value is { Name: "value", T: { } tensor })
            {
                constants[node.Output[0]] = tensor;
            }
            else if (value is not null)
            {
                var numbers = new TensorProto { DataType = (int)DataType.Int64 };
                numbers.Int64Data.AddRange(value.Name == "value_int" ? [value.I] : value.Ints);
                constants[node.Output[0]] = numbers;
            }
        }
    }

    private static DataType? Number(NodeProto node, string attribute) =>
        node.Attribute.FirstOrDefault(candidate => candidate.Name == attribute) is { } found ? (DataType)found.I : null;
}
