using ClassActivation.Onnx;

namespace ClassActivation.Gradients.Rules;

/// <summary>Reductions along axes.</summary>
internal sealed class ReductionRules : IGradientRules
{
    private const double SmallestNorm = 1e-30;

    public string Family => "Reductions";

    public IReadOnlyList<GradientRule> Rules { get; } =
    [
        Rule("ReduceSum", "d at every place", static (_, write, reduced) => reduced.ToAll(write, reduced.Cotangent)),
        Rule("ReduceMean", "d / n at every one of n places", static (_, write, reduced) =>
            reduced.ToAll(write, write.Mul(reduced.Cotangent, 1.0 / reduced.Count))),
        Rule("ReduceMax", "d at the greatest places, which share it", Extremum),
        Rule("ReduceMin", "d at the least places, which share it", Extremum),
        Rule("ReduceL1", "d · sign(x)", static (node, write, reduced) => write.Mul(reduced.Cotangent, write.Op("Sign", [node.X]))),
        Rule("ReduceL2", "d · x / y", static (node, write, reduced) =>
            write.Mul(node.X, write.Div(reduced.Cotangent, write.Op("Max", [reduced.Result(write), write.Scalar(SmallestNorm)])))),
        Rule("ReduceSumSquare", "2 d · x", static (node, write, reduced) => write.Mul(reduced.Cotangent, write.Mul(node.X, 2))),
        Rule("ReduceLogSumExp", "d · exp(x − y)", static (node, write, reduced) =>
            write.Mul(reduced.Cotangent, write.Exp(write.Sub(node.X, reduced.Result(write))))),
        Rule("ReduceLogSum", "d / exp(y) at every place", static (_, write, reduced) =>
            reduced.ToAll(write, write.Div(reduced.Cotangent, write.Exp(reduced.Result(write))))),
    ];

    private static GradientRule Rule(string name, string formula, Func<DifferentiatedNode, GradientWriter, Reduced, string> gradient) =>
        new(name, formula, (node, write) => node.Give(0, gradient(node, write, Reduced.Of(node, write))));

    private static string Extremum(DifferentiatedNode node, GradientWriter write, Reduced reduced)
    {
        string isExtreme = write.Mask(write.Op("Equal", [node.X, reduced.Result(write)]));
        return write.Mul(isExtreme, write.Div(reduced.Cotangent, write.Sum(isExtreme, reduced.Axes)));
    }

    /// <summary>A reduction as it would be if it kept the axes, each of extent 1.</summary>
    private sealed record Reduced(DifferentiatedNode Node, int[] Axes, long[] Dims, string Cotangent)
    {
        public long Count => Axes.Aggregate(1L, (product, axis) => product * Dims[axis]);

        private long[] Kept => [.. Dims.Select((dim, axis) => Axes.Contains(axis) ? 1 : dim)];

        public static Reduced Of(DifferentiatedNode node, GradientWriter write)
        {
            long[] dims = node.Dims(node.X);
            long[]? stated = node.Integers(1);
            int[] axes = stated is { Length: > 0 }
                ? [.. stated.Select(axis => DifferentiatedNode.Axis(axis, dims.Length)).Order()]
                : node.Proto.Integer("noop_with_empty_axes", 0) != 0 ? [] : [.. Enumerable.Range(0, dims.Length)];
            node.RefuseRowsOn(axes);
            var reduced = new Reduced(node, axes, dims, node.Cotangent);
            return node.Proto.Integer("keepdims", 1) != 0
                ? reduced
                : reduced with { Cotangent = write.ReshapeRows(node.Cotangent, reduced.Kept) };
        }

        public string Result(GradientWriter write) =>
            Node.Proto.Integer("keepdims", 1) != 0 ? Node.Y : write.Reshape(Node.Y, Kept);

        public string ToAll(GradientWriter write, string gradient) => write.Expand(gradient, Dims);
    }
}
