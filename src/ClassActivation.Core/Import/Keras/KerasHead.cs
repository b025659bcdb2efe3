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
    /// <summary>Looks for such an end; null where the network has another.</summary>
    public static KerasHead? Find(LayersTopology topology, IReadOnlyDictionary<string, int?[]> shapes)
    {
        KerasLayer? classifier = null;
        string? activation = null;
        HashSet<string> keys = new(StringComparer.Ordinal);
        for (KerasLayer layer = topology.Output; ; layer = topology[layer.Inputs[0]])
        {
            keys.Add(layer.Key);
            if (classifier is not null && IsWholePooling(layer, shapes))
            {
                KerasLayer features = topology[layer.Input];
                return features == topology.Input ? null : new KerasHead(features, layer, classifier, activation ?? "softmax", keys);
            }

            string? applied = null;
            if (classifier is null && IsClassifier(layer))
            {
                classifier = layer;
                applied = Activations.NameOf(layer);
            }
            else if (classifier is null && layer.ClassName is "Activation" or "Softmax")
            {
                applied = layer.ClassName == "Softmax" ? "softmax" : Activations.NameOf(layer);
            }
            else if (!LayerKind.IsIdentity(layer) && !LayerKind.IsReshape(layer))
            {
                return null;
            }

            if (applied is not (null or "linear"))
            {
                if (activation is not null || applied is not ("softmax" or "sigmoid"))
                {
                    return null;
                }

                activation = applied;
            }

            if (layer.Inputs.Count != 1)
            {
                return null;
            }
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
}
