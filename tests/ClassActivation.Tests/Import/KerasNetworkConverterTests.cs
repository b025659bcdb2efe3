using System.Text.Json.Nodes;
using ClassActivation.Import;
using ClassActivation.Import.Keras;
using ClassActivation.Import.Pixels;
using ClassActivation.Networks;
using ClassActivation.Onnx;
using Node = ClassActivation.Tests.Import.SyntheticModel.Node;

namespace ClassActivation.Tests.Import;

/// <summary>Weight files, options, metadata, and every way a conversion can fail.</summary>
public sealed class KerasNetworkConverterTests : IDisposable
{
    private SyntheticModel _model = new();

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData("uint8")]
    [InlineData("uint16")]
    [InlineData("float16")]
    public void QuantizedWeights(string type)
    {
        _model.Quantization = type;
        Node x = _model.BatchNormalization(_model.Conv2D(_model.Image, 6, new Window(3, 3)));
        _model.Verify(x, _model.Head(x));
    }

    [Fact]
    public void WeightsSpreadOverSeveralFiles()
    {
        Node x = _model.Conv2D(_model.Image, 40, new Window(3, 3), activation: "relu");
        Node scores = _model.Head(x);
        _model.Write(scores.Name);
        byte[] whole = File.ReadAllBytes(_model.ShardPath);
        string folder = Path.GetDirectoryName(_model.ShardPath)!;
        JsonArray names = [];
        for (int i = 0; i * 1000 < whole.Length; i++)
        {
            names.Add($"part{i}.bin");
            File.WriteAllBytes(Path.Combine(folder, $"part{i}.bin"), whole[(i * 1000)..Math.Min(whole.Length, (i + 1) * 1000)]);
        }

        _model.Convert();
        byte[] expected = File.ReadAllBytes(_model.Destination + ".data");

        Edit(model => model["weightsManifest"]![0]!["paths"] = names);
        _model.Convert();

        Assert.True(names.Count > 4);
        Assert.Equal(expected, File.ReadAllBytes(_model.Destination + ".data"));
    }

    [Fact]
    public void IntegerWeights()
    {
        Node x = _model.Conv2D(_model.Image, 2, new Window(1, 1), name: "whole");
        _model.Write(_model.Head(x).Name);
        Edit(model =>
        {
            foreach (JsonNode? weight in model["weightsManifest"]![0]!["weights"]!.AsArray().Where(weight => weight!["name"]!.GetValue<string>() == "scores/bias"))
            {
                weight!["dtype"] = "int32";
            }
        });
        byte[] shard = File.ReadAllBytes(_model.ShardPath);
        for (int i = 0; i < 5; i++)
        {
            BitConverter.TryWriteBytes(shard.AsSpan(shard.Length - 20 + (i * 4)), i - 2);
        }

        File.WriteAllBytes(_model.ShardPath, shard);

        _model.Convert();

        Assert.Equal([-2f, -1, 0, 1, 2], OnnxModelFile.Read(_model.Destination).ReadInitializer("classifier.bias").Data);
    }

    [Fact]
    public void TheResultTheProgressAndTheMetadataTellWhatWasMade()
    {
        Node x = _model.Conv2D(_model.Image, 6, new Window(3, 3), activation: "relu", name: "conv");
        _model.Write(_model.Head(x).Name);
        Recorder recorder = new();
        ImportOptions options = new()
        {
            Name = "Pets",
            Source = "trained at home",
            Preprocessing = InputPreprocessing.Torch,
            Labels = "cat\ndog\nhen\ncow\nelk",
            Resolution = 96,
            LayerNames = new Dictionary<string, string> { ["conv"] = "last_conv" },
        };

        ConversionResult result = KerasNetworkConverter.Convert(_model.ModelJson, _model.Destination, options, recorder);

        Assert.Equal((5, 6, 4, 3 * 3 * 3 * 6 + 6 + 6 * 5 + 5), (result.Classes, result.FeatureMaps, result.Layers, (int)result.Parameters));
        Assert.Equal(_model.Destination, result.Path);
        Assert.Equal(new FileInfo(_model.Destination).Length, result.Size);
        Assert.Equal([new("image", 1, 4), new("conv", 2, 4), new("layer1", 3, 4), new("scores", 4, 4)], recorder.Reports);
        IReadOnlyDictionary<string, string> metadata = OnnxModelFile.Read(_model.Destination).Metadata;
        Assert.Equal("Pets", metadata["name"]);
        Assert.Equal("trained at home", metadata["source"]);
        Assert.Equal("Torch", metadata["preprocessing"]);
        Assert.Equal("cat\ndog\nhen\ncow\nelk", metadata["labels"]);
        Assert.Equal("96", metadata["resolution"]);
        Assert.Equal("last_conv", metadata["activation_layer"]);
        IReadOnlyList<LayerSummary> layers = LayerSummary.Parse(metadata["layers"]);
        Assert.Equal(["last_conv"], layers[2].Inputs);
        Assert.Equal([null, null, null, 6], layers[1].OutputShape);
        Assert.Equal(168, layers[1].Parameters);
    }

    [Fact]
    public void AStoppedConversionLeavesNothing()
    {
        Node x = _model.Conv2D(_model.Image, 60, new Window(3, 3));
        _model.Write(_model.Head(x).Name);
        using CancellationTokenSource stop = new();
        Recorder recorder = new()
        {
            Then = report =>
        {
            if (report.Completed == 3)
            {
                stop.Cancel();
            }
        }
        };

        Assert.Throws<OperationCanceledException>(() =>
            KerasNetworkConverter.Convert(
                _model.ModelJson, _model.Destination, new ImportOptions { Preprocessing = InputPreprocessing.None }, recorder, stop.Token));

        Assert.Equal(["group1-shard1of1.bin", "model.json"], Files());
    }

    [Fact]
    public void AFailedConversionLeavesTheOldFilesAsTheyWere()
    {
        Node x = _model.Conv2D(_model.Image, 60, new Window(3, 3));
        Node bad = _model.Add("Lambda", [], x, map => map);
        Node scores = _model.Head(bad);
        _model.Write(scores.Name);
        File.WriteAllText(_model.Destination, "old");

        Assert.Throws<ModelImportException>(() => _model.Convert());

        Assert.Equal("old", File.ReadAllText(_model.Destination));
        Assert.Equal(["group1-shard1of1.bin", "model.json", "network.onnx"], Files());
    }

    [Fact]
    public void UnknownLayers()
    {
        Node x = _model.Add(
            "Lambda", [], [_model.Conv2D(_model.Image, 6, new Window(3, 3))], "mystery", () => new NhwcTensor(new double[6], 1, 1, 6));
        Fails(x, "The layer 'mystery' (Lambda) is of a type that cannot be imported; replace it by standard layers");
    }

    [Fact]
    public void UnknownActivations()
    {
        Node x = _model.Add(
            "Activation",
            new JsonObject { ["activation"] = "wobble" },
            [_model.Conv2D(_model.Image, 6, new Window(3, 3))],
            "odd",
            () => new NhwcTensor(new double[6], 1, 1, 6));
        Fails(x, "The layer 'odd' (Activation) has the activation 'wobble', which cannot be imported");
    }

    [Fact]
    public void UnknownPadding() =>
        Broken(
            layer => layer["config"]!["padding"] = "causal",
            "The layer 'conv' (Conv2D) has the padding 'causal'; only 'same' and 'valid' can be imported");

    [Fact]
    public void MissingParts() =>
        Broken(
            layer => layer["config"]!.AsObject().Remove("filters"),
            "The layer 'conv' (Conv2D) does not state 'filters'; its description is incomplete");

    [Fact]
    public void PartsOfAnotherType() =>
        Broken(
            layer => layer["config"]!["filters"] = "six",
            "The description of the layer 'conv' (Conv2D) is incomplete or of an unknown form");

    [Fact]
    public void ActivationsThatAreObjects() =>
        Broken(
            layer => layer["config"]!["activation"] = new JsonObject(),
            "The layer 'conv' (Conv2D) has an activation that is a layer or a function of its own");

    [Fact]
    public void StridesTogetherWithADilation() => Broken(
        layer =>
        {
            layer["config"]!["padding"] = "same";
            layer["config"]!["strides"] = 2;
            layer["config"]!["dilation_rate"] = 2;
        },
        "The layer 'conv' (Conv2D) has both strides and a dilation");

    [Fact]
    public void SharedLayers() => Broken(
        layer => layer["inbound_nodes"]!.AsArray().Add(layer["inbound_nodes"]![0]!.DeepClone()),
        "The layer 'conv' (Conv2D) is used 2 times; give each use a layer of its own");

    [Fact]
    public void Loops() => Broken(
        layer => layer["inbound_nodes"]![0]![0]![0] = "conv", "The layer 'conv' (Conv2D) is part of a loop");

    [Fact]
    public void SecondOutputsOfLayers() => Broken(
        layer => layer["inbound_nodes"]![0]![0]![2] = 1, "The layer 'conv' takes the second output of 'image'");

    [Fact]
    public void ReferencesToNothing() => Broken(
        layer => layer["inbound_nodes"]![0]![0]![0] = "nothing", "model.json refers to a layer 'nothing' that it does not describe");

    [Fact]
    public void BatchNormalizationAlongAnotherAxis()
    {
        Node x = _model.BatchNormalization(_model.Conv2D(_model.Image, 6, new Window(3, 3)));
        _model.Write(_model.Head(x).Name);
        Edit(model => Layers(model)[2]!["config"]!["axis"] = 1);
        FailsToConvert($"The layer '{x.Name}' (BatchNormalization) normalises along an axis that is not the channels");
    }

    [Fact]
    public void ReshapesOfAFreeImageSize()
    {
        Node x = _model.Add(
            "Reshape",
            new JsonObject { ["target_shape"] = new JsonArray(-1, 8, 6) },
            [_model.Conv2D(_model.Image, 6, new Window(3, 3))],
            "folded",
            () => new NhwcTensor(new double[6], 1, 1, 6));
        Fails(x, "The layer 'folded' (Reshape) needs a fixed image size, which the input layer does not state");
    }

    [Fact]
    public void MapsJoinedWithVectors()
    {
        Node x = _model.Conv2D(_model.Image, 6, new Window(3, 3));
        Node y = _model.GlobalAverage(x);
        Fails(_model.Add("Multiply", [], [x, y], "gate", () => x.Value), "The layer 'gate' (Multiply) joins a map and a vector");
    }

    [Fact]
    public void ImagesWithOtherChannels()
    {
        BuildSmall();
        Edit(model => Layers(model)[0]!["config"]!["batch_input_shape"] = new JsonArray(null, 28, 28, 2));
        FailsToConvert(
            "The layer 'image' (InputLayer) takes (28, 28, 2); only networks that take one image of 1, 3 or 4 channels can be used");
    }

    [Fact]
    public void SeveralOutputs()
    {
        BuildSmall();
        Edit(model => model["modelTopology"]!["model_config"]!["config"]!["output_layers"]!.AsArray().Add(new JsonArray("conv", 0, 0)));
        FailsToConvert("has 2 outputs; only networks with one output");
    }

    [Fact]
    public void SeveralInputs()
    {
        Node second = _model.Add("InputLayer", new JsonObject { ["batch_input_shape"] = new JsonArray(null, null, null, 3) }, [], "second");
        Node x = _model.Add("Add", [], [_model.Image, second], value: () => _model.Image.Value);
        Fails(_model.Conv2D(x, 6, new Window(3, 3)), "The network has more than one input");
    }

    [Fact]
    public void OtherKindsOfModels()
    {
        BuildSmall();
        Edit(model => model["modelTopology"]!["model_config"]!["class_name"] = "MyModel");
        FailsToConvert("The network is of the type 'MyModel'; only Sequential and functional Keras models can be imported");
    }

    [Fact]
    public void DescriptionsOfOtherThings()
    {
        File.WriteAllText(_model.ModelJson, """{"format":"other","modelTopology":[],"weightsManifest":[]}""");
        FailsToConvert("is not a network of TensorFlow.js; convert yours with tensorflowjs_converter");
    }

    [Fact]
    public void TextsThatAreNotJson()
    {
        File.WriteAllText(_model.ModelJson, "<html>");
        FailsToConvert("is not a model.json");
    }

    [Fact]
    public void MissingWeightFiles()
    {
        BuildSmall();
        File.Delete(_model.ShardPath);
        FailsToConvert($"The weight file '{_model.ShardPath}' is missing; fetch the model again");
    }

    [Fact]
    public void ShortWeightFiles()
    {
        BuildSmall();
        byte[] shard = File.ReadAllBytes(_model.ShardPath);
        File.WriteAllBytes(_model.ShardPath, shard[..^8]);
        FailsToConvert($"(group1-shard1of1.bin) hold {shard.Length - 8} bytes where {shard.Length} are expected; fetch the model again");
    }

    [Theory]
    [InlineData("../weights.bin")]
    [InlineData("/weights.bin")]
    public void WeightFilesOutsideOfTheFolder(string path)
    {
        BuildSmall();
        Edit(model => model["weightsManifest"]![0]!["paths"]![0] = path);
        FailsToConvert($"model.json names the weight file '{path}', outside of its own folder");
    }

    [Fact]
    public void MissingWeights()
    {
        BuildSmall();
        Edit(model => model["weightsManifest"]![0]!["weights"]![0]!["name"] = "other/kernel");
        FailsToConvert("The layer 'conv' (Conv2D) has no weight 'kernel' of its own in the list of weights");
    }

    [Fact]
    public void WeightsOfUnknownTypes()
    {
        BuildSmall();
        Edit(model => model["weightsManifest"]![0]!["weights"]![0]!["dtype"] = "complex64");
        FailsToConvert("The weight 'conv/kernel' has elements of the type 'complex64'");
    }

    [Fact]
    public void LabelsThatDoNotFit()
    {
        BuildSmall();
        Assert.Equal(
            "There are 2 class labels given for a network of 5 classes; give one label for each class, in class order.",
            Assert.Throws<ModelImportException>(
                () => _model.Convert(new ImportOptions { Preprocessing = InputPreprocessing.None, Labels = "a\nb" })).Message);
        Assert.Contains(
            "1000 class labels",
            Assert.Throws<ModelImportException>(
                () => _model.Convert(new ImportOptions { Preprocessing = InputPreprocessing.None, Labels = "imagenet" })).Message,
            StringComparison.Ordinal);
    }

    private void BuildSmall() => _model.Write(_model.Head(_model.Conv2D(_model.Image, 6, new Window(3, 3), name: "conv")).Name);

    private void Broken(Action<JsonNode> breakConvolution, string message)
    {
        BuildSmall();
        Edit(model => breakConvolution(Layers(model)[1]!));
        FailsToConvert(message);
    }

    private void Fails(Node features, string message)
    {
        _model.Write(_model.Head(features).Name);
        FailsToConvert(message);
    }

    private void FailsToConvert(string message) =>
        Assert.Contains(message, Assert.Throws<ModelImportException>(() => _model.Convert()).Message, StringComparison.Ordinal);

    private void Edit(Action<JsonNode> edit)
    {
        JsonNode model = JsonNode.Parse(File.ReadAllText(_model.ModelJson))!;
        edit(model);
        File.WriteAllText(_model.ModelJson, model.ToJsonString());
    }

    private static JsonArray Layers(JsonNode model) => model["modelTopology"]!["model_config"]!["config"]!["layers"]!.AsArray();

    private string[] Files() =>
        [
            .. Directory.GetFiles(Path.GetDirectoryName(_model.ModelJson)!).Select(file => Path.GetFileName(file)!)
                .Order(StringComparer.Ordinal)
        ];

    private sealed class Recorder : IProgress<ConversionProgress>
    {
        public List<ConversionProgress> Reports { get; } = [];

        public Action<ConversionProgress>? Then { get; init; }

        public void Report(ConversionProgress value)
        {
            Reports.Add(value);
            Then?.Invoke(value);
        }
    }
}
