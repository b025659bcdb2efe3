using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ClassActivation.Networks;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;

namespace ClassActivation.Import.Keras;

/// <summary>
/// Converts a TensorFlow.js layers-model (a Keras network with its weights) to an ONNX model with two outputs:
/// <c>image</c> (uint8, N × H × W × RGB) → <c>activations</c> (N × K × h × w, the maps that are pooled) and
/// <c>predictions</c> (N × C), with the initializers <c>classifier.weight</c> (K × C) and <c>classifier.bias</c> (C).
/// </summary>
public static class LayersModelConverter
{
    private const long LargestModelJson = 100 << 20;

    /// <summary>Converts a network. The files appear when they are complete, or not at all.</summary>
    /// <param name="modelJsonPath">The network's <c>model.json</c>, with its weight files beside it.</param>
    /// <param name="destinationPath">The <c>.onnx</c> file to make; the weights go to this name with <c>.data</c> added.</param>
    /// <param name="options">What <c>model.json</c> does not say.</param>
    /// <param name="progress">Told of each layer.</param>
    /// <param name="cancellationToken">Stops the conversion.</param>
    /// <returns>What was made.</returns>
    /// <exception cref="ModelImportException">The network cannot be imported; the message names the layer or the file.</exception>
    /// <exception cref="OperationCanceledException">The conversion was stopped.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static ConversionResult Convert(
        string modelJsonPath,
        string destinationPath,
        LayersModelOptions options,
        IProgress<ConversionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var watch = Stopwatch.StartNew();
        string modelJson = Path.GetFullPath(modelJsonPath);
        using JsonDocument document = Guard.Description(() => ReadModelJson(modelJson), () => NotALayersModel(modelJson));
        LayersTopology topology = LayersTopology.Read(document.RootElement.GetProperty("modelTopology"));
        LayersWeights weights = LayersWeights.Read(document.RootElement.GetProperty("weightsManifest"), Path.GetDirectoryName(modelJson)!);

        int?[] declared = Guard.Layer(topology.Input, () => ShapeInference.Declared(topology));
        IReadOnlyDictionary<string, int?[]> nominal = ShapeInference.Infer(topology, declared);
        KerasHead head = Guard.Layer(topology.Output, () => KerasHead.Find(topology, nominal));
        IReadOnlyDictionary<string, int?[]> shapes = FreeShapes(topology, head, nominal);

        string name = options.Name ?? topology.Name;
        using OnnxGraphBuilder graph = new(destinationPath, name);
        int?[] size = shapes[topology.Input.Key];
        string image = graph.AddInput(NetworkContract.Image, TensorProto.Types.DataType.Uint8, "N", Dimension(size[0], "H"), Dimension(size[1], "W"), 3L);
        LayerTranslator translator = Guard.Layer(topology.Input, () => new LayerTranslator(graph, weights, topology, shapes, options.BatchNormalizationEpsilon));
        Guard.Layer(topology.Input, () => translator.AddPreprocessing(image, PixelTransform.For(options.Preprocessing)));

        int completed = 0;
        foreach (KerasLayer layer in topology.Layers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (layer != topology.Input && !head.Layers.Contains(layer.Key))
            {
                translator.Add(layer);
            }

            progress?.Report(new ConversionProgress(layer.Name, ++completed, topology.Layers.Count));
        }

        string activations = translator[head.Features];
        (string logits, int featureMaps, int classes) = Guard.Layer(head.Classifier, () => AddClassifier(graph, weights, head, activations));
        string predictions = head.Activation == "softmax"
            ? graph.AddNode("Softmax", "probabilities", [logits], ("axis", 1L))
            : graph.AddNode("Sigmoid", "probabilities", [logits]);

        int?[] maps = shapes[head.Features.Key];
        graph.AddOutput(activations, NetworkContract.Activations, TensorProto.Types.DataType.Float, "N", (long)featureMaps, Dimension(maps[0], "h"), Dimension(maps[1], "w"));
        graph.AddOutput(predictions, NetworkContract.Predictions, TensorProto.Types.DataType.Float, "N", (long)classes);

        LayerSummary[] summary = Summarize(topology, nominal, weights, options.LayerNames);
        AddMetadata(graph, name, options, head, summary, topology, Labels(options, classes), options.Resolution ?? declared[0]);
        cancellationToken.ThrowIfCancellationRequested();
        long bytes = graph.Save();
        return new ConversionResult(
            Path.GetFullPath(destinationPath), classes, featureMaps, summary.Length, summary.Sum(layer => layer.Parameters), watch.Elapsed, bytes);
    }

    private static JsonDocument ReadModelJson(string path)
    {
        JsonDocument document;
        if (FileStatus.IsPipeOrDevice(path))
        {
            throw new ModelImportException($"'{path}' is no file but a pipe or a device; save it to a file first.");
        }

        if (new FileInfo(path) is { Exists: true, Length: > LargestModelJson } large)
        {
            throw new ModelImportException($"'{path}' has {large.Length} bytes; a model.json holds no weights, and is never as large as that.");
        }

        try
        {
            using FileStream file = FileStatus.OpenRead(path);
            document = JsonDocument.Parse(file);
        }
        catch (JsonException e)
        {
            throw new ModelImportException($"'{path}' is not a model.json: {e.Message}", e);
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("weightsManifest", out _)
            && document.RootElement.TryGetProperty("modelTopology", out JsonElement topology)
            && (topology.TryGetProperty("model_config", out _) || topology.TryGetProperty("class_name", out _)))
        {
            return document;
        }

        document.Dispose();
        throw new ModelImportException(NotALayersModel(path));
    }

    private static string NotALayersModel(string path) =>
        $"'{path}' is not a TensorFlow.js layers-model; convert the Keras network with tensorflowjs_converter's output format 'tfjs_layers_model'.";

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
        LayerWeight kernel = weights.Load(layer, "kernel");
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

    private static string Labels(LayersModelOptions options, int classes)
    {
        int count = options.Labels == NetworkContract.ImageNetLabels ? 1000 : options.Labels.Split('\n').Length;
        return options.Labels.Length == 0 || count == classes
            ? options.Labels
            : throw new ModelImportException($"There are {count} class labels for a network of {classes} classes; give one label for each class, in class order.");
    }

    private static LayerSummary[] Summarize(
        LayersTopology topology, IReadOnlyDictionary<string, int?[]> shapes, LayersWeights weights, IReadOnlyDictionary<string, string> names)
    {
        return [.. topology.Layers.Select(layer => new LayerSummary(
            Shown(topology, layer, names),
            layer.ClassName,
            [null, .. shapes[layer.Key] is [int or null, int or null, int or null] map && topology.ChannelsFirst ? [map[2], map[0], map[1]] : shapes[layer.Key]],
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
        LayersModelOptions options,
        KerasHead head,
        LayerSummary[] summary,
        LayersTopology topology,
        string labels,
        int? resolution)
    {
        graph.AddMetadata(NetworkContract.Keys.Name, name);
        graph.AddMetadata(NetworkContract.Keys.Source, options.Source);
        graph.AddMetadata(NetworkContract.Keys.Labels, labels);
        graph.AddMetadata(NetworkContract.Keys.Preprocessing, options.Preprocessing.ToString());
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
