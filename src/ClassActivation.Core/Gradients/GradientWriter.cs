using ClassActivation.Onnx;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;

namespace ClassActivation.Gradients;

/// <summary>Writes the nodes of a gradient. Constants take the element type of the gradient at hand.</summary>
internal sealed class GradientWriter(OnnxGraph graph)
{
    private const string Prefix = "gradient/";

    private readonly Dictionary<(DataType Type, double Value), string> _scalars = [];
    private readonly Dictionary<string, string> _lists = new(StringComparer.Ordinal);

    /// <summary>The element type of the gradient at hand.</summary>
    public DataType ElementType { get; set; } = DataType.Float;

    /// <summary>Whether weights may be copied where that makes the gradient faster.</summary>
    public bool CopiesWeights { get; init; }

    public OnnxGraph Graph => graph;

    public string Op(string type, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes) =>
        graph.AddNode(type, Prefix + type, inputs, attributes);

    public string Add(string a, string b) => Op("Add", [a, b]);

    public string Sub(string a, string b) => Op("Sub", [a, b]);

    public string Mul(string a, string b) => Op("Mul", [a, b]);

    public string Mul(string a, double b) => b == 1 ? a : Mul(a, Scalar(b));

    public string Div(string a, string b) => Op("Div", [a, b]);

    public string Neg(string a) => Op("Neg", [a]);

    public string Square(string a) => Mul(a, a);

    public string Exp(string a) => Op("Exp", [a]);

    public string Sigmoid(string a) => Op("Sigmoid", [a]);

    /// <summary>1 − a.</summary>
    public string OneMinus(string a) => Sub(Scalar(1), a);

    public string Greater(string a, double b) => Op("Greater", [a, Scalar(b)]);

    public string Less(string a, double b) => Op("Less", [a, Scalar(b)]);

    public string Where(string condition, string yes, string no) => Op("Where", [condition, yes, no]);

    /// <summary>A value where a condition holds, and 0 elsewhere.</summary>
    public string Masked(string condition, string value) => Where(condition, value, Scalar(0));

    /// <summary>1 where a condition holds, and 0 elsewhere.</summary>
    public string Mask(string condition) => Op("Cast", [condition], ("to", (long)ElementType));

    public string Cast(string value, DataType type) => Op("Cast", [value], ("to", (long)type));

    public string Reshape(string value, params ReadOnlySpan<long> dims) => Op("Reshape", [value, Integers(dims)]);

    /// <summary>Reshapes a gradient to a value's dimensions; a first dimension of 1 stays free for rows of gradients.</summary>
    public string ReshapeRows(string value, ReadOnlySpan<long> dims)
    {
        long[] rows = dims.ToArray();
        if (rows is [1, ..])
        {
            rows[0] = -1;
        }

        return Reshape(value, rows);
    }

    public string Transpose(string value, params long[] permutation) => Op("Transpose", [value], ("perm", permutation));

    /// <summary>Exchanges the last two axes.</summary>
    public string TransposeMatrix(string value, int rank)
    {
        long[] permutation = [.. Enumerable.Range(0, rank).Select(static axis => (long)axis)];
        (permutation[^1], permutation[^2]) = (permutation[^2], permutation[^1]);
        return Transpose(value, permutation);
    }

    public string Sum(string value, IEnumerable<int> axes, bool keepsDims = true) => Reduce("ReduceSum", value, axes, keepsDims);

    public string Mean(string value, IEnumerable<int> axes) => Reduce("ReduceMean", value, axes, keepsDims: true);

    public string Expand(string value, ReadOnlySpan<long> dims) => Op("Expand", [value, Integers(dims)]);

    /// <summary>Sums a gradient over the axes along which a value was repeated.</summary>
    /// <param name="node">The node that repeated it.</param>
    /// <param name="gradient">The gradient.</param>
    /// <param name="from">The dimensions of the gradient.</param>
    /// <param name="to">The dimensions of the value.</param>
    public string SumTo(DifferentiatedNode node, string gradient, long[] from, long[] to)
    {
        if (from.SequenceEqual(to))
        {
            return gradient;
        }

        int added = from.Length - to.Length;
        int[] axes = [.. Enumerable.Range(0, from.Length).Where(axis => axis < added || (to[axis - added] == 1 && from[axis] != 1))];
        node.RefuseRowsOn(axes);
        string summed = axes.Length > 0 ? Sum(gradient, axes) : gradient;
        return added > 0 ? Reshape(summed, to) : summed;
    }

    /// <summary>Zeros around a value; negative numbers cut it.</summary>
    public string Pad(string value, ReadOnlySpan<long> before, ReadOnlySpan<long> after)
    {
        long[] left = [.. before, .. after];
        while (left.Any(static margin => margin != 0))
        {
            // Every graph is checked before it is run, and the check takes margins of this width for damage.
            long[] step = Array.ConvertAll(
                left, static margin => Math.Clamp(margin, -OnnxModelCheck.WidestWindow, OnnxModelCheck.WidestWindow));
            value = Op("Pad", [value, Integers(step)]);
            left = [.. left.Zip(step, static (margin, done) => margin - done)];
        }

        return value;
    }

    /// <summary>A part of a value along one axis.</summary>
    public string Slice(string value, int axis, long start, long end) =>
        Op("Slice", [value, Integers(start), Integers(end), Integers(axis)]);

    /// <summary>The gradient of a linear map along one axis: its transposed matrix applied along the same axis.</summary>
    /// <param name="node">The node that maps.</param>
    /// <param name="gradient">The gradient.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="rank">The number of axes.</param>
    /// <param name="matrix">The map's matrix, results × values.</param>
    public string ApplyTransposed(DifferentiatedNode node, string gradient, int axis, int rank, string matrix)
    {
        node.RefuseRowsOn([axis]);
        if (axis == rank - 1 && rank > 1)
        {
            return Op("MatMul", [gradient, matrix]);
        }

        if (axis == rank - 2)
        {
            return Op("MatMul", [Transpose(matrix, 1, 0), gradient]);
        }

        long[] permutation = [.. Enumerable.Range(0, rank).Select(static other => (long)other)];
        if (rank == 1)
        {
            return Reshape(Op("MatMul", [Reshape(gradient, 1, -1), matrix]), -1);
        }

        (permutation[axis], permutation[^1]) = (permutation[^1], permutation[axis]);
        return Transpose(Op("MatMul", [Transpose(gradient, permutation), matrix]), permutation);
    }

    /// <summary>The gradient of taking elements along one axis: each is added where it was taken from.</summary>
    public string Scatter(DifferentiatedNode node, string gradient, int axis, int rank, long size, ReadOnlySpan<long> taken)
    {
        var matrix = new double[taken.Length * size];
        for (int i = 0; i < taken.Length; i++)
        {
            matrix[(i * size) + taken[i]] = 1;
        }

        return ApplyTransposed(node, gradient, axis, rank, Constant(matrix, taken.Length, size));
    }

    /// <summary>A number of the type at hand.</summary>
    public string Scalar(double value)
    {
        if (!_scalars.TryGetValue((ElementType, value), out string? name))
        {
            _scalars[(ElementType, value)] = name = Constant([value]);
        }

        return name;
    }

    /// <summary>Numbers of the type at hand.</summary>
    public string Constant(ReadOnlySpan<double> values, params ReadOnlySpan<long> dims)
    {
        string name = Prefix + "constant";
        switch (ElementType)
        {
            case DataType.Double:
                return graph.AddInitializer(name, values, dims);
            case DataType.Float16:
                Half[] halves = Array.ConvertAll(values.ToArray(), static value => (Half)value);
                return graph.AddInitializer<Half>(name, halves, dims);
            default:
                float[] floats = Array.ConvertAll(values.ToArray(), static value => (float)value);
                return graph.AddInitializer<float>(name, floats, dims);
        }
    }

    /// <summary>Numbers of the type at hand, which is float32.</summary>
    public string Constant(ReadOnlySpan<float> values, params ReadOnlySpan<long> dims) =>
        graph.AddInitializer(Prefix + "constant", values, dims);

    /// <summary>A list of integers, as the operators take axes and dimensions.</summary>
    public string Integers(params ReadOnlySpan<long> values)
    {
        string key = string.Join(',', values.ToArray());
        if (!_lists.TryGetValue(key, out string? name))
        {
            _lists[key] = name = graph.AddInitializer(Prefix + "integers", values, values.Length);
        }

        return name;
    }

    private string Reduce(string type, string value, IEnumerable<int> axes, bool keepsDims) => Op(
        type,
        [value, Integers([.. axes.Select(static axis => (long)axis)])],
        ("keepdims", keepsDims ? 1 : 0));
}
