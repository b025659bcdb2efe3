using ClassActivation.Onnx.Schema;
using Google.Protobuf;
using AttributeType = ClassActivation.Onnx.Schema.AttributeProto.Types.AttributeType;

namespace ClassActivation.Onnx;

/// <summary>Reads and writes the attributes of a node.</summary>
internal static class OnnxAttributes
{
    public static bool Has(this NodeProto node, string name) => Find(node, name) is not null;

    public static long Integer(this NodeProto node, string name, long otherwise) => Find(node, name)?.I ?? otherwise;

    public static float Number(this NodeProto node, string name, float otherwise) => Find(node, name)?.F ?? otherwise;

    public static string Text(this NodeProto node, string name, string otherwise) => Find(node, name)?.S.ToStringUtf8() ?? otherwise;

    /// <summary>A list of integers; null where the node does not have it.</summary>
    public static long[]? Integers(this NodeProto node, string name) => Find(node, name) is { } attribute ? [.. attribute.Ints] : null;

    /// <summary>A list of integers, or as many of one value.</summary>
    public static long[] Integers(this NodeProto node, string name, int count, long otherwise) =>
        Find(node, name) is { Ints.Count: > 0 } attribute ? [.. attribute.Ints] : [.. Enumerable.Repeat(otherwise, count)];

    public static float[]? Numbers(this NodeProto node, string name) => Find(node, name) is { } attribute ? [.. attribute.Floats] : null;

    /// <summary>The name of an input; null where the node leaves it out.</summary>
    public static string? OptionalInput(this NodeProto node, int index) =>
        index < node.Input.Count && node.Input[index].Length > 0 ? node.Input[index] : null;

    /// <summary>Takes an attribute away.</summary>
    /// <returns>What it was; null where the node did not have it.</returns>
    public static AttributeProto? Remove(this NodeProto node, string name)
    {
        AttributeProto? attribute = Find(node, name);
        if (attribute is not null)
        {
            node.Attribute.Remove(attribute);
        }

        return attribute;
    }

    /// <summary>Sets an attribute: a long, an int, a float, a string, long[], float[] or a tensor.</summary>
    public static void Set(this NodeProto node, string name, object value)
    {
        node.Remove(name);
        node.Attribute.Add(Create(name, value));
    }

    public static AttributeProto Create(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case int or long:
                attribute.Type = AttributeType.Int;
                attribute.I = Convert.ToInt64(value, null);
                break;
            case float number:
                attribute.Type = AttributeType.Float;
                attribute.F = number;
                break;
            case string text:
                attribute.Type = AttributeType.String;
                attribute.S = ByteString.CopyFromUtf8(text);
                break;
            case long[] numbers:
                attribute.Type = AttributeType.Ints;
                attribute.Ints.AddRange(numbers);
                break;
            case float[] numbers:
                attribute.Type = AttributeType.Floats;
                attribute.Floats.AddRange(numbers);
                break;
            case TensorProto tensor:
                attribute.Type = AttributeType.Tensor;
                attribute.T = tensor;
                break;
            default:
                throw new NotSupportedException($"Attributes of {value.GetType().Name} cannot be written.");
        }

        return attribute;
    }

    /// <summary>The graphs inside a node, such as the branches of an If.</summary>
    public static IEnumerable<GraphProto> Graphs(this NodeProto node)
    {
        foreach (AttributeProto attribute in node.Attribute)
        {
            if (attribute.G is not null)
            {
                yield return attribute.G;
            }

            foreach (GraphProto graph in attribute.Graphs)
            {
                yield return graph;
            }
        }
    }

    private static AttributeProto? Find(NodeProto node, string name)
    {
        foreach (AttributeProto attribute in node.Attribute)
        {
            if (attribute.Name == name)
            {
                return attribute;
            }
        }

        return null;
    }
}
