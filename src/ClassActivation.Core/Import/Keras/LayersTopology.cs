using System.Globalization;
using System.Text.Json;

namespace ClassActivation.Import.Keras;

/// <summary>
/// The layers of a layers-model as one flat graph: Sequential and functional models of Keras 2, Keras 3 and
/// TensorFlow.js, with the models nested in them taken apart.
/// </summary>
internal sealed class LayersTopology
{
    // Far more than any network has, and few enough to be looked through.
    private const int MostLayers = 10_000;
    private const int MostInputs = 1_000;

    private readonly List<KerasLayer> _layers = [];

    // From a nested model to its last layer, and from its input layer to what it is called with.
    private readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal);
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);

    private LayersTopology(JsonElement model, string? kerasVersion)
    {
        KerasVersion = MajorVersion(kerasVersion);
        string output = Add(KerasLayer.String(model.GetProperty("class_name")), model.GetProperty("config"), "", null);

        Layers = Arrange(Resolve(output));
        Output = Layers[^1];
        Input = Layers.Count(layer => layer.ClassName == "InputLayer") == 1
            ? Layers.First(layer => layer.ClassName == "InputLayer")
            : throw new ModelImportException("The network has more than one input; only networks that take one image can be used.");
        Name = model.GetProperty("config") is { ValueKind: JsonValueKind.Object } named
            && named.TryGetProperty("name", out JsonElement name) ? KerasLayer.String(name) : "model";
        Consumers = Layers
            .SelectMany(layer => layer.Inputs.Select(input => (input, layer)))
            .ToLookup(edge => edge.input, edge => edge.layer);
        ChannelsFirst = Layers.Any(layer => layer.ClassName != "Flatten" && layer.Text("data_format", "") == "channels_first");
        if (ChannelsFirst
            && Layers.FirstOrDefault(
                layer => layer.Text("data_format", "") == "channels_last" && layer.ClassName != "Flatten") is { } other)
        {
            throw other.Error(
                "is 'channels_last' in a network that is otherwise 'channels_first'; export the network with one data format");
        }
    }

    public string Name { get; }

    /// <summary>The major version of Keras; TensorFlow.js counts as Keras 2.</summary>
    public int KerasVersion { get; }

    /// <summary>Whether the network's images are channels × height × width, not height × width × channels.</summary>
    public bool ChannelsFirst { get; }

    /// <summary>The layers that lead to the output, in an order in which inputs come first.</summary>
    public IReadOnlyList<KerasLayer> Layers { get; }

    public KerasLayer Input { get; }

    public KerasLayer Output { get; }

    /// <summary>From a layer's key to the layers that take its output.</summary>
    public ILookup<string, KerasLayer> Consumers { get; }

    public KerasLayer this[string key] => Layers.First(layer => layer.Key == key);

    /// <summary>Reads the description that TensorFlow.js has.</summary>
    public static LayersTopology Read(JsonElement topology) => Guard.Description(
        () => Read(
            topology.TryGetProperty("model_config", out JsonElement model) ? model : topology,
            topology.TryGetProperty("keras_version", out JsonElement version) ? version.GetString() : null),
        Unknown);

    /// <summary>Reads a description.</summary>
    /// <param name="model">The network's type and configuration.</param>
    /// <param name="kerasVersion">The version of Keras that wrote it; null where nothing says it.</param>
    public static LayersTopology Read(JsonElement model, string? kerasVersion) =>
        Guard.Description(() => new LayersTopology(model, kerasVersion), Unknown);

    /// <summary>Whether a layer's type is that of a network of its own.</summary>
    public static bool IsModel(string className) => className is "Sequential" or "Model" or "Functional";

    private static string Unknown() => "The network's description is incomplete or of an unknown form; export the model again.";

    /// <summary>Adds a model's layers.</summary>
    /// <param name="className">The model's type.</param>
    /// <param name="config">The model's configuration.</param>
    /// <param name="prefix">The names of the models around it, each with a slash behind.</param>
    /// <param name="inputs">What a nested model is called with; null for the network itself.</param>
    /// <returns>The key of the last layer.</returns>
    private string Add(string className, JsonElement config, string prefix, IReadOnlyList<string>? inputs) => className switch
    {
        "Sequential" => AddSequential(config, prefix, inputs),
        "Model" or "Functional" => AddFunctional(config, prefix, inputs),
        _ => throw new ModelImportException(
            $"The network is of the type '{className}'; only Sequential and functional Keras models can be imported."),
    };

    private string AddFunctional(JsonElement config, string prefix, IReadOnlyList<string>? inputs)
    {
        List<string> inputLayers = LayerNames(config.GetProperty("input_layers"));
        List<string> outputLayers = LayerNames(config.GetProperty("output_layers"));
        if (outputLayers.Count != 1)
        {
            throw new ModelImportException(
                $"The model '{config.GetProperty("name")}' has {outputLayers.Count} outputs; only networks with one output, the"
                + " class scores, can be used.");
        }

        foreach (JsonElement layer in config.GetProperty("layers").EnumerateArray())
        {
            JsonElement layerConfig = layer.GetProperty("config");
            string name = layer.TryGetProperty("name", out JsonElement named)
                ? KerasLayer.String(named)
                : KerasLayer.String(layerConfig.GetProperty("name"));
            LayerCall[] calls = [.. layer.GetProperty("inbound_nodes").EnumerateArray().Select(node => LayerCall.Read(node, name))];
            if (calls.Length > 1)
            {
                throw new ModelImportException(
                    $"The layer '{prefix}{name}' ({layer.GetProperty("class_name")}) is used {calls.Length} times; give each use a layer"
                    + " of its own and export the model again.");
            }

            int position = inputLayers.IndexOf(name);
            AddLayer(
                KerasLayer.String(layer.GetProperty("class_name")),
                layerConfig,
                prefix,
                name,
                position >= 0
                    ? inputs is null
                    ? []
                    : [inputs[position]]
                    : [.. calls.SelectMany(call => call.Inputs).Select(input => prefix + input)],
                calls.Length == 1 ? calls[0].Operand : null);
        }

        return prefix + outputLayers[0];
    }

    private string AddSequential(JsonElement config, string prefix, IReadOnlyList<string>? inputs)
    {
        JsonElement layers = config.ValueKind == JsonValueKind.Array ? config : config.GetProperty("layers");
        IReadOnlyList<string> previous = inputs ?? [];
        foreach (JsonElement layer in layers.EnumerateArray())
        {
            string className = KerasLayer.String(layer.GetProperty("class_name"));
            JsonElement layerConfig = layer.GetProperty("config");
            string name = layerConfig.ValueKind == JsonValueKind.Object ? KerasLayer.String(layerConfig.GetProperty("name")) : "sequential";
            if (previous.Count == 0 && className != "InputLayer" && !IsModel(className))
            {
                string input = $"{prefix}{name}_input";
                AddLayer("InputLayer", layerConfig, prefix, name + "_input", []);
                previous = [input];
            }

            AddLayer(className, layerConfig, prefix, name, previous);
            previous = [prefix + name];
        }

        return previous.Count == 1 ? previous[0] : throw new ModelImportException("The network has no layers.");
    }

    private void AddLayer(
        string className, JsonElement config, string prefix, string name, IReadOnlyList<string> inputs, KerasOperand? operand = null)
    {
        string key = prefix + name;
        if (!_keys.Add(key))
        {
            throw new ModelImportException(
                $"Two layers of the network are named '{key}'; give each a name of its own and export the model again.");
        }

        if (_keys.Count > MostLayers || inputs.Count > MostInputs)
        {
            throw new ModelImportException(
                $"The network has more than {MostLayers} layers, or one of more than {MostInputs} inputs ('{key}'); such"
                + " networks cannot be imported.");
        }

        if (className == "InputLayer" && inputs.Count == 1)
        {
            _aliases.Add(key, inputs[0]);
        }
        else if (IsModel(className))
        {
            _aliases.Add(key, Add(className, config, key + "/", inputs.Count == 0 ? null : inputs));
        }
        else
        {
            _layers.Add(new KerasLayer(key, className, config, inputs) { Operand = operand });
        }
    }

    private string Resolve(string key)
    {
        string resolved = key;
        for (int steps = 0; _aliases.TryGetValue(resolved, out string? target); steps++)
        {
            resolved = steps < _aliases.Count ? target : throw new ModelImportException(
                $"The nested model '{key}' takes its own output as its input; only networks without loops can be imported.");
        }

        return resolved;
    }

    /// <summary>The layers that lead to the output, in the order of model.json as far as inputs come first in it.</summary>
    private List<KerasLayer> Arrange(string output)
    {
        Dictionary<string, KerasLayer> byKey = _layers.ToDictionary(
            layer => layer.Key,
            layer => layer with { Inputs = [.. layer.Inputs.Select(Resolve)] },
            StringComparer.Ordinal);
        HashSet<string> used = new(StringComparer.Ordinal);
        Stack<string> open = new([output]);
        while (open.TryPop(out string? key))
        {
            if (!byKey.TryGetValue(key, out KerasLayer? layer))
            {
                throw new ModelImportException($"model.json refers to a layer '{key}' that it does not describe; export the model again.");
            }

            if (used.Add(key))
            {
                foreach (string input in layer.Inputs)
                {
                    open.Push(input);
                }
            }
        }

        List<KerasLayer> arranged = [];
        List<KerasLayer> pending = [.. _layers.Select(layer => byKey[layer.Key]).Where(layer => used.Contains(layer.Key))];
        HashSet<string> done = new(StringComparer.Ordinal);
        while (pending.Count > 0)
        {
            int before = pending.Count;
            pending.RemoveAll(layer =>
            {
                bool ready = layer.Inputs.All(done.Contains);
                if (ready)
                {
                    done.Add(layer.Key);
                    arranged.Add(layer);
                }

                return ready;
            });
            if (pending.Count == before)
            {
                throw pending[0].Error("is part of a loop; only networks without loops can be imported");
            }
        }

        KerasLayer last = byKey[output];
        arranged.Remove(last);
        arranged.Add(last);
        return arranged;
    }

    /// <summary>Names from <c>["a", 0, 0]</c> (Keras 3) or <c>[["a", 0, 0], …]</c>.</summary>
    private static List<string> LayerNames(JsonElement value) =>
        value.GetArrayLength() > 0 && value[0].ValueKind == JsonValueKind.String
            ? [KerasLayer.String(value[0])]
            : [.. value.EnumerateArray().Select(item => KerasLayer.String(item[0]))];

    private static int MajorVersion(string? version) =>
        int.TryParse((version ?? "").Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major) ? major : 2;
}
