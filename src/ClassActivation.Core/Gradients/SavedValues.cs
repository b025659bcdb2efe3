using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;

namespace ClassActivation.Gradients;

/// <summary>
/// Which values of a forward pass are worth keeping for the gradient: those that rules ask for and that only operators with weights
/// give, as every framework keeps them. With these at hand nothing is computed again but what is nearly free. Any choice is right: what
/// is needed and was not kept is computed anew.
/// </summary>
internal static class SavedValues
{
    /// <summary>Finds them.</summary>
    /// <param name="graph">A network.</param>
    /// <param name="feature">The value to differentiate by.</param>
    /// <param name="scores">The value to differentiate.</param>
    /// <returns>The names of values between both, in the order in which they are computed.</returns>
    public static IReadOnlyList<string> Of(OnnxGraph graph, string feature, string scores)
    {
        HashSet<string> dependents = graph.Dependents(feature);
        HashSet<NodeProto> path = NetworkGradient.PathOf(graph, scores, feature, dependents);
        NodeProto[] order = [.. graph.Nodes.Where(path.Contains)];
        HashSet<string> saved = new(StringComparer.Ordinal);
        HashSet<string> seen = new([feature], StringComparer.Ordinal);
        var left = new Stack<string>(order.SelectMany(node => Needed(graph, node)));
        while (left.TryPop(out string? value))
        {
            if (!seen.Add(value) || !dependents.Contains(value) || graph.Producer(value) is not { } producer)
            {
                continue;
            }

            if (HasWeights(graph, producer) || (producer.OpType == "Relu" && Follows(graph, producer, feature)))
            {
                saved.Add(value);
                continue;
            }

            foreach (string input in producer.Input)
            {
                left.Push(input);
            }
        }

        saved.Remove(scores);
        return [.. order.SelectMany(static node => node.Output).Where(saved.Contains)];
    }

    /// <summary>The values that the rule of a node asks for.</summary>
    private static string[] Needed(OnnxGraph graph, NodeProto node) => node.OpType switch
    {
        "Relu" or "Sigmoid" or "Tanh" or "Softmax" or "LogSoftmax" or "Exp" or "Sqrt" => [node.Output[0]],
        "Add" or "Sub" or "Neg" or "Identity" or "Dropout" or "Cast" or "Concat" or "Split" or "Slice" or "Reshape" or "Flatten"
            or "Squeeze"
            or "Unsqueeze" or "Transpose" or "Expand" or "Pad" or "Resize" or "Gather" or "AveragePool" or "GlobalAveragePool"
            or "ReduceMean" or "ReduceSum" or "BatchNormalization" => [],
        "Mul" or "Div" when node.Input.Any(graph.IsConstant) => [],
        _ when HasWeights(graph, node) => [],
        _ => [.. node.Input],
    };

    private static bool HasWeights(OnnxGraph graph, NodeProto node) =>
        node.OpType is "Conv" or "ConvTranspose" or "Gemm" or "MatMul"
        && graph.IsConstant(node.Input[1]) && graph.TypeOf(node.Input[1])?.ElementType == TensorProto.Types.DataType.Float;

    /// <summary>Whether a node follows operators with weights: its mask is then kept, and not what it was made of.</summary>
    private static bool Follows(OnnxGraph graph, NodeProto node, string feature) =>
        graph.NodesBetween([feature], node.Input).Any(before => HasWeights(graph, before));
}
