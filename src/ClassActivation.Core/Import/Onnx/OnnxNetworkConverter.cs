using System.Diagnostics;
using System.Globalization;
using ClassActivation.Import.Pixels;
using ClassActivation.Networks;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;
using ClassActivation.Photos;
using Microsoft.ML.OnnxRuntime;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;
using OnnxValueType = ClassActivation.Onnx.OnnxValueType;

namespace ClassActivation.Import.Onnx;

/// <summary>
/// Converts classifiers of images that other programs exported as ONNX. The graph is prepared until all exporters' spellings
/// are alike, cut at its last feature maps, and its linear end written anew; both networks are run on the same picture then,
/// and nothing is written unless they agree.
/// </summary>
public sealed class OnnxNetworkConverter
{
    private const double Tolerance = 1e-4;
    private const int DefaultSide = 224;
    private const long LargeNetwork = 16 << 20;

    // What these compute at a place does not depend on how many places there are, nor do they name the number.
    private static readonly HashSet<string> FreeOperators = new(StringComparer.Ordinal)
    {
        "Conv", "BatchNormalization", "Relu", "LeakyRelu", "PRelu", "Elu", "Selu", "Celu", "Clip", "Sigmoid", "HardSigmoid", "HardSwish",
        "Tanh", "Softplus", "Erf", "Exp", "Neg", "Sqrt", "Pow", "Abs", "Min", "Max", "Add", "Sub", "Mul", "Div", "MaxPool", "AveragePool",
        "GlobalAveragePool", "GlobalMaxPool", "Concat", "Identity", "Cast", "Dropout", "Constant", "Transpose", "ReduceMean", "Pad", "LRN",
        "Gelu", "Mish",
    };

    private readonly DirectoryInfo _folder;
    private readonly string _path;
    private readonly ImportOptions _options;
    private readonly OnnxGraph _original;
    private readonly OnnxGraph _prepared;
    private readonly string _input;
    private readonly string _output;
    private readonly TensorLayout _layout;
    private readonly int _channels;
    private readonly int _side;
    private readonly NetworkAnatomy _anatomy;
    private readonly NetworkSidecar _sidecar;
    private readonly InputPixels _pixels;
    private readonly string _labels;

    private OnnxNetworkConverter(string onnxPath, string path, ImportOptions options, DirectoryInfo folder)
    {
        (_path, _options, _folder) = (path, options, folder);
        _original = Read(onnxPath);
        _sidecar = NetworkSidecar.Read(path, new Dictionary<string, string>(_original.Metadata));
        _input = ChooseInput();
        (_layout, _channels, _side) = ReadInput();
        _output = ChooseOutput();
        _original.SetOutputs(_output);
        FixOtherInputs();
        _prepared = GraphPreparation.PrepareIn(
            _folder.FullName, _original, new Dictionary<string, long[]> { [_input] = Dims(_side, _side) });
        _anatomy = NetworkAnatomy.Of(_prepared, _input, _output);
        _pixels = InputPixels.Find(options, _sidecar, () => InputPixels.RangeOfOperators(_original, _input), _channels, path);
        _labels = NetworkLabels.Find(options, _sidecar, ClassCount);
    }

    private ClassifierActivation Activation =>
        _anatomy.Activation ?? (_anatomy.ClassCount == 1 ? ClassifierActivation.Sigmoid : ClassifierActivation.Softmax);

    // Where no feature maps are found, all of the network is its head, and its pixels are what that takes.
    private bool IsOpaque => _anatomy.Features is null;

    private int ChannelAxis => !IsOpaque ? _anatomy.ChannelAxis : _layout == TensorLayout.Nchw ? 1 : 3;

    // One number is an answer to one question; the other class is that it is not so.
    private int ClassCount => _anatomy.ClassCount == 1 ? 2 : _anatomy.ClassCount;

    /// <summary>Converts a network.</summary>
    /// <param name="path">The network's <c>.onnx</c> file.</param>
    /// <param name="destinationPath">The <c>.onnx</c> file to make; its weights go beside it, with <c>.data</c> behind the name.</param>
    /// <param name="options">What is said of the network.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ModelImportException">The network is none that can be converted; the message says why.</exception>
    public static ConversionResult Convert(
        string path, string destinationPath, ImportOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Convert(path, path, destinationPath, options, cancellationToken);
    }

    /// <summary>Converts a network of another framework that was written as ONNX.</summary>
    /// <param name="onnxPath">What was written.</param>
    /// <param name="path">The network's own file.</param>
    /// <param name="destinationPath">The <c>.onnx</c> file to make.</param>
    /// <param name="options">What is said of the network.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal static ConversionResult Convert(
        string onnxPath, string path, string destinationPath, ImportOptions options, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ClassActivation-");
        try
        {
            var converter = new OnnxNetworkConverter(onnxPath, path, options, folder);
            cancellationToken.ThrowIfCancellationRequested();
            return converter.Convert(destinationPath, watch, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException)
        {
            throw new ModelImportException(e.Message, e);
        }
        catch (OnnxRuntimeException e) when (InferenceRuntime.IsOutOfMemory(e))
        {
            throw new InsufficientMemoryException($"There is not enough memory for the network '{path}'.", e);
        }
        catch (Exception e) when (e is OnnxRuntimeException or ArgumentException or ArithmeticException or IndexOutOfRangeException
            or KeyNotFoundException or NullReferenceException or InvalidOperationException and not ObjectDisposedException)
        {
            throw new ModelImportException($"The network '{path}' cannot be converted: it is damaged, or of a form that is not known.", e);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Reads the network; a large one is not held, but mapped from a file that all sessions share.</summary>
    private OnnxGraph Read(string onnxPath)
    {
        OnnxGraph graph = Float16Widening.Apply(OnnxGraph.Read(onnxPath));
        if (graph.HeldBytes <= LargeNetwork)
        {
            return graph;
        }

        graph = graph.WithConstantsIn(_folder.FullName);
        LargeGarbage.Collect();
        return graph;
    }

    private ConversionResult Convert(string destinationPath, Stopwatch watch, CancellationToken cancellationToken)
    {
        string features = _anatomy.Features ?? _input;
        AffineTail? tail = _anatomy.Tail;
        bool isFree = tail is not null && IsIndifferent(features);
        OnnxGraph converted = Build(tail, features, isFree);
        CheckAgreement(converted, _side, _side);
        cancellationToken.ThrowIfCancellationRequested();
        if (isFree && !IsRightAtAnotherSize(converted))
        {
            isFree = false;
            converted = Build(tail, features, isFree);
        }

        int featureCount = (int)_prepared.TypeOf(features)!.Dims![ChannelAxis];
        LayerSummary[] layers = Summarize();
        AddMetadata(converted, tail, features, isFree, layers);
        cancellationToken.ThrowIfCancellationRequested();
        long size = converted.Save(destinationPath);
        return new ConversionResult(
            Path.GetFullPath(destinationPath), ClassCount, featureCount, layers.Length, layers.Sum(static layer => layer.Parameters),
            watch.Elapsed, size)
        {
            Preprocessing = _pixels.Description,
        };
    }

    private string ChooseInput()
    {
        string[] inputs = [.. _original.Inputs];
        foreach (string named
            in _options.InputConstants.Keys.Append(_options.InputName).OfType<string>().Where(name => !inputs.Contains(name)))
        {
            throw new ModelImportException($"The network '{_path}' has no input '{named}'; it has {List(inputs)}.");
        }

        string[] open = [.. inputs.Where(name => !_options.InputConstants.ContainsKey(name))];
        if (_options.InputName is { } wanted)
        {
            return open.Contains(wanted)
                ? wanted
                : throw new ModelImportException($"The input '{wanted}' of the network '{_path}' takes the photo, and can be no constant.");
        }

        string[] images = [.. open.Where(name => _original.TypeOf(name) is { Dims.Count: 4 })];
        return images is [var only] ? only : throw new ModelImportException(inputs.Length > 1
            ? $"The network '{_path}' takes several inputs; name the one that takes the photo, and give the others a"
                + $" constant: {List(inputs)}."
            : $"The network '{_path}' takes no image of four dimensions, but {List(inputs)}.");
    }

    /// <summary>Gives the other inputs what they always get; those that the answers do not depend on go.</summary>
    private void FixOtherInputs()
    {
        foreach ((string name, double[] values) in _options.InputConstants)
        {
            _original.FixInput(name, values);
        }

        HashSet<string> needed = new(_original.NodesBetween([], [_output]).SelectMany(OnnxGraph.InputsOf), StringComparer.Ordinal);
        string[] others = [.. _original.Inputs.Where(name => name != _input)];
        if (Array.FindAll(others, needed.Contains) is { Length: > 0 } missing)
        {
            throw new ModelImportException(
                $"The network '{_path}' takes '{_input}' and others, of which one photo gives only one; give a"
                + $" constant for {List(missing)}.");
        }

        Array.ForEach(others, _original.RemoveInput);
    }

    private string ChooseOutput()
    {
        string[] outputs = [.. _original.Outputs];
        if (_options.OutputName is { } wanted)
        {
            return outputs.Contains(wanted)
                ? wanted
                : throw new ModelImportException($"The network '{_path}' has no output '{wanted}'; it has {List(outputs)}.");
        }

        string[] scores = [.. outputs.Where(name => _original.TypeOf(name) is null or { ElementType: DataType.Float })];
        return scores.Length == 1
            ? scores[0]
            : throw new ModelImportException(
                $"The network '{_path}' has {(scores.Length == 0 ? "no output of numbers" : "several outputs that could be its answers")};"
                + $" name the one to use: {List(outputs)}.");
    }

    private string List(string[] values) => values.Length == 0
        ? "none"
        : string.Join(", ", values.Take(12).Select(value => $"'{value}' ({_original.TypeOf(value)?.ToString() ?? "of unknown shape"})"));

    private (TensorLayout Layout, int Channels, int Side) ReadInput()
    {
        OnnxValueType type = _original.TypeOf(_input)!;
        if (type.ElementType is not (DataType.Float or DataType.Uint8 or DataType.Double)
            || type.Dims is not [var batch, var second, var third, var fourth])
        {
            throw new ModelImportException($"The input '{_input}' of the network '{_path}' is {type}, not an image of numbers.");
        }

        TensorLayout layout = _options.Layout
            ?? (second is 1 or 3 or 4 ? TensorLayout.Nchw
                : fourth is 1 or 3 or 4 ? TensorLayout.Nhwc
                : throw new ModelImportException(
                    $"The input '{_input}' of the network '{_path}' is {type}, which does not tell where its channels are; say"
                    + " its layout, NCHW or NHWC."));
        (long channels, long height, long width) = layout == TensorLayout.Nchw ? (second, third, fourth) : (fourth, second, third);
        channels = channels == -1 ? 3 : channels;
        if (channels is not (1 or 3 or 4) || batch > 1)
        {
            throw new ModelImportException(
                $"The input '{_input}' of the network '{_path}' is {type}; a photo has 1, 3 or 4 channels, and is shown alone.");
        }

        if (height > 0 && width > 0 && height != width)
        {
            throw new ModelImportException(
                $"The network '{_path}' takes photos of {width}×{height} pixels alone; only squares and free sizes can be converted.");
        }

        long side = Math.Max(height, width) is > 0 and long fixedSide ? fixedSide : _options.Resolution ?? DefaultSide;
        return side is >= InputGeometry.MinResolution and <= InputGeometry.MaxResolution
            ? (layout, (int)channels, (int)side)
            : throw new ModelImportException(
                $"The network '{_path}' takes photos of {side} pixels; {InputGeometry.MinResolution} to"
                + $" {InputGeometry.MaxResolution} can be converted.");
    }

    private long[] Dims(int width, int height) =>
        _layout == TensorLayout.Nchw ? [1, _channels, height, width] : [1, height, width, _channels];

    private bool IsIndifferent(string features)
    {
        HashSet<NodeProto> body = _prepared.NodesBetween([_input], [features]);
        return body.All(
            node => node.Domain is "" or "ai.onnx" && FreeOperators.Contains(node.OpType) && !node.Graphs().Any() && !NamesSize(node));
    }

    /// <summary>Whether a node holds a constant that spans places, as positions do, or means over other axes than all places.</summary>
    private bool NamesSize(NodeProto node) => node.OpType switch
    {
        "Conv" or "BatchNormalization" or "PRelu" or "Pad" => false,
        _ => node.Input.Any(input => input.Length > 0 && _prepared.IsConstant(input) && _prepared.TypeOf(input)?.Dims is { } dims
            && dims.Count(static dim => dim > 1) > 1),
    };

    /// <summary>The contract's network.</summary>
    private OnnxGraph Build(AffineTail? tail, string features, bool isFree)
    {
        OnnxGraph graph = _prepared.Extract([_input], [tail is null ? _anatomy.Logits : features]);
        (string input, string scores) = (_input, _anatomy.Logits);
        foreach (string name in NetworkContract.ValueNames.Where(name => graph.TypeOf(name) is not null || graph.Producer(name) is not null
            || graph.IsConstant(name)))
        {
            string other = graph.UniqueName($"network/{name}") + "'";
            graph.Rename(name, other);
            (input, features, scores) = (
                name == input ? other : input, name == features ? other : features, name == scores ? other : scores);
        }

        foreach (NodeProto node in graph.Nodes.Where(static node => NetworkContract.ValueNames.Contains(node.Name)))
        {
            node.Name += "'";
        }

        // A graph remembers all names that it ever gave; its copy has those of the contract free.
        graph = graph.Clone();
        long side = isFree ? -1 : _side;
        graph.RemoveInput(input);
        graph.AddInput(NetworkContract.Image, new OnnxValueType(DataType.Uint8, [isFree ? -1 : 1, side, side, 3]));
        DataType type = _prepared.TypeOf(_input)!.ElementType;
        string pixels = _pixels.Add(graph, IsOpaque ? DataType.Float : type, _layout);
        long[] maps = [.. _prepared.TypeOf(_anatomy.Features ?? _input)!.Dims!];
        (long count, long rows, long columns) = ChannelAxis == 1 ? (maps[1], maps[2], maps[3]) : (maps[3], maps[1], maps[2]);
        graph.ReplaceUses(
            input, IsOpaque && type != DataType.Float ? graph.AddNode("Cast", "image/typed", [pixels], ("to", (long)type)) : pixels);
        features = IsOpaque ? pixels : features;
        if (tail is null)
        {
            graph.ReplaceUses(features, ChannelAxis == 1 ? NetworkContract.Activations : "tail/nhwc");
        }

        string activations = ChannelAxis == 1
            ? graph.AddNode("Identity", NetworkContract.Activations, [features])
            : graph.AddNode("Transpose", NetworkContract.Activations, [features], ("perm", new long[] { 0, 3, 1, 2 }));
        if (tail is null && ChannelAxis == 3)
        {
            graph.AddNode("Transpose", "tail/nhwc", [activations], ("perm", new long[] { 0, 2, 3, 1 }));
        }

        string logits = tail is null ? AddScores(graph, scores) : AddClassifier(graph, tail, activations, count);
        string predictions = Activation == ClassifierActivation.Softmax
            ? graph.AddNode("Softmax", NetworkContract.Predictions, [logits], ("axis", 1L))
            : graph.AddNode("Sigmoid", NetworkContract.Predictions, [logits]);
        graph.Sort();
        graph.ForgetTypes();
        graph.SetType(activations, new OnnxValueType(DataType.Float, isFree ? [-1, count, -1, -1] : [1, count, rows, columns]));
        graph.SetType(predictions, new OnnxValueType(DataType.Float, [isFree ? -1 : 1, ClassCount]));
        graph.SetOutputs(activations, predictions);
        if (tail is null)
        {
            graph.SetType(logits, new OnnxValueType(DataType.Float, [1, ClassCount]));
            graph.AddOutput(logits);
        }

        graph.RemoveDeadNodes();
        return graph;
    }

    private string AddClassifier(OnnxGraph graph, AffineTail tail, string activations, long featureCount)
    {
        string pooled = graph.AddNode("GlobalAveragePool", "pooled", [activations]);
        string flat = graph.AddNode("Flatten", "pooled/flat", [pooled]);
        (float[] weights, float[] biases) = _anatomy.ClassCount == 1
            ? ([.. tail.Weights.SelectMany(static weight => new[] { -weight, weight })], [-tail.Biases[0], tail.Biases[0]])
            : (tail.Weights, tail.Biases);
        return graph.AddNode(
            "Gemm",
            NetworkContract.Logits,
            [
                flat,
                graph.AddInitializer<float>(NetworkContract.ClassifierWeight, weights, featureCount, ClassCount),
                graph.AddInitializer<float>(NetworkContract.ClassifierBias, biases, ClassCount),
            ]);
    }

    private string AddScores(OnnxGraph graph, string scores)
    {
        string shape = graph.AddInitializer<long>("scores/shape", [1, _anatomy.ClassCount], 2);
        return _anatomy.ClassCount == 1
            ? graph.AddNode(
                "Mul",
                NetworkContract.Logits,
                [graph.AddNode("Reshape", "scores", [scores, shape]), graph.AddInitializer<float>("scores/sides", [-1f, 1f], 1, 2)])
            : graph.AddNode("Reshape", NetworkContract.Logits, [scores, shape]);
    }

    private bool IsRightAtAnotherSize(OnnxGraph converted)
    {
        try
        {
            // Neither a multiple of the other, nor square: what is tied to the size shows.
            CheckAgreement(converted, _side + 96, _side + 32);
            return true;
        }
        catch (Exception e) when (e is OnnxRuntimeException or ModelImportException)
        {
            return false;
        }
    }

    /// <summary>Runs both networks on the same picture.</summary>
    private void CheckAgreement(OnnxGraph converted, int width, int height)
    {
        byte[] picture = Picture(width, height);
        using OrtValue image = OrtValue.CreateTensorValueFromMemory(picture, [1, height, width, 3]);
        OnnxGraph scored = converted.Clone();
        scored.AddOutput(NetworkContract.Logits);
        float[][] made = Run(scored, NetworkContract.Image, image, NetworkContract.Logits, NetworkContract.Predictions);

        OnnxGraph original = _original.Clone();
        original.SetType(_input, original.TypeOf(_input)! with { Dims = Dims(width, height) });
        original.ForgetTypes();
        using OrtValue own = OwnInput(picture, width, height);
        float[] expected = Run(original, _input, own, _output)[0];

        bool isAnswer = _anatomy.Activation is not null;
        float[] answers = made[isAnswer ? 1 : 0];
        if (_anatomy.ClassCount == 1)
        {
            answers = [answers[1]];
        }

        if (isAnswer && expected.Any(static value => value < 0))
        {
            expected = Array.ConvertAll(expected, MathF.Exp);
        }

        double scale = isAnswer ? 1 : Math.Max(expected.Max(Math.Abs), 1e-6);
        double difference = answers.Length != expected.Length ? double.PositiveInfinity
            : answers.Zip(expected, static (a, b) => Math.Abs((double)a - b)).Max();
        // Written so that a NaN fails, too.
        if (!(difference <= Tolerance * scale))
        {
            throw new ModelImportException(string.Create(
                CultureInfo.InvariantCulture,
                $"The converted network gives other answers than '{_path}': they differ by {difference / scale:G3} of the largest, and nothing was written."));
        }
    }

    private OrtValue OwnInput(byte[] picture, int width, int height)
    {
        double[] values = _pixels.Compute(picture, width, height, _layout);
        return _original.TypeOf(_input)!.ElementType switch
        {
            DataType.Uint8 => OrtValue.CreateTensorValueFromMemory(
                Array.ConvertAll(values, static value => (byte)Math.Clamp(value, 0, 255)), Dims(width, height)),
            DataType.Double => OrtValue.CreateTensorValueFromMemory(values, Dims(width, height)),
            _ => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, static value => (float)value), Dims(width, height)),
        };
    }

    private static float[][] Run(OnnxGraph graph, string input, OrtValue value, params string[] outputs)
    {
        using SessionOptions options = FrugalSession.Options(GraphOptimizationLevel.ORT_ENABLE_BASIC);
        using InferenceSession session = graph.OpenSession(options);
        using RunOptions run = new();
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, [input], [value], outputs);
        return [.. results.Select(static result => result.GetTensorDataAsSpan<float>().ToArray())];
    }

    /// <summary>A picture with soft and sharp parts, always the same one.</summary>
    private static byte[] Picture(int width, int height)
    {
        var random = new Random(1);
        var pixels = new byte[width * height * 3];
        for (int y = 0, at = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int c = 0; c < 3; c++, at++)
                {
                    double wave = 128 + (90 * Math.Sin((x + (20 * c)) / 17.0) * Math.Cos(y / (11.0 + c)));
                    pixels[at] = (byte)Math.Clamp(wave + random.Next(-30, 31), 0, 255);
                }
            }
        }

        return pixels;
    }

    private LayerSummary[] Summarize() =>
    [
        .. _prepared.Nodes
            .Where(static node => node.OpType != "Constant" && node.Output.Count > 0)
            .Select(node => new LayerSummary(
                node.Output[0],
                node.OpType,
                [
                    .. (_prepared.TypeOf(node.Output[0])?.Dims ?? [])
                        .Select(static dim => dim is >= 0 and <= int.MaxValue ? (int?)dim : null)
                ],
                node.Input.Where(_prepared.IsConstant)
                    .Sum(input => _prepared.TypeOf(input)?.Dims?.Aggregate(1L, static (product, dim) => product * dim) ?? 0),
                [.. OnnxGraph.InputsOf(node).Where(input => !_prepared.IsConstant(input))])),
    ];

    private void AddMetadata(OnnxGraph graph, AffineTail? tail, string features, bool isFree, LayerSummary[] layers)
    {
        graph.Metadata.Clear();
        foreach ((string key, string value) in new (string, string)[]
        {
            (NetworkContract.Keys.Version, NetworkContract.Version.ToString(CultureInfo.InvariantCulture)),
            (NetworkContract.Keys.Name, _options.Name ?? Path.GetFileNameWithoutExtension(_path)),
            (NetworkContract.Keys.Source, _options.Source),
            (NetworkContract.Keys.Labels, _labels),
            (NetworkContract.Keys.Preprocessing, _pixels.Description),
            (NetworkContract.Keys.ActivationLayer, features),
            (NetworkContract.Keys.Head, IsOpaque ? NetworkContract.OpaqueHead : tail is null ? NetworkContract.GeneralHead : "linear"),
            (NetworkContract.Keys.PoolingLayer, tail?.Pooling ?? ""),
            (NetworkContract.Keys.ClassifierLayer, tail?.Classifier ?? _anatomy.Logits),
            (NetworkContract.Keys.ClassifierActivation, Activation == ClassifierActivation.Softmax ? "softmax" : "sigmoid"),
            (NetworkContract.Keys.Resolution, _side.ToString(CultureInfo.InvariantCulture)),
            (NetworkContract.Keys.InputSize, isFree ? "free" : "fixed"),
            (NetworkContract.Keys.Layers, LayerSummary.Format(layers)),
        })
        {
            graph.Metadata[key] = value;
        }

        graph.Metadata[NetworkContract.Keys.InputMargin] = (_sidecar.Margin ?? _pixels.Margin).ToString();
        if ((_options.Fit ?? _sidecar.Fit) is { } fit)
        {
            graph.Metadata[NetworkContract.Keys.InputFit] = fit.ToString();
        }
    }
}
