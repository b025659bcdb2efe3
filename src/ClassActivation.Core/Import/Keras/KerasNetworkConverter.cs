using System.Diagnostics;
using System.Globalization;
using ClassActivation.Import.Onnx;
using ClassActivation.Import.Pixels;
using ClassActivation.Import.Weights;
using ClassActivation.Networks;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;

namespace ClassActivation.Import.Keras;

/// <summary>
/// Converts Keras networks, as .h5, .keras or layers-model of TensorFlow.js, to dual-output ONNX. An end of global average
/// pooling and one linear layer is written as such, with Keras' own names of layers; any other network becomes plain ONNX
/// first, and what it is then <see cref="OnnxNetworkConverter"/> finds out.
/// </summary>
public static class KerasNetworkConverter
{
    /// <summary>Converts a network. The files appear when they are complete, or not at all.</summary>
    /// <param name="path">The network's .h5 or .keras file, or its <c>model.json</c> with its weight files beside it.</param>
    /// <param name="destinationPath">The <c>.onnx</c> file to make; the weights go to this name with <c>.data</c> added.</param>
    /// <param name="options">What the network does not say.</param>
    /// <param name="progress">Told of each layer.</param>
    /// <param name="cancellationToken">Stops the conversion.</param>
    /// <returns>What was made.</returns>
    /// <exception cref="ModelImportException">The network cannot be imported; the message names the layer or the file.</exception>
    /// <exception cref="OperationCanceledException">The conversion was stopped.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static ConversionResult Convert(
        string path,
        string destinationPath,
        ImportOptions options,
        IProgress<ConversionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var watch = Stopwatch.StartNew();
        string source = Path.GetFullPath(path);
        using KerasNetwork network = KerasNetwork.Open(source, NetworkFiles.KindOf(source));
        LayersTopology topology = network.Topology;
        int?[] declared = LayerGuard.Layer(topology.Input, () => ShapeInference.Declared(topology));
        IReadOnlyDictionary<string, int?[]> nominal = ShapeInference.Infer(topology, declared);
        KerasHead? head = declared[2] == 3 ? LayerGuard.Layer(topology.Output, () => KerasHead.Find(topology, nominal)) : null;
        return head is null
            ? ConvertGeneral(network, nominal, declared, source, destinationPath, options, progress, cancellationToken)
            : ConvertLinear(network, head, nominal, declared, source, destinationPath, options, progress, watch, cancellationToken);
    }

    private static ConversionResult ConvertLinear(
        KerasNetwork network,
        KerasHead head,
        IReadOnlyDictionary<string, int?[]> nominal,
        int?[] declared,
        string source,
        string destinationPath,
        ImportOptions options,
        IProgress<ConversionProgress>? progress,
        Stopwatch watch,
        CancellationToken cancellationToken)
    {
        (LayersTopology topology, LayersWeights weights) = (network.Topology, network.Weights);
        NetworkSidecar sidecar = NetworkSidecar.Read(source, new Dictionary<string, string>());
        InputPixels pixels = InputPixels.Find(options, sidecar, () => RangeOfLayers(topology), 3, source);
        IReadOnlyDictionary<string, int?[]> shapes = FreeShapes(topology, head, nominal);

        string name = options.Name ?? topology.Name;
        using OnnxGraphBuilder graph = new(destinationPath, name);
        int?[] size = shapes[topology.Input.Key];
        string image = graph.AddInput(
            NetworkContract.Image, TensorProto.Types.DataType.Uint8, "N", Dimension(size[0], "H"), Dimension(size[1], "W"), 3L);
        LayerTranslator translator = LayerGuard.Layer(
            topology.Input, () => new LayerTranslator(graph, weights, topology, shapes, options.BatchNormalizationEpsilon));
        LayerGuard.Layer(topology.Input, () => translator.AddPreprocessing(image, pixels.ToTransform(options)));
        AddLayers(translator, topology, layer => !head.Layers.Contains(layer.Key), progress, cancellationToken);

        string activations = translator[head.Features];
        (string logits, int featureMaps, int classes) = LayerGuard.Layer(
            head.Classifier, () => AddClassifier(graph, weights, head, activations));
        string predictions = head.Activation == "softmax"
            ? graph.AddNode("Softmax", "probabilities", [logits], ("axis", 1L))
            : graph.AddNode("Sigmoid", "probabilities", [logits]);

        int?[] maps = shapes[head.Features.Key];
        graph.AddOutput(
            activations,
            NetworkContract.Activations,
            TensorProto.Types.DataType.Float,
            "N",
            (long)featureMaps,
            Dimension(maps[0], "h"),
            Dimension(maps[1], "w"));
        graph.AddOutput(predictions, NetworkContract.Predictions, TensorProto.Types.DataType.Float, "N", (long)classes);

        LayerSummary[] summary = Summarize(topology, nominal, weights, options.LayerNames);
        AddMetadata(
            graph,
            name,
            options,
            pixels,
            head,
            summary,
            topology,
            NetworkLabels.Find(options, sidecar, classes),
            options.Resolution ?? declared[0]);
        graph.AddMetadata(NetworkContract.Keys.InputMargin, (sidecar.Margin ?? pixels.Margin).ToString());
        if ((options.Fit ?? sidecar.Fit) is { } fit)
        {
            graph.AddMetadata(NetworkContract.Keys.InputFit, fit.ToString());
        }

        cancellationToken.ThrowIfCancellationRequested();
        long bytes = graph.Save();
        return new ConversionResult(
            Path.GetFullPath(destinationPath), classes, featureMaps, summary.Length, summary.Sum(layer => layer.Parameters), watch.Elapsed,
            bytes)
        {
            Preprocessing = pixels.Description,
        };
    }

    private static ConversionResult ConvertGeneral(
        KerasNetwork network,
        IReadOnlyDictionary<string, int?[]> shapes,
        int?[] declared,
        string source,
        string destinationPath,
        ImportOptions options,
        IProgress<ConversionProgress>? progress,
        CancellationToken cancellationToken)
    {
        LayersTopology topology = network.Topology;
        return PlainOnnx.Convert(
            graph =>
            {
                string image = graph.AddInput(
                    "pixels", TensorProto.Types.DataType.Float, 1L, Dimension(declared[0], "H"), Dimension(declared[1], "W"),
                    (long)declared[2]!);
                LayerTranslator translator = LayerGuard.Layer(
                    topology.Input, () => new LayerTranslator(graph, network.Weights, topology, shapes, options.BatchNormalizationEpsilon));
                translator.AddInput(image);
                AddLayers(translator, topology, static _ => true, progress, cancellationToken);
                graph.AddOutput(translator[topology.Output], "answers", TensorProto.Types.DataType.Float);
            },
            source,
            destinationPath,
            options with { Name = options.Name ?? topology.Name, Layout = TensorLayout.Nhwc },
            cancellationToken);
    }

    private static void AddLayers(
        LayerTranslator translator,
        LayersTopology topology,
        Func<KerasLayer, bool> isWanted,
        IProgress<ConversionProgress>? progress,
        CancellationToken cancellationToken)
    {
        int completed = 0;
        foreach (KerasLayer layer in topology.Layers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (layer != topology.Input && isWanted(layer))
            {
                translator.Add(layer);
            }

            progress?.Report(new ConversionProgress(layer.Name, ++completed, topology.Layers.Count));
        }
    }

    /// <summary>0 to 255 where the network itself scales its pixels; null where it does not.</summary>
    private static double[]? RangeOfLayers(LayersTopology topology)
    {
        KerasLayer layer = topology.Input;
        while (topology.Consumers[layer.Key].Take(2).ToArray() is [KerasLayer next])
        {
            if (next.ClassName is "Rescaling" or "Normalization")
            {
                return [0, 255];
            }

            if (!LayerKind.IsIdentity(next))
            {
                return null;
            }

            layer = next;
        }

        return null;
    }

    /// <summary>The shapes with a free image size, or the declared ones if a layer of the body needs them.</summary>
    private static IReadOnlyDictionary<string, int?[]> FreeShapes(
        LayersTopology topology, KerasHead head, IReadOnlyDictionary<string, int?[]> nominal)
    {
        IReadOnlyDictionary<string, int?[]> free = ShapeInference.Infer(topology, [null, null, 3]);
        bool needsSize = topology.Layers.Any(layer =>
            LayerKind.IsReshape(layer) && !head.Layers.Contains(layer.Key) && free[layer.Input].Contains(null));
        return needsSize ? nominal : free;
    }

    private static object Dimension(int? size, string name) => size is int number ? (long)number : name;

    private static (string Logits, int FeatureMaps, int Classes) AddClassifier(
        OnnxGraphBuilder graph, LayersWeights weights, KerasHead head, string activations)
    {
        KerasLayer layer = head.Classifier;
        WeightTensor kernel = weights.Load(layer, "kernel");
        (int featureMaps, int classes) = (kernel.Dims[^2], kernel.Dims[^1]);
        float[] bias = layer.Flag("use_bias", true) ? weights.Load(layer, "bias").Data : new float[classes];
        if (kernel.Data.Length != (long)featureMaps * classes || bias.Length != classes)
        {
            throw layer.Error($"has {kernel.Data.Length} weights and {bias.Length} biases for {classes} classes; export the model again");
        }

        string pooled = graph.AddNode("GlobalAveragePool", "pooled", [activations]);
        string features = graph.AddNode("Flatten", "features", [pooled]);
        string logits = graph.AddNode(
            "Gemm",
            "logits",
            [
                features,
                graph.AddInitializer<float>(NetworkContract.ClassifierWeight, kernel.Data, featureMaps, classes),
                graph.AddInitializer<float>(NetworkContract.ClassifierBias, bias, classes),
            ]);
        return (logits, featureMaps, classes);
    }

    private static LayerSummary[] Summarize(
        LayersTopology topology, IReadOnlyDictionary<string, int?[]> shapes, LayersWeights weights,
        IReadOnlyDictionary<string, string> names)
    {
        return [.. topology.Layers.Select(layer => new LayerSummary(
            Shown(topology, layer, names),
            layer.ClassName,
            [
                null,
                .. shapes[layer.Key] is [int or null, int or null, int or null] map && topology.ChannelsFirst
                    ? [map[2], map[0], map[1]]
                    : shapes[layer.Key]
            ],
            weights.Parameters(layer),
            [.. layer.Inputs.Select(input => Shown(topology, topology[input], names))]))];
    }

    /// <summary>The shown name: the layer's own where no other layer, in a nested model, has it too.</summary>
    private static string Shown(LayersTopology topology, KerasLayer layer, IReadOnlyDictionary<string, string> names)
    {
        string own = topology.Layers.Count(other => other.Name == layer.Name) == 1 ? layer.Name : layer.Key;
        return names.GetValueOrDefault(own, own);
    }

    private static void AddMetadata(
        OnnxGraphBuilder graph,
        string name,
        ImportOptions options,
        InputPixels pixels,
        KerasHead head,
        LayerSummary[] summary,
        LayersTopology topology,
        string labels,
        int? resolution)
    {
        graph.AddMetadata(NetworkContract.Keys.Name, name);
        graph.AddMetadata(NetworkContract.Keys.Source, options.Source);
        graph.AddMetadata(NetworkContract.Keys.Labels, labels);
        graph.AddMetadata(NetworkContract.Keys.Preprocessing, options.Preprocessing?.ToString() ?? pixels.Description);
        graph.AddMetadata(NetworkContract.Keys.ActivationLayer, Shown(topology, head.Features, options.LayerNames));
        graph.AddMetadata(NetworkContract.Keys.PoolingLayer, Shown(topology, head.Pooling, options.LayerNames));
        graph.AddMetadata(NetworkContract.Keys.ClassifierLayer, Shown(topology, head.Classifier, options.LayerNames));
        graph.AddMetadata(NetworkContract.Keys.ClassifierActivation, head.Activation);
        if (resolution is int side)
        {
            graph.AddMetadata(NetworkContract.Keys.Resolution, side.ToString(CultureInfo.InvariantCulture));
        }

        graph.AddMetadata(NetworkContract.Keys.Layers, LayerSummary.Format(summary));
    }
}
