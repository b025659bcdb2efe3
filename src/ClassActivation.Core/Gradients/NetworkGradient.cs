using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;

namespace ClassActivation.Gradients;

/// <summary>Where the cotangent of the scores comes from.</summary>
internal enum CotangentSource
{
    /// <summary>It is an input of the graph: any combination of classes, and rows of them where the network allows it.</summary>
    Input,

    /// <summary>It is 1 at the greatest score, which the graph finds itself, and 0 elsewhere.</summary>
    GreatestScore,
}

/// <summary>
/// The gradient of a network's scores in one of its values, written as further nodes of its graph: reverse-mode
/// differentiation, of which only the vector–Jacobian products are computed. A network runs them like its own nodes.
/// </summary>
internal sealed class NetworkGradient
{
    /// <summary>The name of the input for the cotangent: 1 × classes, or rows × classes.</summary>
    public const string CotangentName = "cotangent";

    /// <summary>The name of the output: the gradient, with the value's dimensions and as many rows as the cotangent.</summary>
    public const string GradientName = "gradient";

    /// <summary>
    /// The name of the output for what the biases behind the value add to the score, one number for each row of cotangents; only
    /// where all between is piecewise linear, and nothing leads around the value.
    /// </summary>
    public const string BiasPartName = "bias_part";

    // Without what only the gradient asks of the network, such as the indices of MaxPool.
    private readonly OnnxGraph _forward;
    private readonly OnnxGraph _graph;
    private readonly bool _takesCotangent;

    private NetworkGradient(
        OnnxGraph forward,
        OnnxGraph graph,
        string feature,
        string scores,
        bool takesCotangent,
        bool carriesRows,
        bool hasBiasPart,
        IReadOnlyList<string> boundary)
    {
        HasBiasPart = hasBiasPart;
        _forward = forward;
        _graph = graph;
        Feature = feature;
        Scores = scores;
        _takesCotangent = takesCotangent;
        CarriesRows = carriesRows;
        Boundary = boundary;
    }

    /// <summary>The value that is differentiated by.</summary>
    public string Feature { get; }

    /// <summary>The value that is differentiated.</summary>
    public string Scores { get; }

    /// <summary>
    /// Whether the tail answers many cotangents in one run, one a row. It does not where the network folds its batch away,
    /// as attention in windows does, nor behind MaxPool.
    /// </summary>
    public bool CarriesRows { get; }

    /// <summary>Whether <see cref="BiasPartName"/> is an output, too.</summary>
    public bool HasBiasPart { get; }

    /// <summary>
    /// What the tail needs from the body besides <see cref="Feature"/>, such as the other way around a residual block;
    /// it is held constant.
    /// </summary>
    public IReadOnlyList<string> Boundary { get; }

    /// <summary>Writes a gradient.</summary>
    /// <param name="prepared">
    /// A network with the types of its values stated, as <see cref="GraphPreparation"/> makes it; it stays as it is.
    /// </param>
    /// <param name="feature">The value to differentiate by: an inner value or an input.</param>
    /// <param name="scores">The value to differentiate, 1 × classes: best those before a softmax.</param>
    /// <param name="source">Where the cotangent of the scores comes from.</param>
    /// <param name="copiesWeights">
    /// Whether convolutions of stride 1 may have mirrored copies of their weights: the gradient is faster and takes more memory.
    /// </param>
    /// <exception cref="GradientException">
    /// The scores do not depend on the value, or an operator between them has no rule.
    /// </exception>
    /// <exception cref="InvalidDataException">The network's operators are too old to be raised, or it cannot be computed.</exception>
    public static NetworkGradient Write(
        OnnxGraph prepared, string feature, string scores, CotangentSource source = CotangentSource.Input, bool copiesWeights = false)
    {
        OnnxGraph forward = Raised(prepared);
        OnnxGraph graph = forward.Clone();
        HashSet<string> dependents = graph.Dependents(feature);
        if (!dependents.Contains(scores) || feature == scores)
        {
            throw new GradientException($"The scores '{scores}' do not depend on '{feature}'; choose a layer before them.");
        }

        HashSet<NodeProto> path = PathOf(graph, scores, feature, dependents);
        IReadOnlyList<string> boundary = BoundaryOf(graph, feature, scores);
        if (source == CotangentSource.Input)
        {
            graph.AddInput(CotangentName, graph.TypeOf(scores)!);
        }

        var pass = new BackwardPass(graph, path, dependents, copiesWeights);
        bool carriesRows = pass.Write(feature, scores, source);
        return new NetworkGradient(
            forward, graph, feature, scores, source == CotangentSource.Input, carriesRows, pass.HasBiasPart, boundary);
    }

    /// <summary>A copy of a graph with operators that gradients can be written of.</summary>
    /// <exception cref="InvalidDataException">The network's operators are too old to be raised, or it cannot be computed.</exception>
    public static OnnxGraph Raised(OnnxGraph prepared)
    {
        OnnxGraph raised = prepared.Clone();
        if (OpsetConversion.Raise(raised))
        {
            GraphProbe.StateTypes(raised);
        }

        return raised;
    }

    /// <summary>What the part behind a value needs from the part before it, besides the value.</summary>
    public static IReadOnlyList<string> BoundaryOf(OnnxGraph graph, string feature, string scores)
    {
        HashSet<string> dependents = graph.Dependents(feature);
        HashSet<string> computed = new(graph.Inputs.SelectMany(graph.Dependents), StringComparer.Ordinal);
        HashSet<NodeProto> path = PathOf(graph, scores, feature, dependents);
        return [.. graph.Nodes
            .Where(path.Contains)
            .SelectMany(OnnxGraph.InputsOf)
            .Where(input => computed.Contains(input) && !dependents.Contains(input))
            .Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The operators between a value and the scores that have no rule; they are in the way of a gradient.</summary>
    public static IReadOnlyList<string> OperatorsWithoutRule(OnnxGraph graph, string feature, string scores) =>
        BackwardPass.OperatorsWithoutRule(PathOf(graph, scores, feature, graph.Dependents(feature)));

    /// <summary>The whole network with its gradient: from the inputs to the value, the scores and the gradient.</summary>
    public OnnxGraph Whole() => Part(_forward.Inputs, [Feature, Scores, .. Gradients]);

    /// <summary>The network without a gradient: from the inputs to the value and the scores.</summary>
    public OnnxGraph Forward() =>
        _forward.Extract(_forward.Inputs, _forward.Inputs.Contains(Feature) ? [Scores] : [Feature, Scores]);

    /// <summary>From the inputs to the value and to what the tail needs besides.</summary>
    public OnnxGraph Body() => _forward.Extract(_forward.Inputs, [Feature, .. Boundary]);

    /// <summary>From the value, what is needed besides and the cotangent to the scores and the gradient.</summary>
    public OnnxGraph Tail() => Part([Feature, .. Boundary], [Scores, .. Gradients]);

    /// <summary>From the value, what is needed besides, values that the forward pass kept and the cotangent to the gradient.</summary>
    /// <param name="saved">Values between the feature and the scores, see <see cref="SavedValues"/>.</param>
    public OnnxGraph Backward(IReadOnlyList<string> saved) => Part([Feature, .. Boundary, .. saved], Gradients);

    private string[] Gradients => HasBiasPart ? [GradientName, BiasPartName] : [GradientName];

    private OnnxGraph Part(IReadOnlyList<string> inputs, IReadOnlyList<string> outputs)
    {
        IReadOnlyList<string> given = _takesCotangent ? [.. inputs, CotangentName] : inputs;
        OnnxGraph part = _graph.Extract(given, [.. outputs.Where(output => !inputs.Contains(output))]);
        if (CarriesRows && _takesCotangent)
        {
            foreach (string name in (string[])[CotangentName, .. Gradients])
            {
                OnnxValueType type = part.TypeOf(name)!;
                part.SetType(name, type with { Dims = [-1, .. type.Dims!.Skip(1)] });
            }
        }

        return part;
    }

    /// <summary>The nodes between a value and the scores.</summary>
    public static HashSet<NodeProto> PathOf(OnnxGraph graph, string scores, string feature, HashSet<string> dependents)
    {
        HashSet<NodeProto> path = graph.NodesBetween([feature], [scores]);
        path.RemoveWhere(node => !node.Output.Any(dependents.Contains));
        return path;
    }
}
