using System.Text.Json;
using System.Text.RegularExpressions;

namespace ClassActivation.Import.Keras;

/// <summary>
/// The names of .keras archives: layers are called after their types and numbered among those of the same type, their
/// weights are numbered in the order in which layers make them (<c>layers/conv2d_1/vars/0</c>).
/// </summary>
internal sealed partial class NumberedWeights : ILayerWeightNames
{
    private readonly HashSet<string> _names;
    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);

    /// <param name="model">The network's description: its type and its configuration.</param>
    /// <param name="names">The names in the file.</param>
    public NumberedWeights(JsonElement model, IEnumerable<string> names)
    {
        _names = new HashSet<string>(names, StringComparer.Ordinal);
        // Keras 2.12 and 2.13 had another word for it.
        string container = _names.Any(static name => name.StartsWith("_layer_checkpoint_dependencies/", StringComparison.Ordinal))
            ? "_layer_checkpoint_dependencies"
            : "layers";
        Collect(model.GetProperty("config"), "", "", container);
    }

    public string? Find(KerasLayer layer, string weight)
    {
        int position = Array.IndexOf(WeightsOf(layer), weight);
        return position >= 0
            && _folders.TryGetValue(layer.Key, out string? folder)
            && $"{folder}/vars/{position}" is var name
            && _names.Contains(name)
            ? name
            : null;
    }

    private static string[] WeightsOf(KerasLayer layer) => layer.ClassName switch
    {
        "DepthwiseConv2D" => ["depthwise_kernel", "bias"],
        "SeparableConv2D" => ["depthwise_kernel", "pointwise_kernel", "bias"],
        "BatchNormalization" =>
        [
            .. layer.Flag("scale", true) ? ["gamma"] : Array.Empty<string>(),
            .. layer.Flag("center", true) ? ["beta"] : Array.Empty<string>(),
            "moving_mean",
            "moving_variance",
        ],
        "Normalization" => ["mean", "variance"],
        "PReLU" => ["alpha"],
        _ => ["kernel", "bias"],
    };

    private void Collect(JsonElement config, string prefix, string folder, string container)
    {
        JsonElement layers = config.ValueKind == JsonValueKind.Array ? config : config.GetProperty("layers");
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        foreach (JsonElement layer in layers.EnumerateArray())
        {
            string className = KerasLayer.String(layer.GetProperty("class_name"));
            JsonElement layerConfig = layer.GetProperty("config");
            string name = layer.TryGetProperty("name", out JsonElement named)
                ? KerasLayer.String(named)
                : KerasLayer.String(layerConfig.GetProperty("name"));
            string kind = SnakeCase(className);
            int number = counts[kind] = counts.GetValueOrDefault(kind, -1) + 1;
            string own = $"{folder}{container}/{kind}{(number == 0 ? "" : $"_{number}")}";
            _folders[prefix + name] = own;
            if (LayersTopology.IsModel(className))
            {
                Collect(layerConfig, $"{prefix}{name}/", own + "/", container);
            }
        }
    }

    private static string SnakeCase(string name) =>
        LowerBeforeUpper().Replace(WordStart().Replace(name, "$1_$2"), "$1_$2").ToLowerInvariant();

    [GeneratedRegex("(.)([A-Z][a-z]+)", RegexOptions.None, 1000)]
    private static partial Regex WordStart();

    [GeneratedRegex("([a-z])([A-Z])", RegexOptions.None, 1000)]
    private static partial Regex LowerBeforeUpper();
}
