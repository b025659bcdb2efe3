using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;

namespace ClassActivation.Networks;

/// <summary>Finds the values of a graph that hold what a network's layers give.</summary>
internal static class LayerValues
{
    private static readonly Dictionary<string, string> OperatorOfType = new(StringComparer.Ordinal)
    {
        ["Conv2D"] = "Conv",
        ["DepthwiseConv2D"] = "Conv",
        ["Add"] = "Add",
        ["Multiply"] = "Mul",
        ["Concatenate"] = "Concat",
        ["MaxPooling2D"] = "MaxPool",
        ["AveragePooling2D"] = "AveragePool",
        ["ZeroPadding2D"] = "Pad",
        ["BatchNormalization"] = "BatchNormalization",
        ["Activation"] = "Relu",
        ["ReLU"] = "Relu",
    };

    /// <summary>The value of each layer that has one of its own.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="layers">Its table of layers, in its order.</param>
    /// <returns>The names of values by the names of layers.</returns>
    public static IReadOnlyDictionary<string, string> Of(OnnxGraph graph, IReadOnlyList<LayerSummary> layers)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (LayerSummary layer in layers.Where(layer => graph.Producer(layer.Name) is not null))
        {
            values[layer.Name] = layer.Name;
        }

        // Where layers are shown by other names than the graph's, they stand in the same order with the same connections.
        return values.Count * 2 > layers.Count ? values : Aligned(graph, layers);
    }

    private static Dictionary<string, string> Aligned(OnnxGraph graph, IReadOnlyList<LayerSummary> layers)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        HashSet<NodeProto> taken = new(ReferenceEqualityComparer.Instance);
        HashSet<string> passedOn = new(StringComparer.Ordinal);
        foreach (LayerSummary layer in layers)
        {
            if (layer.Type == "InputLayer")
            {
                values[layer.Name] = NetworkInputOf(graph);
                passedOn.Add(layer.Name);
                continue;
            }

            string[] inputs = [.. layer.Inputs.Select(input => values.GetValueOrDefault(input, ""))];
            NodeProto? node = !OperatorOfType.TryGetValue(layer.Type, out string? opType) ? null : graph.Nodes.FirstOrDefault(candidate =>
                candidate.OpType == opType && !taken.Contains(candidate)
                && ComputedInputs(graph, candidate).SequenceEqual(inputs) && HasParameters(graph, candidate, layer));
            if (node is not null)
            {
                taken.Add(node);
                values[layer.Name] = node.Output[0];
            }
            else if (layer.Type is "BatchNormalization" or "ZeroPadding2D" or "Dropout" && inputs is [{ Length: > 0 } input])
            {
                // Joined to the convolution before or behind it.
                values[layer.Name] = input;
                passedOn.Add(layer.Type == "BatchNormalization" ? layer.Inputs[0] : layer.Name);
            }
        }

        foreach (string name in passedOn)
        {
            values.Remove(name);
        }

        return values;
    }

    // A normalisation that was joined to a convolution has parameters of its own, so that only weights tell them apart.
    private static bool HasParameters(OnnxGraph graph, NodeProto node, LayerSummary layer) =>
        node.OpType != "Conv" || graph.TypeOf(WithoutQuantization(graph, node.Input[1]))?.Dims is not { Count: 4 } dims
        || IsOneOf(layer.Parameters - dims.Aggregate(1L, static (product, dim) => product * dim), 0, dims[0]);

    private static bool IsOneOf(long value, long one, long other) => value == one || value == other;

    private static IEnumerable<string> ComputedInputs(OnnxGraph graph, NodeProto node) => node.Input
        .Where(static input => input.Length > 0)
        .Select(input => WithoutQuantization(graph, input))
        .Where(input => !graph.IsConstant(input));

    private static string WithoutQuantization(OnnxGraph graph, string value)
    {
        while (graph.Producer(value) is { OpType: "QuantizeLinear" or "DequantizeLinear" } node)
        {
            value = node.Input[0];
        }

        return value;
    }

    /// <summary>The value of the pixels, after what is done to each of them by itself.</summary>
    public static string NetworkInputOf(OnnxGraph graph)
    {
        string value = NetworkContract.Image;
        while (graph.Consumers(value) is [
            {
                OpType: "Transpose" or "Cast" or "Sub" or "Mul" or "Gather" or "Add" or "Div"
            or "QuantizeLinear" or "DequantizeLinear"
            } only])
        {
            value = only.Output[0];
        }

        return WithoutQuantization(graph, value);
    }
}
