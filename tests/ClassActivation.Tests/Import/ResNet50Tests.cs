using System.Text.Json;
using ClassActivation.Import.Keras;
using ClassActivation.Networks;
using ClassActivation.Onnx;
using SkiaSharp;

namespace ClassActivation.Tests.Import;

/// <summary>
/// The published network against the figures its author's notebook printed. Set CLASSACTIVATION_RESNET50 to the
/// package's model.json or to another converted model; without it the network that the build made is tested.
/// </summary>
public sealed class ResNet50Tests : IClassFixture<ResNet50Tests.Network>
{
    private readonly Network _network;

    public ResNet50Tests(Network network)
    {
        _network = network;
    }

    [SkippableFact]
    public void TheNotebooksPhotoIsAMinivanWithTheNotebooksProbability()
    {
        NetworkOutput output = _network.RunOnNotebookPhoto(out JsonElement expected);

        Assert.Equal(656, output.Predictions.IndexOf(output.Predictions.Max()));
        double probability = expected.GetProperty("prediction").GetProperty("probability").GetDouble();
        Assert.Equal(probability, output.Predictions[656], 1e-6);
    }

    [SkippableFact]
    public void TheActivationsAreTheNotebooks()
    {
        NetworkOutput output = _network.RunOnNotebookPhoto(out JsonElement expected);

        Assert.Equal([1L, 2048, 7, 7], output.ActivationShape);
        float[] map =
        [
            .. expected.GetProperty("activationMap1024").EnumerateArray().SelectMany(row => row.EnumerateArray())
                .Select(value => value.GetSingle())
        ];
        for (int i = 0; i < 49; i++)
        {
            Assert.Equal(map[i], output.Activations[(1024 * 49) + i], 1e-5);
        }
    }

    [SkippableFact]
    public void TheClassifierTurnsTheMeanActivationsIntoThePredictions()
    {
        NetworkOutput output = _network.RunOnNotebookPhoto(out JsonElement expected);
        OnnxModelFile file = OnnxModelFile.Read(_network.ModelPath);
        OnnxTensor weight = file.ReadInitializer("classifier.weight");
        OnnxTensor bias = file.ReadInitializer("classifier.bias");

        Assert.Equal([2048L, 1000], weight.Dims);
        Assert.Equal([1000L], bias.Dims);
        double[] logits = Array.ConvertAll(bias.Data, value => (double)value);
        for (int k = 0; k < 2048; k++)
        {
            double mean = output.Activations.Skip(k * 49).Take(49).Average(value => (double)value);
            for (int c = 0; c < 1000; c++)
            {
                logits[c] += mean * weight.Data[(k * 1000) + c];
            }
        }

        double sum = logits.Sum(Math.Exp);
        for (int c = 0; c < 1000; c++)
        {
            Assert.Equal(Math.Exp(logits[c]) / sum, output.Predictions[c], 2e-6);
        }

        JsonElement first = expected.GetProperty("independentlyComputed").GetProperty("top5")[0];
        Assert.Equal(first.GetProperty("logit").GetDouble(), logits[656], 1e-4);
    }

    [SkippableFact]
    public void TheMetadataShowsTheNamesOfTodaysKeras()
    {
        OnnxModelFile file = OnnxModelFile.Read(_network.ModelPath);

        Assert.Equal("ResNet50", file.Metadata["name"]);
        Assert.Equal("imagenet", file.Metadata["labels"]);
        Assert.Equal("Caffe", file.Metadata["preprocessing"]);
        Assert.Equal("conv5_block3_out", file.Metadata["activation_layer"]);
        Assert.Equal("avg_pool", file.Metadata["pooling_layer"]);
        Assert.Equal("predictions", file.Metadata["classifier_layer"]);
        Assert.Equal("softmax", file.Metadata["classifier_activation"]);
        Assert.Equal("224", file.Metadata["resolution"]);
    }

    [SkippableFact]
    public void TheLayerTableIsThatOfKeras()
    {
        IReadOnlyList<LayerSummary> layers = LayerSummary.Parse(OnnxModelFile.Read(_network.ModelPath).Metadata["layers"]);

        // keras.applications.ResNet50().summary(): 25,636,712 parameters in 177 layers.
        Assert.Equal(177, layers.Count);
        Assert.Equal(25_636_712, layers.Sum(layer => layer.Parameters));
        LayerSummary convolution = layers.Single(layer => layer.Name == "conv1_conv");
        Assert.Equal(9472, convolution.Parameters);
        Assert.Equal([null, 112, 112, 64], convolution.OutputShape);
        Assert.Equal(["conv5_block3_2_relu"], layers.Single(layer => layer.Name == "conv5_block3_3_conv").Inputs);
        Assert.Equal(["conv2_block1_3_bn", "conv2_block1_0_bn"], layers.Single(layer => layer.Name == "conv2_block1_add").Inputs);
        Assert.Equal([null, 7, 7, 2048], layers.Single(layer => layer.Name == "conv5_block3_out").OutputShape);
        Assert.Equal(2_049_000, layers[^1].Parameters);
    }

    [SkippableFact]
    public void LargerAndOblongPhotosGiveLargerMaps()
    {
        NetworkOutput output = OnnxRunner.Run(_network.ModelPath, new byte[320 * 256 * 3], 1, 320, 256);

        Assert.Equal([1L, 2048, 10, 8], output.ActivationShape);
        Assert.Equal(1, output.Predictions.Sum(), 1e-5);
    }

    public sealed class Network : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private string? _modelPath;

        public string ModelPath => _modelPath ??= Prepare();

        public NetworkOutput RunOnNotebookPhoto(out JsonElement expected)
        {
            string model = ModelPath;
            string seed = Path.Combine(Locations.Reference(), "seed");
            expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(seed, "expected.json"))).RootElement;
            using SKBitmap bitmap = SKBitmap.Decode(
                Path.Combine(seed, "car-1.png"), new SKImageInfo(224, 224, SKColorType.Rgba8888, SKAlphaType.Opaque));
            ReadOnlySpan<byte> rgba = bitmap.GetPixelSpan();
            byte[] rgb = new byte[224 * 224 * 3];
            for (int i = 0; i < 224 * 224; i++)
            {
                rgba.Slice(i * 4, 3).CopyTo(rgb.AsSpan(i * 3));
            }

            return OnnxRunner.Run(model, rgb, 1, 224, 224);
        }

        public void Dispose() => _folder.Dispose();

        private string Prepare()
        {
            string source = Environment.GetEnvironmentVariable("CLASSACTIVATION_RESNET50")
                ?? Path.Combine(Locations.Repository(), "models", "ResNet50.onnx");
            Skip.IfNot(File.Exists(source), "The build has not made models/ResNet50.onnx.");
            if (source.EndsWith(".onnx", StringComparison.Ordinal))
            {
                return source;
            }

            string path = _folder.File("resnet50.onnx");
            ModelRecipe recipe = ModelRecipe.Read(Path.Combine(Locations.Repository(), "models", "ResNet50.recipe.json"));
            KerasNetworkConverter.Convert(source, path, recipe.ToOptions());
            return path;
        }
    }
}
