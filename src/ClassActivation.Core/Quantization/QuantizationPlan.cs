using ClassActivation.Networks;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;

namespace ClassActivation.Quantization;

/// <summary>
/// Which of a network's nodes compute in 8 bits, and which values are held in 8 bits for them: all convolutions but one
/// whose output is an output of the network; the sums of their outputs; maximum pooling between them. What leads to the
/// network's outputs stays float32, as does what computes with one value a channel (squeeze and excitation).
/// </summary>
internal sealed class QuantizationPlan
{
    private const long OldestOperatorSet = 13;

    private readonly OnnxModelFile _file;
    private readonly Dictionary<string, NodeProto> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<NodeProto>> _consumers = new(StringComparer.Ordinal);
    private readonly HashSet<NodeProto> _quantized = [];
    private readonly HashSet<string> _bytes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _means = new(StringComparer.Ordinal);
    private readonly List<string> _calibrated = [];
    private readonly FloatParts _kept;

    private QuantizationPlan(OnnxModelFile file, FloatParts kept)
    {
        _file = file;
        _kept = kept;
        Nodes = ZeroPadding.MergeIntoPooling(file.Model.Graph);
        foreach (NodeProto node in Nodes)
        {
            foreach (string output in node.Output)
            {
                _producers[output] = node;
            }

            foreach (string input in node.Input)
            {
                (_consumers.TryGetValue(input, out List<NodeProto>? nodes) ? nodes : _consumers[input] = []).Add(node);
            }
        }

        foreach (NodeProto node in Nodes)
        {
            if (IsOfMeans(node))
            {
                _means.UnionWith(node.Output);
            }

            Plan(node);
        }
    }

    /// <summary>The network's nodes in topological order.</summary>
    public IReadOnlyList<NodeProto> Nodes { get; }

    /// <summary>The tensors that need a range.</summary>
    public IReadOnlyList<string> Calibrated => _calibrated;

    /// <summary>Makes the plan for a network.</summary>
    /// <param name="file">The network.</param>
    /// <param name="kept">What stays float32 besides what always does.</param>
    /// <exception cref="QuantizationException">Nothing of it can be computed in 8 bits.</exception>
    public static QuantizationPlan Create(OnnxModelFile file, FloatParts kept = FloatParts.None)
    {
        if (new CamModelInfo(file).IsQuantized)
        {
            throw new QuantizationException(
                $"'{file.FilePath}' is an 8-bit network already; name the float32 network that it was made from.");
        }

        long operatorSet = file.Model.OpsetImport.FirstOrDefault(static set => set.Domain.Length == 0)?.Version ?? 0;
        if (operatorSet < OldestOperatorSet)
        {
            throw new QuantizationException(
                $"'{file.FilePath}' is written for ONNX operator set {operatorSet}; 8-bit weights with a scale for each channel need"
                + $" {OldestOperatorSet} or later. Export it again.");
        }

        return TryCreate(file, kept) ?? throw new QuantizationException(
            $"'{file.FilePath}' has no convolution that can be computed in 8 bits: each needs constant float32 weights, and the last one"
            + " before 'activations' stays float32.");
    }

    /// <summary>
    /// Makes the plan for a network that is known to be a float32 one; null where nothing of it can be computed in 8 bits.
    /// </summary>
    public static QuantizationPlan? TryCreate(OnnxModelFile file, FloatParts kept)
    {
        var plan = new QuantizationPlan(file, kept);
        return plan.Nodes.Any(plan.IsConvolution) ? plan : null;
    }

    /// <summary>Whether a node computes in 8 bits.</summary>
    public bool IsQuantized(NodeProto node) => _quantized.Contains(node);

    /// <summary>Whether a node is a convolution that computes in 8 bits.</summary>
    public bool IsConvolution(NodeProto node) => node.OpType == "Conv" && IsQuantized(node);

    /// <summary>Whether a value exists in 8 bits only, so that whoever needs it takes it from there.</summary>
    public bool IsBytes(string value) => _bytes.Contains(value);

    /// <summary>Whether a tensor is the input of a convolution, whose channel means are needed.</summary>
    public bool IsConvolutionInput(string value) =>
        _consumers.GetValueOrDefault(value, []).Any(node => IsConvolution(node) && node.Input[0] == value);

    /// <summary>The tensor whose range a value has: its own, or where it was pooled, that of the pooling's input.</summary>
    public string RangeOf(string value) =>
        IsBytes(value) && _producers[value] is { OpType: "MaxPool" } pooling ? RangeOf(pooling.Input[0]) : value;

    private void Plan(NodeProto node)
    {
        string result = Activated(node);
        bool isOutput = _file.Model.Graph.Output.Any(output => output.Name == result || output.Name == node.Output[0]);
        bool isQuantized = !isOutput && node.OpType switch
        {
            "Conv" => IsFloat(node.Input[1]) && (node.Input.Count < 3 || IsFloat(node.Input[2])) && !IsKept(node, result),
            "Add" => node.Input.All(IsBytes),
            "MaxPool" => node.Output.Count == 1 && IsBytes(node.Input[0]),
            _ => false,
        };
        if (!isQuantized)
        {
            return;
        }

        _quantized.Add(node);
        foreach (string value in node.OpType == "Conv" ? [node.Input[0], result] : new[] { result })
        {
            if (!_calibrated.Contains(value))
            {
                _calibrated.Add(value);
            }
        }

        _bytes.Add(result);
    }

    // A product for each channel costs nothing, and gates all of the channel's values.
    private bool IsKept(NodeProto convolution, string result) => _means.Contains(convolution.Input[0])
        || (_kept >= FloatParts.Depthwise && IsDepthwise(convolution))
        || (
            _kept >= FloatParts.CurvedActivations
                && !_consumers.GetValueOrDefault(result, []).Exists(static node => node.OpType is "Conv" or "Add" or "MaxPool"));

    private bool IsDepthwise(NodeProto convolution) =>
        convolution.Attribute.FirstOrDefault(static attribute => attribute.Name == "group")?.I > 1
        && _file.Dimensions(convolution.Input[1]) is [_, 1, ..];

    /// <summary>Whether a node computes with one value a channel, as squeeze and excitation does.</summary>
    private bool IsOfMeans(NodeProto node)
    {
        string[] values = [.. node.Input.Where(input => input.Length > 0 && !_file.Initializers.Contains(input))];
        return node.OpType is "GlobalAveragePool" or "ReduceMean" || (values.Length > 0 && Array.TrueForAll(values, _means.Contains));
    }

    /// <summary>The output of a node after the activation that clamping to 8 bits can do on the way.</summary>
    private string Activated(NodeProto node)
    {
        string output = node.Output[0];
        return node.OpType != "MaxPool" && _consumers.GetValueOrDefault(output) is [{ OpType: "Relu" or "Clip" } activation]
            ? activation.Output[0]
            : output;
    }

    private bool IsFloat(string name) =>
        _file.Model.Graph.Initializer.FirstOrDefault(tensor => tensor.Name == name)?.DataType == (int)TensorProto.Types.DataType.Float;
}
