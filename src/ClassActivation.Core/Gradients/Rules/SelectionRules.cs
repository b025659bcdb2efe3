using ClassActivation.Onnx;

namespace ClassActivation.Gradients.Rules;

/// <summary>Operators that take a part of the elements, or put others around them.</summary>
internal sealed class SelectionRules : IGradientRules
{
    public string Family => "Parts and margins";

    public IReadOnlyList<GradientRule> Rules { get; } =
    [
        new("Slice", "d with zeros where nothing was taken", Slice),
        new("Gather", "d added where each element was taken from", Gather),
        new("GatherElements", "d added where each element was taken from", GatherElements),
        new("GatherND", "d added where each element was taken from", GatherNd),
        new("Pad", "d without the margin; a mirrored margin is added where it came from", Pad),
    ];

    private static void Slice(DifferentiatedNode node, GradientWriter write)
    {
        long[] dims = node.Dims(node.X);
        long[] starts = node.Integers(1)!;
        long[] ends = node.Integers(2)!;
        long[] axes = node.Integers(3) ?? [.. Enumerable.Range(0, starts.Length).Select(static axis => (long)axis)];
        long[] steps = node.Integers(4) ?? [.. Enumerable.Repeat(1L, starts.Length)];
        var before = new long[dims.Length];
        var after = new long[dims.Length];
        string gradient = node.Cotangent;
        for (int i = 0; i < starts.Length; i++)
        {
            int axis = DifferentiatedNode.Axis(axes[i], dims.Length);
            if (dims[axis] > 1)
            {
                node.RefuseRowsOn([axis]);
            }

            long[] taken = Taken(dims[axis], starts[i], ends[i], steps[i]);
            if (steps[i] == 1 && taken.Length > 0)
            {
                before[axis] = taken[0];
                after[axis] = dims[axis] - 1 - taken[^1];
            }
            else
            {
                gradient = write.Scatter(node, gradient, axis, dims.Length, dims[axis], taken);
            }
        }

        node.Give(0, write.Pad(gradient, before, after));
    }

    private static long[] Taken(long size, long start, long end, long step)
    {
        long first = step > 0 ? 0 : -1;
        start = Math.Clamp(start < 0 ? start + size : start, first, step > 0 ? size : size - 1);
        end = end < -size ? first : Math.Clamp(end < 0 ? end + size : end, first, size);
        List<long> taken = [];
        for (long at = start; step > 0 ? at < end : at > end; at += step)
        {
            taken.Add(at);
        }

        return [.. taken];
    }

    private static void Gather(DifferentiatedNode node, GradientWriter write)
    {
        long[] dims = node.Dims(node.X);
        int axis = DifferentiatedNode.Axis(node.Proto.Integer("axis", 0), dims.Length);
        node.RefuseRowsOn([axis]);
        long[] taken = Array.ConvertAll(node.Integers(1)!, index => index < 0 ? index + dims[axis] : index);
        string gradient = write.ReshapeRows(node.Cotangent, [.. dims[..axis], taken.Length, .. dims[(axis + 1)..]]);
        if (taken.Zip(taken.Skip(1)).All(static pair => pair.Second == pair.First + 1))
        {
            var before = new long[dims.Length];
            var after = new long[dims.Length];
            before[axis] = taken[0];
            after[axis] = dims[axis] - 1 - taken[^1];
            node.Give(0, write.Pad(gradient, before, after));
        }
        else
        {
            node.Give(0, write.Scatter(node, gradient, axis, dims.Length, dims[axis], taken));
        }
    }

    private static void GatherElements(DifferentiatedNode node, GradientWriter write)
    {
        node.RefuseRows();
        node.Give(0, write.Op(
            "ScatterElements",
            [write.Expand(write.Scalar(0), node.Dims(node.X)), node.Proto.Input[1], node.Cotangent],
            ("axis", node.Proto.Integer("axis", 0)),
            ("reduction", "add")));
    }

    private static void GatherNd(DifferentiatedNode node, GradientWriter write)
    {
        node.RefuseRows();
        if (node.Proto.Integer("batch_dims", 0) != 0)
        {
            throw node.Refused("with batches of indices");
        }

        string zeros = write.Expand(write.Scalar(0), node.Dims(node.X));
        node.Give(0, write.Op("ScatterND", [zeros, node.Proto.Input[1], node.Cotangent], ("reduction", "add")));
    }

    private static void Pad(DifferentiatedNode node, GradientWriter write)
    {
        node.RequireIndependent(2);
        long[] dims = node.Dims(node.X);
        long[] stated = node.Integers(1)!;
        long[] axes = node.Integers(3) ?? [.. Enumerable.Range(0, dims.Length).Select(static axis => (long)axis)];
        var before = new long[dims.Length];
        var after = new long[dims.Length];
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = DifferentiatedNode.Axis(axes[i], dims.Length);
            (before[axis], after[axis]) = (stated[i], stated[i + axes.Length]);
        }

        node.RefuseRowsOn(Enumerable.Range(0, dims.Length).Where(axis => before[axis] != 0 || after[axis] != 0));
        string mode = node.Proto.Text("mode", "constant");
        if (mode == "constant")
        {
            // A margin taken away again is a negative one.
            node.Give(0, write.Pad(node.Cotangent, Negated(before), Negated(after)));
            return;
        }

        string gradient = node.Cotangent;
        for (int axis = 0; axis < dims.Length; axis++)
        {
            if (before[axis] != 0 || after[axis] != 0)
            {
                long[] taken = [.. Enumerable.Range(0, (int)(before[axis] + dims[axis] + after[axis]))
                    .Select(at => Source(at - before[axis], dims[axis], mode))];
                gradient = write.Scatter(node, gradient, axis, dims.Length, dims[axis], taken);
            }
        }

        node.Give(0, gradient);
    }

    private static long Source(long at, long size, string mode) => mode switch
    {
        "edge" => Math.Clamp(at, 0, size - 1),
        "wrap" => ((at % size) + size) % size,
        _ when size == 1 => 0,
        _ => Reflected(((at % (2 * (size - 1))) + (2 * (size - 1))) % (2 * (size - 1)), size),
    };

    private static long Reflected(long at, long size) => at < size ? at : (2 * (size - 1)) - at;

    private static long[] Negated(long[] values) => Array.ConvertAll(values, static value => -value);
}
