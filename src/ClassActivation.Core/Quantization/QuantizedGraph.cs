using System.Globalization;
using ClassActivation.Networks;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;

namespace ClassActivation.Quantization;

/// <summary>Writes a network's nodes with quantization and dequantization around those that compute in 8 bits.</summary>
internal sealed class QuantizedGraph : IDisposable
{
    private readonly OnnxModelFile _source;
    private readonly QuantizationPlan _plan;
    private readonly ActivationRanges _ranges;
    private readonly int _weightBits;
    private readonly OnnxModelWriter _writer;
    private readonly ModelProto _model;
    private readonly HashSet<string> _copied = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _dequantized = new(StringComparer.Ordinal);

    public QuantizedGraph(OnnxModelFile source, QuantizationPlan plan, ActivationRanges ranges, string destinationPath, int weightBits)
    {
        _source = source;
        _plan = plan;
        _ranges = ranges;
        _weightBits = weightBits;
        _writer = new OnnxModelWriter(destinationPath);
        _model = source.Model.Clone();
        _model.Graph.Node.Clear();
        _model.Graph.Initializer.Clear();
        _model.Graph.ValueInfo.Clear();
    }

    /// <summary>Adds a node of the source, in 8 bits where the plan says so.</summary>
    public void Add(NodeProto node)
    {
        NodeProto copy = node.Clone();
        if (_plan.IsConvolution(node))
        {
            AddConvolution(node, copy);
        }
        else
        {
            for (int i = 0; i < copy.Input.Count; i++)
            {
                copy.Input[i] = _plan.IsBytes(copy.Input[i]) ? Dequantized(copy.Input[i]) : CopyInitializer(copy.Input[i]);
            }
        }

        _model.Graph.Node.Add(copy);
    }

    /// <summary>Writes the files.</summary>
    /// <returns>The size of both in bytes.</returns>
    public long Save(string name)
    {
        SetMetadata("name", name);
        SetMetadata(NetworkContract.Keys.Precision, ModelQuantizer.Precision);
        SetMetadata(NetworkContract.Keys.WeightBits, _weightBits.ToString(CultureInfo.InvariantCulture));
        return _writer.Commit(_model);
    }

    public void Dispose() => _writer.Dispose();

    private void AddConvolution(NodeProto node, NodeProto copy)
    {
        OnnxTensor weights = _source.ReadInitializer(node.Input[1]);
        float[] biases = node.Input.Count > 2 ? _source.ReadInitializer(node.Input[2]).Data : new float[weights.Dims[0]];
        int groups = (int)(node.Attribute.FirstOrDefault(static attribute => attribute.Name == "group")?.I ?? 1);
        ActivationRange own = Range(node.Input[0]);
        if (own.ChannelMeans.Count != weights.Dims[1] * groups)
        {
            throw new QuantizationException(
                $"The ranges have {own.ChannelMeans.Count} channel means for the tensor '{node.Input[0]}' of '{_source.FilePath}', which"
                + $" has {weights.Dims[1] * groups} channels; they are another network's. Calibrate again.");
        }

        ActivationRange steps = Range(_plan.RangeOf(node.Input[0]));
        var convolution = QuantizedConvolution.Create(weights, biases, groups, steps with { ChannelMeans = own.ChannelMeans }, _weightBits);
        long channels = weights.Dims[0];
        string name = node.Output[0];
        copy.Input.Clear();
        copy.Input.Add(Dequantized(node.Input[0]));
        copy.Input.Add(Dequantize<sbyte>(name + "/quantized_weight", convolution.Weights, [.. weights.Dims], convolution.WeightScales));
        copy.Input.Add(Dequantize<int>(name + "/quantized_bias", convolution.Biases, [channels], convolution.BiasScales));
    }

    /// <summary>A constant in whole numbers with a scale for each of its rows.</summary>
    private string Dequantize<T>(string name, ReadOnlySpan<T> values, ReadOnlySpan<long> dims, ReadOnlySpan<float> scales)
        where T : unmanaged
    {
        AddInitializer(name, values, dims);
        AddInitializer(name + "/scale", scales, scales.Length);
        NodeProto node = AddNode("DequantizeLinear", name + "/dequantized", name, name + "/scale");
        node.Attribute.Add(new AttributeProto { Name = "axis", Type = AttributeProto.Types.AttributeType.Int, I = 0 });
        return node.Output[0];
    }

    /// <summary>A value on its way through 8 bits.</summary>
    private string Dequantized(string value)
    {
        if (_dequantized.TryGetValue(value, out string? known))
        {
            return known;
        }

        ActivationRange range = Range(_plan.RangeOf(value));
        (string scale, string zeroPoint, string bytes) = (
            value + "/quantized/scale", value + "/quantized/zero_point", value + "/quantized");
        AddInitializer<float>(scale, [range.Scale]);
        AddInitializer<byte>(zeroPoint, [range.ZeroPoint]);
        AddNode("QuantizeLinear", bytes, value, scale, zeroPoint);
        return _dequantized[value] = AddNode("DequantizeLinear", value + "/dequantized", bytes, scale, zeroPoint).Output[0];
    }

    private ActivationRange Range(string tensor) => _ranges.Find(tensor) ?? throw new QuantizationException(
        $"The ranges say nothing of the tensor '{tensor}' of '{_source.FilePath}'; they are another network's. Calibrate again.");

    private string CopyInitializer(string name)
    {
        TensorProto? tensor = _source.Model.Graph.Initializer.FirstOrDefault(tensor => tensor.Name == name);
        if (tensor is not null && _copied.Add(name))
        {
            _model.Graph.Initializer.Add(
                tensor.DataLocation == TensorProto.Types.DataLocation.External
                    ? _writer.WriteTensor<float>(name, _source.ReadInitializer(name).Data, [.. tensor.Dims])
                    : tensor);
        }

        return name;
    }

    private void AddInitializer<T>(string name, ReadOnlySpan<T> values, params ReadOnlySpan<long> dims)
        where T : unmanaged =>
        _model.Graph.Initializer.Add(_writer.WriteTensor(name, values, dims));

    private NodeProto AddNode(string type, string output, params ReadOnlySpan<string> inputs)
    {
        var node = new NodeProto { OpType = type, Name = output };
        foreach (string input in inputs)
        {
            node.Input.Add(input);
        }

        node.Output.Add(output);
        _model.Graph.Node.Add(node);
        return node;
    }

    private void SetMetadata(string key, string value)
    {
        StringStringEntryProto? entry = _model.MetadataProps.FirstOrDefault(entry => entry.Key == key);
        if (entry is null)
        {
            _model.MetadataProps.Add(entry = new StringStringEntryProto { Key = key });
        }

        entry.Value = value;
    }
}
