namespace ClassActivation.Import.Keras;

/// <summary>The names of .h5 files and TensorFlow.js: they end in the layer's and the weight's own.</summary>
internal sealed class NamedWeights : ILayerWeightNames
{
    private readonly ILookup<string, string> _byEnd;

    public NamedWeights(IEnumerable<string> names) => _byEnd = names.ToLookup(End, StringComparer.Ordinal);

    public string? Find(KerasLayer layer, string weight)
    {
        string[] found = [.. _byEnd[$"{layer.Name}/{weight}"]];
        if (found.Length > 1)
        {
            // Layers of the same name in several nested models.
            string[] around = layer.Key.Split('/');
            string[] within = [.. found.Where(name => Contains(name.Split('/'), around))];
            found = within.Length == 1 ? within : [.. found.Where(name => name == $"{layer.Key}/{weight}")];
        }

        // Keras 3 calls the kernel of a depthwise convolution its kernel.
        return found.Length == 1 ? found[0] : found.Length == 0 && weight == "depthwise_kernel" ? Find(layer, "kernel") : null;
    }

    private static string End(string name) => string.Join('/', name.Split('/').TakeLast(2));

    private static bool Contains(string[] path, string[] parts)
    {
        int matched = 0;
        foreach (string part in path)
        {
            matched += matched < parts.Length && part == parts[matched] ? 1 : 0;
        }

        return matched == parts.Length;
    }
}
