using System.Globalization;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;
using ClassActivation.Photos;

namespace ClassActivation.Networks;

/// <summary>What is known of a dual-output network without loading it.</summary>
public sealed class CamModelInfo
{
    private readonly IReadOnlyDictionary<string, string> _metadata;
    private readonly Lazy<string> _hash;

    internal CamModelInfo(OnnxModelFile file)
    {
        Path = file.FilePath;
        _metadata = file.Metadata;
        _hash = new Lazy<string>(() => NetworkHash.Of(file.FilePath, file.DataFiles));
        IReadOnlyList<long> shape = CamModelFile.FeaturesAndClasses(file);
        (FeatureCount, ClassCount) = (checked((int)shape[0]), checked((int)shape[1]));
        Name = System.IO.Path.GetFileNameWithoutExtension(Path);
        TakesBatches = file.Model.Graph.Input is [{ Type.TensorType.Shape.Dim: [{ ValueCase: not TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue }, ..] }, ..];
        Length = file.DataFiles.Prepend(Path).Sum(static part => new FileInfo(part).Length);
    }

    /// <summary>The name by which <c>-Model</c> finds the network: its file's name without the extension.</summary>
    public string Name { get; }

    /// <summary>The full path of the ONNX file.</summary>
    public string Path { get; }

    /// <summary>
    /// What tells the network from others of its name, wherever its files lie: 32 hexadecimal digits. Large files of
    /// weights are sampled, since any training changes nearly all of them.
    /// </summary>
    public string Hash => _hash.Value;

    /// <summary>Where the weights come from.</summary>
    public string Source => Text(NetworkContract.Keys.Source);

    /// <summary>C, the number of classes.</summary>
    public int ClassCount { get; }

    /// <summary>K, the number of feature maps before pooling.</summary>
    public int FeatureCount { get; }

    /// <summary>The size on disk in bytes, external data included.</summary>
    public long Length { get; }

    /// <summary>Whether this process holds the network in memory.</summary>
    public bool IsLoaded { get; internal init; }

    /// <summary>Whether it is the network that is asked where none is named.</summary>
    public bool IsDefault { get; internal set; }

    /// <summary>The numbers the convolutions compute with: <c>float32</c> or <c>int8</c>.</summary>
    public string Precision => Text(NetworkContract.Keys.Precision, "float32");

    /// <summary>The bits of a convolution's weight: 32, or 8 or 7 where the network is quantized.</summary>
    public int WeightBits => Number(NetworkContract.Keys.WeightBits, 32);

    /// <summary>
    /// How often an 8-bit copy gives its network's answer, on the photos that were held back from its calibration; null where
    /// none were, and for other networks.
    /// </summary>
    public AnswerAgreement? Agreement => AnswerAgreement.Parse(Text(NetworkContract.Keys.Agreement));

    /// <summary>The side in pixels of the square photos the network was trained on.</summary>
    public int Resolution => Number(NetworkContract.Keys.Resolution, 224);

    /// <summary>Whether the network ends in global average pooling and one linear layer, so that its classes have weights.</summary>
    public bool IsLinear => Text(NetworkContract.Keys.Head) is not (NetworkContract.GeneralHead or NetworkContract.OpaqueHead);

    /// <summary>Whether nothing of the network but its input and its answers is understood: its activations are its own input.</summary>
    public bool IsOpaque => Text(NetworkContract.Keys.Head) == NetworkContract.OpaqueHead;

    /// <summary>Whether the network takes photos of its resolution alone, as squares.</summary>
    public bool IsFixedSize => Text(NetworkContract.Keys.InputSize) == "fixed";

    /// <summary>Whether the network says that it takes several photos of one size at once.</summary>
    public bool TakesBatches { get; }

    /// <summary>How the network's own program fits photos to its input; null where it does not say.</summary>
    public InputFit? Fit => Enum.TryParse(Text(NetworkContract.Keys.InputFit), out InputFit fit) && Enum.IsDefined(fit) ? fit : null;

    /// <summary>
    /// The colour around a photo that <c>-Fit Letterbox</c> shows the network: its own, or the mean of ImageNet's photos.
    /// </summary>
    public MarginColor Margin => MarginColor.Parse(Text(NetworkContract.Keys.InputMargin)) ?? MarginColor.ImageNetMean;

    /// <summary>What makes answers of the network's logits.</summary>
    public ClassifierActivation Activation =>
        Text(NetworkContract.Keys.ClassifierActivation) == "sigmoid" ? ClassifierActivation.Sigmoid : ClassifierActivation.Softmax;

    /// <summary>What the network does with its pixels, in words; empty where it does not say.</summary>
    public string Preprocessing => Text(NetworkContract.Keys.Preprocessing);

    /// <summary>The layer whose output is <c>activations</c>.</summary>
    public string ActivationLayer => Text(NetworkContract.Keys.ActivationLayer);

    /// <summary>The global average pooling layer.</summary>
    public string PoolingLayer => Text(NetworkContract.Keys.PoolingLayer);

    /// <summary>The layer that computes the logits.</summary>
    public string ClassifierLayer => Text(NetworkContract.Keys.ClassifierLayer);

    /// <summary>The layers in the network's order; none where the network does not say.</summary>
    /// <exception cref="ModelException">The table of layers in the file is damaged.</exception>
    public IReadOnlyList<LayerSummary> ReadLayers() =>
        Text(NetworkContract.Keys.Layers) is { Length: > 0 } json ? CamModelFile.ReadLayers(Path, json) : [];

    /// <summary>The classes in the order of the predictions.</summary>
    /// <exception cref="ModelException">The file has more or fewer labels than classes.</exception>
    public ClassTable ReadClasses() => CamModelFile.ReadClasses(Path, _metadata, ClassCount);

    /// <summary>The network's name.</summary>
    public override string ToString() => Name;

    /// <summary>Whether the convolutions compute in 8 bits.</summary>
    internal bool IsQuantized => Precision == Quantization.ModelQuantizer.Precision;

    private string Text(string key, string absent = "") => _metadata.TryGetValue(key, out string? value) ? value : absent;

    private int Number(string key, int absent) =>
        int.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : absent;
}
