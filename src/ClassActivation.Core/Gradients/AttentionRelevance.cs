using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;

namespace ClassActivation.Gradients;

/// <summary>
/// What the attention of each block of a vision transformer adds to a score, written as nodes of its graph (Bousselham et al. 2024,
/// "LeGrad: An Explainability Method for Vision Transformers via Feature Formation Sensitivity"): the mean of a block's tokens goes
/// through the network's own head, and the gradient of the score of that in the block's attention probabilities is cut at zero and
/// averaged over heads, queries and blocks. What is left is a number for each token that was attended to.
/// </summary>
internal static class AttentionRelevance
{
    /// <summary>Writes it.</summary>
    /// <param name="prepared">
    /// A network from its tokens to its scores, with the types of its values stated, as <see cref="GraphPreparation"/> makes it; it
    /// stays as it is.
    /// </param>
    /// <param name="tokens">The value of the tokens: an input.</param>
    /// <param name="scores">The value of the scores, 1 × classes.</param>
    /// <param name="saved">Values between both that the forward pass keeps, see <see cref="SavedValues"/>; they become inputs.</param>
    /// <returns>
    /// A graph with the further input <see cref="NetworkGradient.CotangentName"/> whose output
    /// <see cref="NetworkGradient.GradientName"/> has the tokens' dimensions, with the same number in all channels.
    /// </returns>
    /// <exception cref="GradientException">It has no blocks in which each token attends to all, or an operator has no rule.</exception>
    public static OnnxGraph Write(OnnxGraph prepared, string tokens, string scores, IReadOnlyList<string> saved)
    {
        OnnxGraph graph = NetworkGradient.Raised(prepared);
        List<(string Probabilities, string Output)> blocks = BlocksOf(graph, tokens, scores);
        if (blocks.Count == 0)
        {
            throw new GradientException("It has no blocks in which each token attends to all others.");
        }

        graph.AddInput(NetworkGradient.CotangentName, graph.TypeOf(scores)!);
        NodeProto[] head = [.. graph.Nodes.Where(graph.NodesBetween([blocks[^1].Output], [scores]).Contains)];
        string[] heads = [.. blocks.Select((block, i) => ScoresOfMean(graph, head, block.Output, blocks[^1].Output, scores, i))];
        var write = new GradientWriter(graph);
        string? sum = null;
        foreach (((string probabilities, string _), string own) in blocks.Zip(heads))
        {
            HashSet<string> dependents = graph.Dependents(probabilities);
            var pass = new BackwardPass(
                graph, NetworkGradient.PathOf(graph, own, probabilities, dependents), dependents, copiesWeights: false);
            string gradient = write.Op("Relu", [pass.Gradient(probabilities, own, NetworkGradient.CotangentName).Value]);
            string mean = write.Mean(gradient, Enumerable.Range(0, graph.TypeOf(probabilities)!.Dims!.Count - 1));
            sum = sum is null ? mean : write.Add(sum, mean);
        }

        OnnxValueType type = graph.TypeOf(tokens)!;
        long[] alone = [.. type.Dims!.Select((size, axis) => axis == TokenAxis(type) ? size : 1)];
        string relevance = write.Expand(write.Reshape(write.Mul(sum!, 1.0 / blocks.Count), alone), [.. type.Dims!]);
        var named = new NodeProto { OpType = "Identity", Name = NetworkGradient.GradientName };
        named.Input.Add(relevance);
        named.Output.Add(NetworkGradient.GradientName);
        graph.Append(named);
        graph.SetType(NetworkGradient.GradientName, type);
        return graph.Extract([tokens, .. saved, NetworkGradient.CotangentName], [NetworkGradient.GradientName]);
    }

    /// <summary>
    /// The attention probabilities of each block, and what the block gives: the last sum that all behind it follows from.
    /// </summary>
    private static List<(string Probabilities, string Output)> BlocksOf(OnnxGraph graph, string tokens, string scores)
    {
        OnnxValueType type = graph.TypeOf(tokens)!;
        long count = type.Dims!.Count == 3 ? type.Dims[TokenAxis(type)] : -1;
        var blocks = new List<(string Probabilities, string Output)>();
        string? probabilities = null;
        string? output = null;
        foreach (NodeProto node in graph.Nodes.Where(graph.NodesBetween([tokens], [scores]).Contains))
        {
            if (node.OpType == "Softmax"
                && graph.TypeOf(node.Output[0])?.Dims is [.., var queries, var keys]
                && queries == count
                && keys == count)
            {
                Close();
                probabilities = node.Output[0];
            }
            else if (probabilities is not null && node.OpType == "Add" && !node.Input.Any(graph.IsConstant)
                && graph.TypeOf(node.Output[0])!.Dims!.SequenceEqual(type.Dims)
                && NetworkGradient.BoundaryOf(graph, node.Output[0], scores).Count == 0)
            {
                output = node.Output[0];
            }
        }

        Close();
        return blocks;

        void Close()
        {
            if (probabilities is not null && output is not null)
            {
                blocks.Add((probabilities, output));
            }

            (probabilities, output) = (null, null);
        }
    }

    /// <summary>The network's head once more, on the mean of a block's tokens in every token's place.</summary>
    private static string ScoresOfMean(OnnxGraph graph, NodeProto[] head, string output, string last, string scores, int block)
    {
        OnnxValueType type = graph.TypeOf(output)!;
        var write = new GradientWriter(graph);
        int axis = TokenAxis(type);
        string one = write.Mean(output, [axis]);
        graph.SetType(one, type with { Dims = [.. type.Dims!.Select((size, i) => i == axis ? 1 : size)] });
        string mean = write.Expand(one, [.. type.Dims!]);
        graph.SetType(mean, type);
        Dictionary<string, string> copies = new(StringComparer.Ordinal) { [last] = mean };
        foreach (NodeProto node in head)
        {
            NodeProto copy = node.Clone();
            copy.Name = $"{node.Name}/mean_{block}";
            for (int i = 0; i < copy.Input.Count; i++)
            {
                copy.Input[i] = copies.GetValueOrDefault(copy.Input[i], copy.Input[i]);
            }

            for (int i = 0; i < copy.Output.Count; i++)
            {
                if (copy.Output[i].Length > 0)
                {
                    copies[node.Output[i]] = copy.Output[i] = graph.UniqueName($"{node.Output[i]}/mean_{block}");
                    graph.SetType(copy.Output[i], graph.TypeOf(node.Output[i])!);
                }
            }

            graph.Append(copy);
        }

        return copies[scores];
    }

    // Tokens lie as 1 × tokens × channels, or as tokens × 1 × channels.
    private static int TokenAxis(OnnxValueType type) => type.Dims![0] == 1 ? 1 : 0;
}
