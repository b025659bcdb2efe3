using System.Text.Json.Nodes;
using ClassActivation.Import;
using ClassActivation.Import.Keras;
using ClassActivation.Import.Pixels;
using ClassActivation.Onnx;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Import;

/// <summary>
/// A small layers-model with random weights of a fixed seed. Each layer that is added is written to model.json and
/// computed by <see cref="ReferenceLayers"/> at once.
/// </summary>
internal sealed class SyntheticModel : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Random _random = new(1234);
    private readonly JsonArray _layers = [];
    private readonly JsonArray _manifest = [];
    private readonly MemoryStream _shard = new();
    private readonly byte[] _image;
    private readonly int _height;
    private readonly int _width;
    private int _count;

    public SyntheticModel(
        int height = 13, int width = 10, int? declaredHeight = null, int? declaredWidth = null, PixelTransform? pixels = null)
    {
        (_height, _width) = (height, width);
        _image = new byte[height * width * 3];
        _random.NextBytes(_image);
        pixels ??= PixelTransform.For(InputPreprocessing.TensorFlow);
        Add("InputLayer", new JsonObject { ["batch_input_shape"] = new JsonArray(null, declaredHeight, declaredWidth, 3) }, [], "image");
        Image = new Node("image", NhwcTensor.Map(height, width, 3, (y, x, c) =>
        {
            int source = pixels.SwapChannels ? 2 - c : c;
            return (_image[(((y * width) + x) * 3) + source] - pixels.Mean[source]) * pixels.Scale[source];
        }));
    }

    public sealed record Node(string Name, NhwcTensor Value);

    public Node Image { get; }

    /// <summary>The picture, as networks of the module see it.</summary>
    public NetworkInput Input() => new(_width, _height, _image);

    public string ModelJson => _folder.File("model.json");

    public string Destination => _folder.File("network.onnx");

    public string ShardPath => _folder.File("group1-shard1of1.bin");

    public string KerasVersion { get; set; } = "2.15.0";

    public InputPreprocessing Preprocessing { get; set; } = InputPreprocessing.TensorFlow;

    /// <summary>How weights are stored that are added from now on: uint8, uint16 or float16; null for float32.</summary>
    public string? Quantization { get; set; }

    /// <summary>The first part of the names that weights are stored under.</summary>
    public string WeightPrefix { get; set; } = "";

    /// <summary>Replaces the way model.json is written: Keras 3, Sequential, nested models.</summary>
    public Func<JsonArray, string, JsonObject>? Topology { get; set; }

    /// <summary>Adds a layer of any type.</summary>
    public Node Add(string className, JsonObject config, Node[] inputs, string? name = null, Func<NhwcTensor>? value = null)
    {
        name ??= $"layer{++_count}";
        config["name"] = name;
        JsonArray calls = [];
        if (inputs.Length > 0)
        {
            calls.Add(new JsonArray([.. inputs.Select(input => (JsonNode)new JsonArray(input.Name, 0, 0, new JsonObject()))]));
        }

        _layers.Add(new JsonObject { ["name"] = name, ["class_name"] = className, ["config"] = config, ["inbound_nodes"] = calls });
        return new Node(name, value?.Invoke() ?? new NhwcTensor([]));
    }

    public Node Add(string className, JsonObject config, Node input, Func<NhwcTensor, NhwcTensor> value) =>
        Add(className, config, [input], null, () => value(input.Value));

    public Node Conv2D(
        Node input, int filters, Window window, int groups = 1, bool useBias = true, string activation = "linear", string? name = null)
    {
        name ??= $"layer{++_count}";
        NhwcTensor kernel = Weight(name, "kernel", window.Height, window.Width, input.Value.Channels / groups, filters);
        double[]? bias = useBias ? Weight(name, "bias", filters).Data : null;
        JsonObject config = Config(window, "kernel_size");
        config["filters"] = filters;
        config["groups"] = groups;
        config["use_bias"] = useBias;
        config["activation"] = activation;
        return Add(
            "Conv2D", config, [input], name, () => Activate(ReferenceLayers.Conv2D(input.Value, kernel, bias, window, groups), activation));
    }

    public Node DepthwiseConv2D(Node input, int multiplier, Window window)
    {
        string name = $"layer{++_count}";
        int channels = input.Value.Channels;
        NhwcTensor kernel = Weight(name, "depthwise_kernel", window.Height, window.Width, channels, multiplier);
        double[] bias = Weight(name, "bias", channels * multiplier).Data;
        JsonObject config = Config(window, "kernel_size");
        config["depth_multiplier"] = multiplier;
        return Add("DepthwiseConv2D", config, [input], name, () => ReferenceLayers.DepthwiseConv2D(input.Value, kernel, bias, window));
    }

    public Node SeparableConv2D(Node input, int multiplier, int filters, Window window)
    {
        string name = $"layer{++_count}";
        int channels = input.Value.Channels;
        NhwcTensor depthwise = Weight(name, "depthwise_kernel", window.Height, window.Width, channels, multiplier);
        NhwcTensor pointwise = Weight(name, "pointwise_kernel", 1, 1, channels * multiplier, filters);
        double[] bias = Weight(name, "bias", filters).Data;
        JsonObject config = Config(window, "kernel_size");
        config["depth_multiplier"] = multiplier;
        config["filters"] = filters;
        return Add("SeparableConv2D", config, [input], name, () => ReferenceLayers.Conv2D(
            ReferenceLayers.DepthwiseConv2D(input.Value, depthwise, null, window), pointwise, bias, new Window(1, 1)));
    }

    public Node BatchNormalization(Node input, double epsilon = 1e-3, bool center = true, bool scale = true, double? statedEpsilon = null)
    {
        string name = $"layer{++_count}";
        int channels = input.Value.Channels;
        double[]? gamma = scale ? Weight(name, "gamma", channels).Data : null;
        double[]? beta = center ? Weight(name, "beta", channels).Data : null;
        double[] mean = Weight(name, "moving_mean", channels).Data;
        double[] variance = Positive(name, "moving_variance", channels);
        JsonObject config =
            new()
            {
                ["axis"] = new JsonArray(input.Value.Dims.Length),
                ["epsilon"] = statedEpsilon ?? epsilon,
                ["center"] = center,
                ["scale"] = scale,
            };
        return Add("BatchNormalization", config, [input], name, () => input.Value.EachChannel((value, c) =>
            ((value - mean[c]) / Math.Sqrt(variance[c] + epsilon) * (gamma?[c] ?? 1)) + (beta?[c] ?? 0)));
    }

    public Node Pooling(string className, Node input, Window window) => Add(
        className,
        Config(window, "pool_size"),
        input,
        className == "MaxPooling2D"
            ? map => ReferenceLayers.MaxPooling2D(map, window)
            : map => ReferenceLayers.AveragePooling2D(map, window));

    public Node Dense(Node input, int units, string activation = "linear", bool useBias = true, string? name = null)
    {
        name ??= $"layer{++_count}";
        NhwcTensor kernel = Weight(name, "kernel", input.Value.Channels, units);
        double[]? bias = useBias ? Weight(name, "bias", units).Data : null;
        return Add(
            "Dense",
            new JsonObject { ["units"] = units, ["activation"] = activation, ["use_bias"] = useBias },
            [input],
            name,
            () => Activate(ReferenceLayers.Dense(input.Value, kernel, bias), activation));
    }

    public Node GlobalAverage(Node input, bool keepDims = false) => Add(
        "GlobalAveragePooling2D",
        new JsonObject { ["keepdims"] = keepDims },
        input,
        map => ReferenceLayers.GlobalAverage(map) is var vector && keepDims ? new NhwcTensor(vector.Data, 1, 1, vector.Channels) : vector);

    /// <summary>Adds the usual end, five classes.</summary>
    public Node Head(Node features, string activation = "softmax") => Dense(GlobalAverage(features), 5, activation, name: "scores");

    public double[] Positive(string layer, string name, int count)
    {
        double[] values = [.. Enumerable.Range(0, count).Select(_ => (double)(float)(0.3 + _random.NextDouble()))];
        return Store($"{layer}/{name}", values, [count]);
    }

    public NhwcTensor Weight(string layer, string name, params int[] dims)
    {
        double spread = 1.5 / Math.Sqrt(Math.Max(1, dims[..^1].Aggregate(1, (product, dim) => product * dim)));
        double[] values = new double[dims.Aggregate(1, (product, dim) => product * dim)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(((_random.NextDouble() * 2) - 1) * spread);
        }

        return new NhwcTensor(Store($"{layer}/{name}", values, dims), dims);
    }

    /// <summary>Writes model.json and its one shard.</summary>
    public void Write(string output)
    {
        JsonObject topology = Topology?.Invoke(_layers, output) ?? new JsonObject
        {
            ["keras_version"] = KerasVersion,
            ["model_config"] = new JsonObject
            {
                ["class_name"] = "Functional",
                ["config"] = new JsonObject
                {
                    ["name"] = "synthetic",
                    ["layers"] = _layers,
                    ["input_layers"] = new JsonArray(new JsonArray("image", 0, 0)),
                    ["output_layers"] = new JsonArray(new JsonArray(output, 0, 0)),
                },
            },
        };
        JsonObject model = new()
        {
            ["format"] = "layers-model",
            ["modelTopology"] = topology,
            ["weightsManifest"] = new JsonArray(
                new JsonObject { ["paths"] = new JsonArray(Path.GetFileName(ShardPath)), ["weights"] = _manifest }),
        };
        File.WriteAllText(ModelJson, model.ToJsonString());
        File.WriteAllBytes(ShardPath, _shard.ToArray());
    }

    public ConversionResult Convert(ImportOptions? options = null) =>
        KerasNetworkConverter.Convert(ModelJson, Destination, options ?? new ImportOptions { Preprocessing = Preprocessing });

    /// <summary>Converts the network, runs it on the image, and compares both outputs with the reference.</summary>
    public OnnxModelFile Verify(Node features, Node scores, ImportOptions? options = null, double tolerance = 1e-4)
    {
        Write(scores.Name);
        Convert(options);
        NetworkOutput output = OnnxRunner.Run(Destination, _image, 1, _height, _width);
        NhwcTensor map = features.Value;
        Assert.Equal([1L, map.Channels, map.Dims[0], map.Dims[1]], output.ActivationShape);
        int i = 0;
        for (int c = 0; c < map.Channels; c++)
        {
            for (int y = 0; y < map.Dims[0]; y++)
            {
                for (int x = 0; x < map.Dims[1]; x++)
                {
                    Assert.Equal(map[y, x, c], output.Activations[i++], tolerance);
                }
            }
        }

        Assert.Equal(scores.Value.Data.Length, output.Predictions.Count);
        for (int c = 0; c < output.Predictions.Count; c++)
        {
            Assert.Equal(scores.Value.Data[c], output.Predictions[c], tolerance);
        }

        return OnnxModelFile.Read(Destination);
    }

    public void Dispose() => _folder.Dispose();

    public static NhwcTensor Activate(NhwcTensor value, string activation) => activation switch
    {
        "linear" => value,
        "softmax" => ReferenceLayers.Softmax(value),
        "relu" => value.Each(x => Math.Max(x, 0)),
        "relu6" => value.Each(x => Math.Clamp(x, 0, 6)),
        "leaky_relu" => value.Each(x => x < 0 ? 0.2 * x : x),
        "elu" => value.Each(x => x < 0 ? Math.Exp(x) - 1 : x),
        "sigmoid" => value.Each(Sigmoid),
        "tanh" => value.Each(Math.Tanh),
        "swish" or "silu" => value.Each(x => x * Sigmoid(x)),
        "hard_sigmoid" => value.Each(x => Math.Clamp((0.2 * x) + 0.5, 0, 1)),
        "hard_silu" => value.Each(x => x * Math.Clamp((x / 6) + 0.5, 0, 1)),
        _ => throw new ArgumentException(activation),
    };

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static JsonObject Config(Window window, string size) => new()
    {
        [size] = new JsonArray(window.Height, window.Width),
        ["strides"] = new JsonArray(window.StrideY, window.StrideX),
        ["padding"] = window.Same ? "same" : "valid",
        ["dilation_rate"] = new JsonArray(window.Dilation, window.Dilation),
        ["data_format"] = "channels_last",
    };

    /// <summary>Adds a weight to the shard, quantized as tensorflowjs_converter does it, and gives what it is then.</summary>
    private double[] Store(string name, double[] values, int[] dims)
    {
        JsonObject entry =
            new()
            {
                ["name"] = WeightPrefix + name,
                ["shape"] = new JsonArray([.. dims.Select(dim => (JsonNode)dim)]),
                ["dtype"] = "float32",
            };
        _manifest.Add(entry);
        using BinaryWriter writer = new(_shard, System.Text.Encoding.UTF8, leaveOpen: true);
        if (Quantization is null)
        {
            Array.ForEach(values, value => writer.Write((float)value));
            return values;
        }

        if (Quantization == "float16")
        {
            entry["quantization"] = new JsonObject { ["dtype"] = Quantization, ["original_dtype"] = "float32" };
            Array.ForEach(values, value => writer.Write((Half)value));
            return Array.ConvertAll(values, value => (double)(Half)value);
        }

        double minimum = values.Min();
        double scale = (values.Max() - minimum) / (Quantization == "uint8" ? byte.MaxValue : ushort.MaxValue);
        entry["quantization"] = new JsonObject
        {
            ["dtype"] = Quantization,
            ["scale"] = scale,
            ["min"] = minimum,
            ["original_dtype"] = "float32",
        };
        ushort[] levels = Array.ConvertAll(values, value => (ushort)Math.Round((value - minimum) / scale));
        foreach (ushort level in levels)
        {
            if (Quantization == "uint8")
            {
                writer.Write((byte)level);
            }
            else
            {
                writer.Write(level);
            }
        }

        return Array.ConvertAll(levels, level => (level * scale) + minimum);
    }
}
