using ClassActivation.Onnx;

namespace ClassActivation.Gradients.Rules;

/// <summary>Normalisations. x̂ is the normalised value, r the reciprocal of its deviation, g = d · scale.</summary>
internal sealed class NormalizationRules : IGradientRules
{
    private const float UsualEpsilon = 1e-5f;

    public string Family => "Normalisations";

    public IReadOnlyList<GradientRule> Rules { get; } =
    [
        new("BatchNormalization", "d · scale / √(variance + ε)", Batch),
        new("LayerNormalization", "r · (g − mean(g) − x̂ · mean(g · x̂)) over the axes", Layer),
        new("InstanceNormalization", "as LayerNormalization, over the places of each channel", Instance),
        new("GroupNormalization", "as LayerNormalization, over each group of channels", Group),
        new("MeanVarianceNormalization", "as LayerNormalization, with g = d", MeanVariance),
        new("RMSNormalization", "r · (g − x̂ · mean(g · x̂)) over the axes", RootMeanSquare),
        new("SimplifiedLayerNormalization", "as RMSNormalization", RootMeanSquare),
        new("LpNormalization", "(d − y · Σ d · y) / ‖x‖₂, or (d − sign(x) · Σ d · y) / ‖x‖₁", Lp),
    ];

    private static void Batch(DifferentiatedNode node, GradientWriter write)
    {
        node.RequireIndependent(1, 2, 3, 4);
        if (node.Proto.Integer("training_mode", 0) != 0)
        {
            throw node.Refused("in training mode");
        }

        double[] scales = node.Numbers(1)!;
        double[] variances = node.Numbers(4)!;
        double epsilon = node.Proto.Number("epsilon", UsualEpsilon);
        double[] factors = [.. scales.Zip(variances, (scale, variance) => scale / Math.Sqrt(variance + epsilon))];
        node.Give(0, write.Mul(node.Cotangent, write.Constant(factors, PerChannel(factors.Length, node.Dims(node.X).Length))));
    }

    private static void Layer(DifferentiatedNode node, GradientWriter write)
    {
        node.RequireIndependent(1, 2);
        int rank = node.Dims(node.X).Length;
        int first = DifferentiatedNode.Axis(node.Proto.Integer("axis", -1), rank);
        string gradient = node.Proto.OptionalInput(1) is { } scale ? write.Mul(node.Cotangent, scale) : node.Cotangent;
        int[] axes = [.. Enumerable.Range(first, rank - first)];
        node.RefuseRowsOn(axes);
        node.Give(0, Normalized(write, node.X, gradient, axes, node.Proto.Number("epsilon", UsualEpsilon)));
    }

    private static void Instance(DifferentiatedNode node, GradientWriter write)
    {
        node.RequireIndependent(1, 2);
        long[] dims = node.Dims(node.X);
        string gradient = write.Mul(node.Cotangent, write.Reshape(node.Proto.Input[1], PerChannel(dims[1], dims.Length)));
        int[] axes = [.. Enumerable.Range(2, dims.Length - 2)];
        node.Give(0, Normalized(write, node.X, gradient, axes, node.Proto.Number("epsilon", UsualEpsilon)));
    }

    private static void Group(DifferentiatedNode node, GradientWriter write)
    {
        node.RequireIndependent(1, 2);
        long[] dims = node.Dims(node.X);
        long groups = node.Proto.Integer("num_groups", 1);
        long[] grouped = [dims[0], groups, dims[1..].Aggregate(1L, static (product, dim) => product * dim) / groups];
        string scale = node.Proto.Input[1];
        bool scalesChannels = node.Dims(scale)[0] == dims[1];

        // Before version 21 there was a scale for each group, since then there is one for each channel.
        string gradient;
        if (scalesChannels)
        {
            string scaled = write.Mul(node.Cotangent, write.Reshape(scale, PerChannel(dims[1], dims.Length)));
            gradient = write.ReshapeRows(scaled, grouped);
        }
        else
        {
            gradient = write.Mul(write.ReshapeRows(node.Cotangent, grouped), write.Reshape(scale, 1, groups, 1));
        }

        string normalized = Normalized(
            write, write.Reshape(node.X, grouped), gradient, [2], node.Proto.Number("epsilon", UsualEpsilon));
        node.Give(0, write.ReshapeRows(normalized, dims));
    }

    private static void MeanVariance(DifferentiatedNode node, GradientWriter write)
    {
        int rank = node.Dims(node.X).Length;
        int[] axes = [.. (node.Proto.Integers("axes") ?? [0, 2, 3]).Select(axis => DifferentiatedNode.Axis(axis, rank))];
        if (node.Dims(node.X)[0] == 1)
        {
            axes = [.. axes.Where(static axis => axis != 0)];
        }

        node.RefuseRowsOn(axes);

        // The runtime adds this to the deviation, not to the variance.
        node.Give(0, Normalized(write, node.X, node.Cotangent, axes, 1e-9));
    }

    private static void RootMeanSquare(DifferentiatedNode node, GradientWriter write)
    {
        node.RequireIndependent(1);
        int rank = node.Dims(node.X).Length;
        int first = DifferentiatedNode.Axis(node.Proto.Integer("axis", -1), rank);
        int[] axes = [.. Enumerable.Range(first, rank - first)];
        node.RefuseRowsOn(axes);
        string gradient = write.Mul(node.Cotangent, node.Proto.Input[1]);
        string reciprocal = Reciprocal(write, write.Mean(write.Square(node.X), axes), node.Proto.Number("epsilon", UsualEpsilon));
        string normalized = write.Mul(node.X, reciprocal);
        string along = write.Mul(normalized, write.Mean(write.Mul(gradient, normalized), axes));
        node.Give(0, write.Mul(write.Sub(gradient, along), reciprocal));
    }

    private static void Lp(DifferentiatedNode node, GradientWriter write)
    {
        int axis = DifferentiatedNode.Axis(node.Proto.Integer("axis", -1), node.Dims(node.X).Length);
        node.RefuseRowsOn([axis]);
        string along = write.Sum(write.Mul(node.Cotangent, node.Y), [axis]);
        bool isEuclidean = node.Proto.Integer("p", 2) == 2;
        string norm = isEuclidean
            ? write.Op("Sqrt", [write.Sum(write.Square(node.X), [axis])])
            : write.Sum(write.Op("Abs", [node.X]), [axis]);
        string direction = isEuclidean ? node.Y : write.Op("Sign", [node.X]);
        node.Give(0, write.Div(write.Sub(node.Cotangent, write.Mul(direction, along)), norm));
    }

    /// <summary>The gradient of (x − mean) / √(variance + ε), the same for every way of grouping.</summary>
    private static string Normalized(GradientWriter write, string x, string gradient, int[] axes, double epsilon)
    {
        string centered = write.Sub(x, write.Mean(x, axes));
        string reciprocal = Reciprocal(write, write.Mean(write.Square(centered), axes), epsilon);
        string normalized = write.Mul(centered, reciprocal);
        string withoutMean = write.Sub(gradient, write.Mean(gradient, axes));
        string along = write.Mul(normalized, write.Mean(write.Mul(gradient, normalized), axes));
        return write.Mul(write.Sub(withoutMean, along), reciprocal);
    }

    private static string Reciprocal(GradientWriter write, string meanSquare, double epsilon) =>
        write.Op("Reciprocal", [write.Op("Sqrt", [write.Add(meanSquare, write.Scalar(epsilon))])]);

    private static long[] PerChannel(long channels, int rank) => [1, channels, .. Enumerable.Repeat(1L, Math.Max(rank - 2, 0))];
}
