using ClassActivation.Onnx;

namespace ClassActivation.Gradients.Rules;

/// <summary>Operators that move elements without choosing among them.</summary>
internal sealed class ShapeRules : IGradientRules
{
    public string Family => "Shapes";

    public IReadOnlyList<GradientRule> Rules { get; } =
    [
        new("Identity", "d", static (node, _) => node.Give(0, node.Cotangent)),
        new("Dropout", "d", static (node, _) => node.Give(0, node.Cotangent)),
        new("Cast", "d in the type of x", CastBack),
        new("Reshape", "d in the shape of x", View),
        new("Flatten", "d in the shape of x", View),
        new("Squeeze", "d in the shape of x", View),
        new("Unsqueeze", "d in the shape of x", View),
        new("Transpose", "d with the axes put back", Transpose),
        new("Expand", "d summed over the repeated axes", static (node, write) =>
            node.Give(0, write.SumTo(node, node.Cotangent, node.Dims(node.Y), node.Dims(node.X)))),
        new("Tile", "d summed over the copies", Tile),
        new("Concat", "each operand's part of d", Concat),
        new("Split", "the parts' gradients joined", Split),
        new("DepthToSpace", "SpaceToDepth of d", DepthToSpace),
        new("SpaceToDepth", "DepthToSpace of d", static (node, write) =>
            node.Give(0, write.Op("DepthToSpace", [node.Cotangent], ("blocksize", node.Proto.Integer("blocksize", 1))))),
    ];

    private static void CastBack(DifferentiatedNode node, GradientWriter write)
    {
        if (write.Graph.TypeOf(node.X) is { ElementType: Onnx.Schema.TensorProto.Types.DataType type } && type != write.ElementType)
        {
            node.Give(0, write.Cast(node.Cotangent, type));
        }
        else
        {
            node.Give(0, node.Cotangent);
        }
    }

    private static void View(DifferentiatedNode node, GradientWriter write)
    {
        (long[] from, long[] to) = (node.Dims(node.Y), node.Dims(node.X));
        if (from is [1, ..] && to is [1, ..])
        {
            node.Give(0, write.ReshapeRows(node.Cotangent, to));
        }
        else
        {
            node.RefuseRows();
            node.Give(0, write.Reshape(node.Cotangent, to));
        }
    }

    private static void Transpose(DifferentiatedNode node, GradientWriter write)
    {
        int rank = node.Dims(node.X).Length;
        long[] permutation = node.Proto.Integers("perm") ?? [.. Enumerable.Range(0, rank).Reverse().Select(static axis => (long)axis)];
        if (permutation is not [0, ..])
        {
            node.RefuseRows();
        }

        var back = new long[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            back[permutation[axis]] = axis;
        }

        node.Give(0, write.Transpose(node.Cotangent, back));
    }

    private static void Tile(DifferentiatedNode node, GradientWriter write)
    {
        long[] dims = node.Dims(node.X);
        long[] repeats = node.Integers(1)!;
        if (repeats[0] != 1)
        {
            node.RefuseRows();
        }

        long[] pairs = [.. repeats.Zip(dims).SelectMany(static pair => new[] { pair.First, pair.Second })];
        int[] copies = [.. Enumerable.Range(0, dims.Length).Where(axis => repeats[axis] != 1).Select(static axis => 2 * axis)];
        string separate = write.ReshapeRows(node.Cotangent, pairs);
        string summed = copies.Length > 0 ? write.Sum(separate, copies) : separate;
        node.Give(0, write.ReshapeRows(summed, dims));
    }

    private static void Concat(DifferentiatedNode node, GradientWriter write)
    {
        int axis = DifferentiatedNode.Axis(node.Proto.Integer("axis", 0), node.Dims(node.Y).Length);
        node.RefuseRowsOn([axis]);
        long start = 0;
        for (int input = 0; input < node.Proto.Input.Count; input++)
        {
            long end = start + node.Dims(node.Proto.Input[input])[axis];
            if (node.Needs(input) && end > start)
            {
                node.Give(input, write.Slice(node.Cotangent, axis, start, end));
            }

            start = end;
        }
    }

    private static void Split(DifferentiatedNode node, GradientWriter write)
    {
        int axis = DifferentiatedNode.Axis(node.Proto.Integer("axis", 0), node.Dims(node.X).Length);
        node.RefuseRowsOn([axis]);
        var parts = new string[node.Proto.Output.Count];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = node.CotangentOf(i) ?? Zeros(node, write, i);
        }

        node.Give(0, write.Op("Concat", parts, ("axis", axis)));
    }

    /// <summary>Zeros with as many rows as the gradients that are there.</summary>
    private static string Zeros(DifferentiatedNode node, GradientWriter write, int output)
    {
        node.RefuseRows();
        return write.Expand(write.Scalar(0), node.Dims(node.Proto.Output[output]));
    }

    private static void DepthToSpace(DifferentiatedNode node, GradientWriter write)
    {
        long block = node.Proto.Integer("blocksize", 1);
        if (node.Proto.Text("mode", "DCR") == "DCR")
        {
            node.Give(0, write.Op("SpaceToDepth", [node.Cotangent], ("blocksize", block)));
            return;
        }

        long[] dims = node.Dims(node.Y);
        string blocks = write.ReshapeRows(node.Cotangent, [dims[0], dims[1], dims[2] / block, block, dims[3] / block, block]);
        node.Give(0, write.ReshapeRows(write.Transpose(blocks, 0, 1, 3, 5, 2, 4), node.Dims(node.X)));
    }
}
