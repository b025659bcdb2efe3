using ClassActivation.Gradients;
using ClassActivation.Networks;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;

namespace ClassActivation.Inference;

/// <summary>Which layers of a network maps can be made of.</summary>
internal sealed class NetworkLayers
{
    private const int MostSuggestions = 3;

    private readonly OnnxGraph _graph;
    private readonly CamModelInfo _info;
    private readonly string _scores;
    private readonly IReadOnlyList<LayerSummary> _table;
    private readonly IReadOnlyDictionary<string, string> _values;
    private readonly HashSet<string> _computed;

    /// <summary>Reads the layers of a network.</summary>
    /// <param name="file">Its file.</param>
    /// <param name="info">What it says of itself.</param>
    /// <exception cref="ModelException">Its graph is damaged.</exception>
    public NetworkLayers(OnnxModelFile file, CamModelInfo info)
    {
        try
        {
            _graph = new OnnxGraph(file);
            _scores = ScoresOf(_graph);
        }
        catch (InvalidDataException e)
        {
            throw new ModelException(ModelFailure.Unreadable, e.Message, e);
        }

        _info = info;
        _table = info.ReadLayers();
        _values = LayerValues.Of(_graph, _table);
        _computed = _graph.Dependents(NetworkContract.Image);
        Default = TailOf(info.IsLinear ? NetworkContract.Activations : TransformerLayer() ?? NetworkContract.Activations);
    }

    /// <summary>Reads the layers of a network that need not be loaded.</summary>
    /// <exception cref="ModelException">Its file cannot be read.</exception>
    public static NetworkLayers Read(CamModelInfo info) => new(CamModelFile.Open(info.Path), info);

    /// <summary>The table of layers of a network that need not be loaded; of a damaged graph nothing is explainable.</summary>
    /// <exception cref="ModelException">The table is damaged.</exception>
    public static IReadOnlyList<LayerSummary> ReadTable(CamModelInfo info)
    {
        try
        {
            return Read(info).Table;
        }
        catch (ModelException)
        {
            return info.ReadLayers();
        }
    }

    /// <summary>The end of the network behind the layer that maps are made of where none is named.</summary>
    public NetworkTail Default { get; }

    /// <summary>The network behind its pixels, as it takes them.</summary>
    /// <exception cref="ModelException">It takes them as they are, as bytes.</exception>
    /// <param name="scores">The value that the tail ends in; null for the logits.</param>
    public NetworkTail Pixels(string? scores) => LayerValues.NetworkInputOf(_graph) is var value && value != NetworkContract.Image
        ? TailOf(value, scores)
        : throw new ModelException(
            ModelFailure.NoGradient, $"The network '{_info.Name}' takes pixels as bytes, in which there is no gradient.");

    /// <summary>The tokens that the first block of a vision transformer takes, for the relevance of its attention to them.</summary>
    /// <exception cref="ModelException">It is none.</exception>
    public NetworkTail Tokens
    {
        get
        {
            string? tokens = null;
            HashSet<NodeProto> path = _graph.NodesBetween([NetworkContract.Image], [_scores]);
            foreach (NodeProto node in _graph.Nodes.Where(path.Contains))
            {
                if (node.OpType == "Softmax")
                {
                    break;
                }

                if (NetworkGradient.BoundaryOf(_graph, node.Output[0], _scores).Count == 0)
                {
                    tokens = node.Output[0];
                }
            }

            return tokens is not null && path.Any(static node => node.OpType == "Softmax")
                ? TailOf(tokens) with { IsAttention = true }
                : throw NoAttention(_info.Name, null);
        }
    }

    /// <summary>The exception for a network without attention among all tokens.</summary>
    public static ModelException NoAttention(string network, Exception? cause) => new(
        ModelFailure.NoAttention,
        $"The network '{network}' has no blocks in which each part of the photo attends to all others, as the vision"
        + " transformers ViT and DeiT "
        + "have them and Swin, which attends in windows, has not.",
        cause);

    /// <summary>
    /// What the network's own session must give for the gradient behind <see cref="Default"/>; nothing where its graph is
    /// damaged.
    /// </summary>
    public static IReadOnlyList<string> ValuesOfTheEnd(OnnxModelFile file, CamModelInfo info)
    {
        try
        {
            NetworkTail end = new NetworkLayers(file, info).Default;
            return [.. end.Inputs.Concat(end.Saved).Except(file.Outputs)];
        }
        catch (ModelException)
        {
            return [];
        }
    }

    /// <summary>The layers of the table, and whether maps can be made of each.</summary>
    public IReadOnlyList<LayerSummary> Table => [.. _table.Select(layer => layer with { IsExplainable = IsExplainable(layer) })];

    /// <summary>The value that the network makes its answers of.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static string ScoresOf(OnnxGraph graph)
    {
        string value = NetworkContract.Predictions;
        while (graph.Producer(value) is { OpType: "Identity", Input: [var before] })
        {
            value = before;
        }

        return graph.Outputs.Contains(NetworkContract.Logits) ? NetworkContract.Logits
            : graph.Producer(value) is { OpType: "Softmax" or "Sigmoid", Input: [var scores] } ? scores
            : throw new InvalidDataException("The network's predictions are not made of scores by softmax or sigmoid.");
    }

    /// <summary>The ends of the network behind layers; behind the network's own where none is named.</summary>
    /// <exception cref="ModelException">There is no such layer, or it has no feature maps.</exception>
    /// <param name="layers">The names of the layers.</param>
    /// <param name="scores">The value that the tails end in; null for the logits.</param>
    public IReadOnlyList<NetworkTail> Find(IReadOnlyList<string> layers, string? scores = null) =>
        layers.Count == 0 ? [Default] : [.. layers.Select(layer => Find(layer, scores))];

    /// <summary>The end of the network behind a layer.</summary>
    /// <param name="layer">The layer's name in the table.</param>
    /// <param name="scores">The value that the tail ends in; null for the logits.</param>
    /// <exception cref="ModelException">There is no such layer, or it has no feature maps.</exception>
    public NetworkTail Find(string layer, string? scores = null)
    {
        if (layer == _info.ActivationLayer)
        {
            return TailOf(NetworkContract.Activations, scores);
        }

        LayerSummary? row = _table.FirstOrDefault(row => row.Name == layer);
        return row is not null && HasFeatureMaps(row, scores) ? TailOf(_values[layer], scores) : throw new ModelException(
            ModelFailure.NoSuchLayer,
            row is null
                ? $"The network '{_info.Name}' has no layer '{layer}'.{Suggestion(layer)}"
                : $"The layer '{layer}' of the network '{_info.Name}' has no feature maps of two dimensions, or its scores"
                    + " do not follow from them.");
    }

    private string Suggestion(string layer)
    {
        string[] names = [.. _table.Where(IsExplainable).Select(static row => row.Name).Reverse()];
        string[] holding = Array.FindAll(names, name => name.Contains(layer, StringComparison.OrdinalIgnoreCase));
        IReadOnlyList<string> near = holding.Length > 0
            ? [.. holding.Take(MostSuggestions)]
            : NameSuggestion.Nearest(layer, names.Select(static name => (name, (IEnumerable<string>)[name])), MostSuggestions);
        return near.Count == 0 ? "" : $" Did you mean {string.Join(" or ", near)}?";
    }

    /// <summary>Whether there is a layer of this name that has feature maps.</summary>
    public bool Has(string layer) =>
        layer == _info.ActivationLayer || (_table.FirstOrDefault(row => row.Name == layer) is { } found && HasFeatureMaps(found));

    /// <summary>The operators without a gradient behind a layer; none where all have one.</summary>
    public IReadOnlyList<string> OperatorsWithoutGradient(NetworkTail tail) =>
        NetworkGradient.OperatorsWithoutRule(_graph, tail.Layer, _scores);

    /// <summary>
    /// The value of the attention's input in the last block of a transformer; null where the maps are not made of tokens.
    /// </summary>
    private string? TransformerLayer()
    {
        HashSet<NodeProto> tail = _graph.NodesBetween([NetworkContract.Activations], [_scores]);
        NodeProto? attention = _graph.Nodes.LastOrDefault(node => node.OpType == "Softmax" && tail.Contains(node));
        if (attention is null)
        {
            return null;
        }

        // At the block's output and at the final normalisation the gradient is zero for all tokens but the class's; in front of a
        // normalisation, which does not see scale, activations times gradients are rounding noise. Behind it they are right.
        var left = new Queue<string>(attention.Input);
        HashSet<string> seen = new(StringComparer.Ordinal);
        while (left.TryDequeue(out string? value))
        {
            if (!seen.Add(value) || _graph.Producer(value) is not { } node || !tail.Contains(node))
            {
                continue;
            }

            if (IsNormalized(node))
            {
                return value;
            }

            foreach (string input in OnnxGraph.InputsOf(node))
            {
                left.Enqueue(input);
            }
        }

        return null;
    }

    private bool IsNormalized(NodeProto node) =>
        node.OpType == "LayerNormalization"
        || (node is { OpType: "Add", Input.Count: 2 } && node.Input.Any(_graph.IsConstant)
            && Computed(node) is { OpType: "Mul", Input.Count: 2 } scaled && scaled.Input.Any(_graph.IsConstant)
            && Computed(scaled) is { OpType: "Div" } divided && _graph.Producer(divided.Input[1])?.OpType == "Sqrt");

    private NodeProto? Computed(NodeProto node) => _graph.Producer(node.Input.First(input => !_graph.IsConstant(input)));

    private bool IsExplainable(LayerSummary layer) =>
        HasFeatureMaps(layer) && NetworkGradient.OperatorsWithoutRule(_graph, _values[layer.Name], _scores).Count == 0;

    private bool HasFeatureMaps(LayerSummary layer, string? scores = null) =>
        _values.TryGetValue(layer.Name, out string? value)
        && _computed.Contains(value)
        && FeatureLayout.Of([.. layer.OutputShape.Select(static (dim, axis) => axis == 0 ? dim ?? 1 : dim ?? 0L)]) is not null
        && value != _scores && _graph.Dependents(value).Contains(scores ?? _scores);

    private NetworkTail TailOf(string value, string? scores = null) =>
        new(value, NetworkGradient.BoundaryOf(_graph, value, scores ?? _scores))
        {
            Scores = scores,
            // Between operators that compute with 8 bits no value is one of floats, unless it is asked for.
            Saved = _info.IsQuantized ? [] : SavedValues.Of(_graph, value, scores ?? _scores),
        };
}
