using ClassActivation.Onnx.Schema;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace ClassActivation.Onnx;

/// <summary>Builds an ONNX graph node by node, keeps names unique, and saves it through an <see cref="OnnxModelWriter"/>.</summary>
internal sealed class OnnxGraphBuilder : IDisposable
{
    /// <summary>The operator set the nodes are written for; ONNX Runtime has read it since version 1.12.</summary>
    public const int OperatorSet = 17;

    private const int IrVersion = 8;

    private readonly OnnxModelWriter _writer;
    private readonly GraphProto _graph;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<StringStringEntryProto> _metadata = [];

    public OnnxGraphBuilder(string modelPath, string graphName)
    {
        _writer = new OnnxModelWriter(modelPath);
        _graph = new GraphProto { Name = graphName };
    }

    /// <summary>Adds a graph input; a dimension is a long or a name.</summary>
    public string AddInput(string name, TensorProto.Types.DataType type, params ReadOnlySpan<object> dims)
    {
        _graph.Input.Add(ValueInfo(name, type, dims));
        _names.Add(name);
        return name;
    }

    /// <summary>Makes a value a graph output under the given name.</summary>
    public void AddOutput(string value, string name, TensorProto.Types.DataType type, params ReadOnlySpan<object> dims)
    {
        if (value != name && !_names.Add(name))
        {
            RenameAll(name, UniqueName(name));
        }

        RenameAll(value, name);
        _graph.Output.Add(ValueInfo(name, type, dims));
    }

    /// <summary>Adds a node with one output; an attribute is a long, float, string or long[].</summary>
    /// <returns>The name of the node's output.</returns>
    public string AddNode(
        string opType, string name, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        string unique = UniqueName(name);
        var node = new NodeProto { OpType = opType, Name = unique };
        foreach (string input in inputs)
        {
            node.Input.Add(input);
        }

        node.Output.Add(unique);
        foreach ((string key, object value) in attributes)
        {
            node.Attribute.Add(Attribute(key, value));
        }

        _graph.Node.Add(node);
        return unique;
    }

    /// <summary>Adds a constant tensor; no dims make a scalar.</summary>
    /// <returns>The tensor's name.</returns>
    public string AddInitializer<T>(string name, ReadOnlySpan<T> elements, params ReadOnlySpan<long> dims)
        where T : unmanaged
    {
        string unique = UniqueName(name);
        _graph.Initializer.Add(_writer.WriteTensor(unique, elements, dims));
        return unique;
    }

    public void AddMetadata(string key, string value) =>
        _metadata.Add(new StringStringEntryProto { Key = key, Value = value });

    /// <summary>Writes the model file and its data file.</summary>
    /// <returns>The size of both in bytes.</returns>
    public long Save()
    {
        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "ClassActivation", Graph = _graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = OperatorSet });
        model.MetadataProps.AddRange(_metadata);
        return _writer.Commit(model);
    }

    public void Dispose() => _writer.Dispose();

    private string UniqueName(string name)
    {
        string unique = name;
        for (int i = 2; !_names.Add(unique); i++)
        {
            unique = $"{name}_{i}";
        }

        return unique;
    }

    private void RenameAll(string from, string to)
    {
        foreach (NodeProto node in _graph.Node)
        {
            Rename(node.Input, from, to);
            Rename(node.Output, from, to);
        }
    }

    private static void Rename(RepeatedField<string> names, string from, string to)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i] == from)
            {
                names[i] = to;
            }
        }
    }

    private static AttributeProto Attribute(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case long number:
                attribute.Type = AttributeProto.Types.AttributeType.Int;
                attribute.I = number;
                break;
            case float number:
                attribute.Type = AttributeProto.Types.AttributeType.Float;
                attribute.F = number;
                break;
            case string text:
                attribute.Type = AttributeProto.Types.AttributeType.String;
                attribute.S = ByteString.CopyFromUtf8(text);
                break;
            case long[] numbers:
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                attribute.Ints.AddRange(numbers);
                break;
            default:
                throw new NotSupportedException($"Attributes of {value.GetType().Name} cannot be written.");
        }

        return attribute;
    }

    private static ValueInfoProto ValueInfo(string name, TensorProto.Types.DataType type, ReadOnlySpan<object> dims)
    {
        var shape = new TensorShapeProto();
        foreach (object dim in dims)
        {
            shape.Dim.Add(dim is string text
                ? new TensorShapeProto.Types.Dimension { DimParam = text }
                : new TensorShapeProto.Types.Dimension { DimValue = (long)dim });
        }

        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
