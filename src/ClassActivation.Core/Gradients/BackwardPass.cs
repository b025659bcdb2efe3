using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;

namespace ClassActivation.Gradients;

/// <summary>Walks a network's path from its scores back to a value, and lets each node's rule write its step.</summary>
internal sealed class BackwardPass
{
    private readonly OnnxGraph _graph;
    private readonly HashSet<NodeProto> _path;
    private readonly HashSet<string> _dependents;
    private readonly GradientWriter _write;
    private readonly Dictionary<string, List<string>> _cotangents = new(StringComparer.Ordinal);

    /// <param name="graph">The graph that is written to.</param>
    /// <param name="path">The nodes between the value and the scores.</param>
    /// <param name="dependents">The value and all that is computed from it.</param>
    /// <param name="copiesWeights">Whether weights may be copied where that makes the gradient faster.</param>
    public BackwardPass(OnnxGraph graph, HashSet<NodeProto> path, HashSet<string> dependents, bool copiesWeights)
    {
        _graph = graph;
        _path = path;
        _dependents = dependents;
        _write = new GradientWriter(graph) { CopiesWeights = copiesWeights };
    }

    /// <summary>Writes the gradient as the value <see cref="NetworkGradient.GradientName"/>.</summary>
    /// <returns>Whether it carries rows of cotangents.</returns>
    public bool Write(string feature, string scores, CotangentSource source)
    {
        OnnxValueType scoresType = _graph.TypeOf(scores)!;
        NodeProto[] order = Order();
        RequireRules(order);
        _write.ElementType = scoresType.ElementType;
        (string gradient, bool carriesRows) =
            Gradient(feature, scores, source == CotangentSource.Input ? NetworkGradient.CotangentName : GreatestScore(scores, scoresType));
        carriesRows &= source == CotangentSource.Input;
        _write.ElementType = scoresType.ElementType;
        HasBiasPart = NetworkGradient.BoundaryOf(_graph, feature, scores).Count == 0 && WriteBiasPart(order, carriesRows);
        Name(gradient, NetworkGradient.GradientName, _graph.TypeOf(feature)!);
        return carriesRows;
    }

    /// <summary>Writes the gradient.</summary>
    /// <param name="feature">The value to differentiate by.</param>
    /// <param name="scores">The value to differentiate.</param>
    /// <param name="cotangent">The value of its cotangent.</param>
    /// <returns>Its value, and whether it carries rows of cotangents.</returns>
    public (string Value, bool CarriesRows) Gradient(string feature, string scores, string cotangent)
    {
        NodeProto[] order = Order();
        RequireRules(order);
        _cotangents[scores] = [cotangent];
        bool carriesRows = StartsWithOne(scores) && StartsWithOne(feature);
        foreach (NodeProto node in order)
        {
            carriesRows &= Step(node);
        }

        OnnxValueType type = _graph.TypeOf(feature)!;
        _write.ElementType = type.ElementType;
        return (CotangentOf(feature) ?? _write.Expand(_write.Scalar(0), [.. type.Dims!]), carriesRows);
    }

    private NodeProto[] Order() => [.. _graph.Nodes.Where(_path.Contains).Reverse()];

    /// <summary>Whether <see cref="NetworkGradient.BiasPartName"/> was written, too.</summary>
    public bool HasBiasPart { get; private set; }

    private bool WriteBiasPart(NodeProto[] order, bool carriesRows)
    {
        if (BiasPart.Write(order, CotangentOf, _graph, _write, carriesRows) is not { } part)
        {
            return false;
        }

        Name(part, NetworkGradient.BiasPartName, new OnnxValueType(_write.ElementType, [1]));
        return true;
    }

    private void Name(string value, string name, OnnxValueType type)
    {
        var named = new NodeProto { OpType = "Identity", Name = name };
        named.Input.Add(value);
        named.Output.Add(name);
        _graph.Append(named);
        _graph.SetType(name, type);
    }

    /// <returns>Whether the step carries rows of cotangents.</returns>
    private bool Step(NodeProto node)
    {
        string?[] cotangents = [.. node.Output.Select(CotangentOf)];
        int first = Array.FindIndex(cotangents, static cotangent => cotangent is not null);
        if (first < 0)
        {
            return true;
        }

        // The gradient of a quantized value keeps the type of what follows it.
        if (_graph.TypeOf(node.Output[first]) is { ElementType: DataType.Float or DataType.Double or DataType.Float16 } type)
        {
            _write.ElementType = type.ElementType;
        }

        var differentiated = new DifferentiatedNode(_graph, node, cotangents, _dependents.Contains, Give);
        GradientRules.Find(node)!.Step(differentiated, _write);
        return differentiated.CarriesRows && node.Output.Take(1).Concat(node.Input).Where(_dependents.Contains).All(StartsWithOne);
    }

    private void Give(string value, string gradient)
    {
        if (!_cotangents.TryGetValue(value, out List<string>? given))
        {
            _cotangents[value] = given = [];
        }

        given.Add(gradient);
    }

    /// <summary>The sum of what a value's consumers gave; null where none did.</summary>
    private string? CotangentOf(string value)
    {
        if (!_cotangents.TryGetValue(value, out List<string>? given))
        {
            return null;
        }

        if (given.Count > 1)
        {
            _cotangents[value] = given = [given.Skip(1).Aggregate(given[0], _write.Add)];
        }

        return given[0];
    }

    private string GreatestScore(string scores, OnnxValueType type)
    {
        string index = _write.Op("ArgMax", [scores], ("axis", -1L), ("keepdims", 0));
        string depth = _graph.AddInitializer<long>("gradient/classes", [type.Dims![^1]]);
        return _write.Op("OneHot", [index, depth, _write.Constant([0, 1], 2)], ("axis", -1L));
    }

    private bool StartsWithOne(string value) => _graph.TypeOf(value)?.Dims is [1, ..];

    /// <summary>The operators of some nodes that have no rule, by name.</summary>
    public static IReadOnlyList<string> OperatorsWithoutRule(IEnumerable<NodeProto> nodes) => [.. nodes
        .Where(static node => GradientRules.Find(node) is null && !HasNoGradient(node))
        .Select(GradientRules.KeyOf)
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal)];

    private static void RequireRules(NodeProto[] order)
    {
        IReadOnlyList<string> unknown = OperatorsWithoutRule(order);
        if (unknown.Count > 0)
        {
            throw new GradientException(
                $"No gradient is known of the operator{(unknown.Count > 1 ? "s" : "")}"
                + $" {string.Join(", ", unknown.Select(static name => $"'{name}'"))} "
                + "between the layer and the scores. Use a method without gradients, such as Recipro-CAM, or a layer behind them.",
                unknown);
        }
    }

    /// <summary>Operators whose results are truth values or positions: no rule asks for a cotangent of them.</summary>
    private static bool HasNoGradient(NodeProto node) => node.OpType is
        "Shape" or "Size" or "ArgMax" or "ArgMin" or "Greater" or "GreaterOrEqual" or "Less" or "LessOrEqual" or "Equal" or "Not"
        or "And" or "Or" or "Xor" or "IsNaN" or "IsInf" or "NonZero" or "OneHot";
}
