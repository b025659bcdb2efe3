namespace ClassActivation.Models;

/// <summary>What is known of a dual-output network without loading it.</summary>
public sealed class CamModelInfo
{
    internal CamModelInfo(string path, IReadOnlyDictionary<string, string> metadata)
    {
        Path = path;
        Metadata = metadata;
        Name = System.IO.Path.GetFileNameWithoutExtension(path);
        Length = new FileInfo(path).Length;
        var data = new FileInfo(path + ".data");
        Length += data.Exists ? data.Length : 0;
    }

    /// <summary>The name by which <c>-Model</c> finds the network: its file's name without the extension.</summary>
    public string Name { get; }

    /// <summary>The full path of the ONNX file.</summary>
    public string Path { get; }

    /// <summary>Where the weights come from.</summary>
    public string Source => Text("source");

    /// <summary>C, the number of classes.</summary>
    public int ClassCount => Number("classes", 0);

    /// <summary>K, the number of feature maps before pooling.</summary>
    public int FeatureCount => Number("feature_maps", 0);

    /// <summary>The size on disk in bytes, external data included.</summary>
    public long Length { get; }

    /// <summary>Whether this process holds the network in memory.</summary>
    public bool IsLoaded { get; internal init; }

    /// <summary>The numbers the convolutions compute with: <c>float32</c> or <c>int8</c>.</summary>
    public string Precision => Text("precision", "float32");

    /// <summary>The side in pixels of the square photos the network was trained on.</summary>
    public int Resolution => Number("resolution", 224);

    /// <summary>The layer whose output is <c>activations</c>.</summary>
    public string ActivationLayer => Text("activation_layer");

    /// <summary>The global average pooling layer.</summary>
    public string PoolingLayer => Text("pooling_layer");

    /// <summary>The layer that computes the logits.</summary>
    public string ClassifierLayer => Text("classifier_layer");

    internal IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The network's name.</summary>
    public override string ToString() => Name;

    private string Text(string key, string absent = "") => Metadata.TryGetValue(key, out string? value) ? value : absent;

    private int Number(string key, int absent) => int.TryParse(Text(key), out int value) ? value : absent;
}
