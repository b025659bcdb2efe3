using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;

namespace ClassActivation.Gradients;

/// <summary>A node on the way back, with the cotangents of its results.</summary>
internal sealed class DifferentiatedNode
{
    private readonly OnnxGraph _graph;
    private readonly IReadOnlyList<string?> _cotangents;
    private readonly Func<string, bool> _isNeeded;
    private readonly Action<string, string> _give;

    public DifferentiatedNode(
        OnnxGraph graph,
        NodeProto node,
        IReadOnlyList<string?> cotangents,
        Func<string, bool> isNeeded,
        Action<string, string> give)
    {
        _graph = graph;
        Proto = node;
        _cotangents = cotangents;
        _isNeeded = isNeeded;
        _give = give;
    }

    /// <summary>The node of the network.</summary>
    public NodeProto Proto { get; }

    /// <summary>The first value it takes.</summary>
    public string X => Proto.Input[0];

    /// <summary>Its first result.</summary>
    public string Y => Proto.Output[0];

    /// <summary>The cotangent of its first result.</summary>
    public string Cotangent => _cotangents[0] ?? throw Refused("whose first result the score does not need");

    /// <summary>Whether the step carries rows of cotangents, one for each class, as well as one row.</summary>
    public bool CarriesRows { get; private set; } = true;

    /// <summary>The cotangent of any of its results; null where the score does not need that one.</summary>
    public string? CotangentOf(int output) => _cotangents[output];

    /// <summary>Whether a value that the node takes depends on the one to differentiate by.</summary>
    public bool Needs(int input) => Proto.OptionalInput(input) is { } value && _isNeeded(value);

    /// <summary>Adds to the cotangent of a value that the node takes; one that nobody needs is dropped.</summary>
    public void Give(int input, string gradient)
    {
        if (Needs(input))
        {
            _give(Proto.Input[input], gradient);
        }
    }

    /// <summary>Says that the step is right for one row of cotangents only.</summary>
    public void RefuseRows() => CarriesRows = false;

    /// <summary>Says so where an operator works along the first axis.</summary>
    public void RefuseRowsOn(IEnumerable<int> axes)
    {
        if (axes.Contains(0))
        {
            RefuseRows();
        }
    }

    /// <summary>The dimensions of a value.</summary>
    public long[] Dims(string value) => _graph.TypeOf(value) is { IsFixed: true } type
        ? [.. type.Dims!]
        : throw Refused($"where the dimensions of '{value}' are not known");

    /// <summary>An axis counted from the front.</summary>
    public static int Axis(long axis, int rank) => (int)(axis < 0 ? axis + rank : axis);

    /// <summary>A constant that the node takes, as numbers; null where it takes none there.</summary>
    public double[]? Numbers(int input) => Proto.OptionalInput(input) is { } value
        ? _graph.Numbers(value) ?? throw Refused($"whose input {input} is computed")
        : null;

    /// <summary>A constant that the node takes, where it holds float32 numbers; null elsewhere.</summary>
    public float[]? Floats(int input) => Proto.OptionalInput(input) is { } value ? _graph.Floats(value) : null;

    /// <summary>A constant that the node takes, as integers; null where it takes none there.</summary>
    public long[]? Integers(int input) => Proto.OptionalInput(input) is { } value
        ? _graph.Integers(value) ?? throw Refused($"whose input {input} is computed")
        : null;

    /// <summary>Whether an input is a constant of the graph.</summary>
    public bool IsConstant(int input) => Proto.OptionalInput(input) is { } value && _graph.IsConstant(value);

    /// <summary>Refuses the node where the gradient would have to go to a value that the rule does not differentiate by.</summary>
    public void RequireIndependent(params ReadOnlySpan<int> inputs)
    {
        foreach (int input in inputs)
        {
            if (Needs(input))
            {
                throw Refused($"whose input {input} depends on the layer");
            }
        }
    }

    /// <summary>An exception for a use of the operator that its rule does not cover.</summary>
    public GradientException Refused(string how) => new(
        $"The network has the operator '{GradientRules.KeyOf(Proto)}' (node '{Proto.Name}') {how}; its gradient is not known. "
        + "Use a method without gradients, such as Recipro-CAM, or a layer behind it.");
}
