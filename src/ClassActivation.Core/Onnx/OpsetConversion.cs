using ClassActivation.Onnx.Schema;

namespace ClassActivation.Onnx;

/// <summary>
/// Raises a graph to a newer version of the standard operators. What changed its meaning between the versions is
/// rewritten: an attribute that became an input, a default that became another, an operator that was replaced.
/// </summary>
internal static class OpsetConversion
{
    /// <summary>The version that graphs are raised to.</summary>
    public const long Version = 18;

    private const long OldestVersion = 7;

    private static readonly HashSet<string> ReductionsByInput = new(StringComparer.Ordinal)
    {
        "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSumSquare",
    };

    /// <summary>Raises a graph to <see cref="Version"/>, unless it is there already.</summary>
    /// <param name="graph">The graph, with the types of its values stated.</param>
    /// <returns>Whether anything was to be done; types of new values are not stated then.</returns>
    /// <exception cref="InvalidDataException">The graph is of a version before 7, or a type is missing.</exception>
    public static bool Raise(OnnxGraph graph)
    {
        long from = graph.OpsetVersion;
        if (from >= Version)
        {
            return false;
        }

        if (from < OldestVersion)
        {
            throw new InvalidDataException($"The network is of version {from} of the ONNX operators, which is too old; export it again.");
        }

        foreach (NodeProto node in graph.Nodes.ToArray())
        {
            if (node.Graphs().Any())
            {
                throw new InvalidDataException(
                    $"The network has graphs inside its node '{node.Name}' ({node.OpType}) and is of version {from} of the ONNX operators; "
                    + $"export it with version {Version}.");
            }

            if (node.Domain is "" or "ai.onnx")
            {
                Raise(graph, node, from);
            }
        }

        graph.OpsetVersion = Version;
        return true;
    }

    private static void Raise(OnnxGraph graph, NodeProto node, long from)
    {
        switch (node.OpType)
        {
            case "Softmax" or "LogSoftmax" or "Hardmax" when from < 13:
                RaiseSoftmax(graph, node);
                break;
            case "Clip" when from < 11:
                float lowest = node.Remove("min")?.F ?? float.MinValue;
                float highest = node.Remove("max")?.F ?? float.MaxValue;
                graph.SetInput(node, 1, Scalar(graph, node, "min", lowest));
                graph.SetInput(node, 2, Scalar(graph, node, "max", highest));
                break;
            case "Squeeze" or "Unsqueeze" or "ReduceSum" when from < 13:
                AttributeToInput(graph, node, "axes", 1);
                break;
            case "Split":
                RaiseSplit(graph, node);
                break;
            case "Dropout" when from < 12:
                node.Remove("ratio");
                break;
            case "Dropout":
                // Without training it passes its input on whatever the ratio is.
                while (node.Input.Count > 1)
                {
                    node.Input.RemoveAt(node.Input.Count - 1);
                }

                break;
            case "BatchNormalization" when from < 14:
                node.Remove("spatial");
                while (node.Output.Count > 1)
                {
                    node.Output.RemoveAt(node.Output.Count - 1);
                }

                break;
            case "Pad" when from < 11:
                AttributeToInput(graph, node, "pads", 1);
                graph.SetInput(node, 2, Scalar(graph, node, "value", node.Remove("value")?.F ?? 0));
                break;
            case "Slice" when from < 10:
                AttributeToInput(graph, node, "starts", 1);
                AttributeToInput(graph, node, "ends", 2);
                AttributeToInput(graph, node, "axes", 3);
                break;
            case "TopK" when from < 10:
                graph.SetInput(node, 1, graph.AddInitializer<long>($"{node.Output[0]}/k", [node.Remove("k")?.I ?? 0], 1));
                break;
            case "Upsample":
                RaiseUpsample(graph, node, from);
                break;
            case "Resize" when from < 11:
                string scales = node.Input[1];
                graph.SetInput(node, 1, "");
                graph.SetInput(node, 2, scales);
                node.Set("coordinate_transformation_mode", "asymmetric");
                node.Set(
                    "nearest_mode", graph.Numbers(scales) is { } factors && factors.Any(static factor => factor < 1) ? "ceil" : "floor");
                break;
            case "RoiAlign" when from < 16 && !node.Has("coordinate_transformation_mode"):
                node.Set("coordinate_transformation_mode", "output_half_pixel");
                break;
            case "Scatter":
                node.OpType = "ScatterElements";
                break;
            default:
                if (ReductionsByInput.Contains(node.OpType))
                {
                    AttributeToInput(graph, node, "axes", 1);
                }

                break;
        }
    }

    /// <summary>Before version 13 the exponentials of all axes from the given one on were summed.</summary>
    private static void RaiseSoftmax(OnnxGraph graph, NodeProto node)
    {
        IReadOnlyList<long> dims = FixedDims(graph, node.Input[0]);
        long axis = node.Integer("axis", 1);
        axis = axis < 0 ? axis + dims.Count : axis;
        node.Set("axis", -1L);
        if (axis == dims.Count - 1)
        {
            return;
        }

        long rows = dims.Take((int)axis).Aggregate(1L, static (product, dim) => product * dim);
        string name = node.Output[0];
        string flat = Reshape(graph, node, node.Input[0], $"{name}/rows", [rows, -1]);
        string result = graph.UniqueName($"{name}/of_rows");
        NodeProto onRows = node.Clone();
        onRows.Input[0] = flat;
        onRows.Output[0] = result;
        var back = new NodeProto { OpType = "Reshape", Name = graph.UniqueName($"{name}/reshaped") };
        back.Input.Add([result, graph.AddInitializer<long>($"{name}/dims", [.. dims], dims.Count)]);
        back.Output.Add(name);
        graph.Replace(node, onRows, back);
    }

    private static string Reshape(OnnxGraph graph, NodeProto before, string value, string name, long[] dims)
    {
        var node = new NodeProto { OpType = "Reshape", Name = graph.UniqueName(name) };
        node.Input.Add([value, graph.AddInitializer<long>($"{name}/dims", dims, dims.Length)]);
        node.Output.Add(node.Name);
        graph.InsertBefore(before, node);
        return node.Name;
    }

    private static void RaiseSplit(OnnxGraph graph, NodeProto node)
    {
        AttributeToInput(graph, node, "split", 1);
        if (node.OptionalInput(1) is null && !node.Has("num_outputs"))
        {
            // Equal parts were the default; now their number has to be said.
            node.Set("num_outputs", (long)node.Output.Count);
        }
    }

    private static void RaiseUpsample(OnnxGraph graph, NodeProto node, long from)
    {
        string scales;
        if (from < 9)
        {
            float[] factors = node.Remove("scales")?.Floats.ToArray() ?? [];
            scales = graph.AddInitializer<float>($"{node.Output[0]}/scales", factors, factors.Length);
        }
        else
        {
            scales = node.Input[1];
        }

        node.OpType = "Resize";
        graph.SetInput(node, 1, "");
        graph.SetInput(node, 2, scales);
        node.Set("coordinate_transformation_mode", "asymmetric");
        node.Set("nearest_mode", "floor");
    }

    private static void AttributeToInput(OnnxGraph graph, NodeProto node, string name, int input)
    {
        if (node.Remove(name) is { } attribute)
        {
            graph.SetInput(node, input, graph.AddInitializer<long>($"{node.Output[0]}/{name}", [.. attribute.Ints], attribute.Ints.Count));
        }
    }

    private static string Scalar(OnnxGraph graph, NodeProto node, string name, float value) =>
        graph.TypeOf(node.Input[0])?.ElementType switch
        {
            TensorProto.Types.DataType.Double => graph.AddInitializer<double>($"{node.Output[0]}/{name}", [value]),
            TensorProto.Types.DataType.Float16 => graph.AddInitializer<Half>($"{node.Output[0]}/{name}", [Saturated(value)]),
            _ => graph.AddInitializer<float>($"{node.Output[0]}/{name}", [value]),
        };

    private static Half Saturated(float value) => (Half)Math.Clamp(value, (float)Half.MinValue, (float)Half.MaxValue);

    private static IReadOnlyList<long> FixedDims(OnnxGraph graph, string value) =>
        graph.TypeOf(value) is { IsFixed: true } type
            ? type.Dims!
            : throw new InvalidDataException($"The dimensions of '{value}' are not known.");
}
