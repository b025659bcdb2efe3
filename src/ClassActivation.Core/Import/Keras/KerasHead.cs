namespace ClassActivation.Import.Keras;

/// <summary>The end of a network that class activation maps can be computed for: global average pooling and one linear layer.</summary>
/// <param name="Features">The layer whose output is pooled: the activations.</param>
/// <param name="Pooling">The pooling.</param>
/// <param name="Classifier">The dense layer or 1×1 convolution.</param>
/// <param name="Activation"><c>softmax</c> or <c>sigmoid</c>.</param>
/// <param name="Layers">The keys of the layers from the pooling on.</param>
internal sealed record KerasHead(
    KerasLayer Features, KerasLayer Pooling, KerasLayer Classifier, string Activation, IReadOnlySet<string> Layers)
{
    private const string Needed =
        "a class activation map needs a network that ends in global average pooling and one dense layer (or 1x1 convolution) with softmax or sigmoid";

    public static KerasHead Find(LayersTopology topology, IReadOnlyDictionary<string, int?[]> shapes)
    {
        KerasLayer? classifier = null;
        string? activation = null;
        HashSet<string> keys = new(StringComparer.Ordinal);
        KerasLayer layer = topology.Output;
        while (true)
        {
            keys.Add(layer.Key);
            if (classifier is not null && IsWholePooling(layer, shapes))
            {
                KerasLayer features = topology[layer.Input];
                return features == topology.Input
                    ? throw Unfit(layer, "pools the image itself")
                    : new KerasHead(features, layer, classifier, activation ?? "softmax", keys);
            }

            if (classifier is null && IsClassifier(layer))
            {
                classifier = layer;
                AddActivation(Activations.NameOf(layer));
            }
            else if (classifier is null && layer.ClassName is "Activation" or "Softmax")
            {
                AddActivation(layer.ClassName == "Softmax" ? "softmax" : Activations.NameOf(layer));
            }
            else if (!LayerKind.IsIdentity(layer) && !LayerKind.IsReshape(layer))
            {
                throw Unfit(layer, classifier is null ? "stands at the end of the network" : $"stands before the classifier '{classifier.Key}'");
            }

            if (layer.Inputs.Count != 1)
            {
                throw Unfit(layer, "stands at the end of the network");
            }

            layer = topology[layer.Input];
        }

        void AddActivation(string name)
        {
            if (name == "linear")
            {
                return;
            }

            if (activation is not null || name is not ("softmax" or "sigmoid"))
            {
                throw Unfit(layer, $"applies '{name}' to the class scores");
            }

            activation = name;
        }
    }

    private static bool IsClassifier(KerasLayer layer) =>
        layer.ClassName == "Dense" || (layer.ClassName == "Conv2D" && layer.Pair("kernel_size") == (1, 1));

    /// <summary>Older networks pool their last maps with one average window of the maps' own size.</summary>
    private static bool IsWholePooling(KerasLayer layer, IReadOnlyDictionary<string, int?[]> shapes) =>
        layer.ClassName == "GlobalAveragePooling2D"
        || (layer.ClassName == "AveragePooling2D"
            && shapes[layer.Input] is [int height, int width, _]
            && layer.Pair("pool_size") == (height, width)
            && shapes[layer.Key] is [1, 1, _]);

    private static ModelImportException Unfit(KerasLayer layer, string what) => layer.Error($"{what}, but {Needed}");
}
