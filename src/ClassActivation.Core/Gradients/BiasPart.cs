using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;

namespace ClassActivation.Gradients;

/// <summary>
/// What constants add to a score. Between a value A and a score that is made of it by piecewise linear operators alone,
/// score = Σ A ⊙ G + Σ b · ∂score/∂b over all biases b, with the gradients of the piece at hand.
/// </summary>
internal static class BiasPart
{
    /// <summary>Writes the sum over the biases.</summary>
    /// <param name="path">The nodes between the value and the score.</param>
    /// <param name="cotangentOf">The cotangent of a value; null where the score does not need it.</param>
    /// <param name="graph">The graph that is written to.</param>
    /// <param name="write">Writes to it.</param>
    /// <param name="carriesRows">Whether each row of cotangents has a sum of its own.</param>
    /// <returns>The value of the sums, one for each row; null where an operator is not piecewise linear.</returns>
    public static string? Write(
        IReadOnlyList<NodeProto> path, Func<string, string?> cotangentOf, OnnxGraph graph, GradientWriter write, bool carriesRows)
    {
        if (!path.All(node => IsPiecewiseLinear(node, graph)))
        {
            return null;
        }

        string? sum = null;
        foreach (NodeProto node in path)
        {
            if (Bias(node, graph, write) is { } bias && cotangentOf(node.Output[0]) is { } cotangent)
            {
                int rank = graph.TypeOf(node.Output[0])!.Dims!.Count;
                // Channels of feature maps share a bias: their cotangents are added before there is anything to multiply.
                string ofChannels = node.OpType == "Conv" ? write.Sum(cotangent, Enumerable.Range(2, rank - 2)) : cotangent;
                string part = write.Sum(write.Mul(ofChannels, bias), Enumerable.Range(carriesRows ? 1 : 0, carriesRows ? rank - 1 : rank));
                string flat = write.Reshape(part, -1);
                sum = sum is null ? flat : write.Add(sum, flat);
            }
        }

        return sum;
    }

    private static bool IsPiecewiseLinear(NodeProto node, OnnxGraph graph)
    {
        int computed = node.Input.Count(input => input.Length > 0 && !graph.IsConstant(input));
        return node.OpType switch
        {
            "Relu" or "LeakyRelu" or "MaxPool" or "AveragePool" or "GlobalAveragePool" or "GlobalMaxPool" or "Identity" or "Dropout"
                or "Flatten" or "Transpose" or "Concat" => computed == node.Input.Count(static input => input.Length > 0),
            "Reshape" or "Squeeze" or "Unsqueeze" or "Slice" or "Split" or "ReduceMean" or "ReduceSum" => computed == 1,
            "Gather" => computed == 1 && !graph.IsConstant(node.Input[0]),
            "Conv" or "Gemm" => computed == 1,
            "MatMul" or "Mul" => computed == 1,
            "Div" => computed == 1 && graph.IsConstant(node.Input[1]),
            "Add" or "Sub" => true,
            _ => false,
        };
    }

    private static string? Bias(NodeProto node, OnnxGraph graph, GradientWriter write) => node.OpType switch
    {
        "Conv" when node.OptionalInput(2) is { } bias => write.Reshape(
            bias, [1, -1, .. Enumerable.Repeat(1L, graph.TypeOf(node.Output[0])!.Dims!.Count - 2)]),
        "Gemm" when node.OptionalInput(2) is { } bias => write.Mul(bias, node.Number("beta", 1)),
        "Add" when Array.Find([.. node.Input], graph.IsConstant) is { } constant => constant,
        "Sub" when graph.IsConstant(node.Input[0]) => node.Input[0],
        "Sub" when graph.IsConstant(node.Input[1]) => write.Neg(node.Input[1]),
        _ => null,
    };
}
