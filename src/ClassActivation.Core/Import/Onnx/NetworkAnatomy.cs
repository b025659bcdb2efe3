using ClassActivation.Networks;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;

namespace ClassActivation.Import.Onnx;

/// <summary>Where a prepared network has its scores, and its last feature maps.</summary>
/// <param name="Logits">The value of the scores.</param>
/// <param name="ClassCount">How many scores there are.</param>
/// <param name="Activation">What makes answers of them; null where the network itself does not.</param>
/// <param name="Features">The last feature maps that everything behind depends on; null where there are none.</param>
/// <param name="ChannelAxis">The dimension that counts the feature maps: 1 or 3.</param>
/// <param name="Tail">The linear end; null where it is none.</param>
internal sealed record NetworkAnatomy(
    string Logits, int ClassCount, ClassifierActivation? Activation, string? Features, int ChannelAxis, AffineTail? Tail)
{
    /// <summary>Looks for them.</summary>
    /// <param name="graph">A prepared graph, whose types are stated.</param>
    /// <param name="input">The input that takes the photo.</param>
    /// <param name="output">The output that gives the answers.</param>
    /// <exception cref="ModelImportException">The output is not one list of scores.</exception>
    public static NetworkAnatomy Of(OnnxGraph graph, string input, string output)
    {
        (string logits, ClassifierActivation? activation) = FindLogits(graph, output);
        if (graph.TypeOf(logits)?.Dims is not { } dims || dims.Count(static dim => dim != 1) > 1)
        {
            throw new ModelImportException(
                $"The output '{output}' of the network is {graph.TypeOf(output)}, not one score for each class; the network is"
                + " no classifier of images.");
        }

        int classes = checked((int)dims.Aggregate(1L, static (product, dim) => product * dim));
        (string Value, int Axis)[] spatial =
        [
            .. Cuts(graph, input, logits).Select(value => (value, Axis: ChannelAxisOf(graph, value))).Where(static cut => cut.Axis > 0)
        ];
        if (spatial.Length == 0)
        {
            return new NetworkAnatomy(logits, classes, activation, null, 0, null);
        }

        (string features, int axis) = spatial[^1];
        AffineTail? tail = AffineTail.Read(graph, features, logits, axis);
        // Class maps in front of the pooling are the classifier's, where it is linear: the features are what it takes.
        for (int i = spatial.Length - 2; i >= 0 && tail is not null && graph.TypeOf(features)!.Dims![axis] == classes; i--)
        {
            (string before, int beforeAxis) = spatial[i];
            if (AffineTail.Read(graph, before, logits, beforeAxis) is not { } earlier)
            {
                break;
            }

            if (graph.TypeOf(before)!.Dims![beforeAxis] != classes)
            {
                (features, axis, tail) = (before, beforeAxis, earlier);
            }
        }

        return new NetworkAnatomy(logits, classes, activation, features, axis, tail);
    }

    private static (string Logits, ClassifierActivation? Activation) FindLogits(OnnxGraph graph, string output)
    {
        string value = output;
        ClassifierActivation? activation = null;
        while (graph.Producer(value) is { Input.Count: > 0 } node)
        {
            bool isShape =
                node.OpType is "Identity" or "Cast" or "Squeeze" or "Flatten" or "Reshape" or "Unsqueeze" or "Transpose" or "Dropout"
                && graph.TypeOf(node.Input[0]) is { Dims: { } dims } && dims.Count(static dim => dim != 1) <= 1;
            if (!isShape)
            {
                if (activation is not null || node.OpType is not ("Softmax" or "LogSoftmax" or "Sigmoid"))
                {
                    break;
                }

                activation = node.OpType == "Sigmoid" ? ClassifierActivation.Sigmoid : ClassifierActivation.Softmax;
            }

            // Without an activation behind it, a change of shape is part of the end, and harmless there.
            if (isShape && !HasActivationBefore(graph, node.Input[0]))
            {
                break;
            }

            value = node.Input[0];
        }

        return (value, activation);
    }

    private static bool HasActivationBefore(OnnxGraph graph, string value)
    {
        while (graph.Producer(value) is { Input.Count: > 0 } node)
        {
            if (node.OpType is "Softmax" or "LogSoftmax" or "Sigmoid")
            {
                return true;
            }

            if (node.OpType is not ("Identity" or "Cast" or "Squeeze" or "Flatten" or "Reshape" or "Unsqueeze" or "Transpose" or "Dropout"))
            {
                return false;
            }

            value = node.Input[0];
        }

        return false;
    }

    /// <summary>The values through which all ways from the input to the scores go, in order.</summary>
    private static List<string> Cuts(OnnxGraph graph, string input, string logits)
    {
        HashSet<string> active = graph.Dependents(input);
        HashSet<NodeProto> needed = graph.NodesBetween([input], [logits]);
        NodeProto[] nodes = [.. graph.Nodes.Where(node => needed.Contains(node) && OnnxGraph.InputsOf(node).Any(active.Contains))];
        Dictionary<string, int> uses = new(StringComparer.Ordinal) { [logits] = 1 };
        foreach (string value in nodes.SelectMany(static node => OnnxGraph.InputsOf(node).Distinct()).Where(active.Contains))
        {
            uses[value] = uses.GetValueOrDefault(value) + 1;
        }

        HashSet<string> alive = new(StringComparer.Ordinal) { input };
        List<string> cuts = [];
        foreach (NodeProto node in nodes)
        {
            foreach (string value in OnnxGraph.InputsOf(node).Distinct().Where(active.Contains))
            {
                if (--uses[value] == 0)
                {
                    alive.Remove(value);
                }
            }

            alive.UnionWith(node.Output.Where(uses.ContainsKey));
            if (alive.Count == 1)
            {
                cuts.Add(alive.First());
            }
        }

        return cuts;
    }

    /// <summary>1 or 3; 0 where the value is no set of feature maps.</summary>
    private static int ChannelAxisOf(OnnxGraph graph, string value)
    {
        if (graph.TypeOf(value) is not { Dims: [1, > 1, > 1, > 1] dims })
        {
            return 0;
        }

        // Convolutions count their channels first; only what was transposed, or normalised then, has them last.
        bool isLast = dims[1] == dims[2]
            && dims[3] != dims[2]
            && graph.Producer(value)?.OpType is not ("Conv" or "MaxPool" or "AveragePool");
        return isLast ? 3 : 1;
    }
}
