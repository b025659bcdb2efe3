using System.Text.Json;
using ClassActivation.Identity;
using ClassActivation.Import;
using ClassActivation.Import.Pixels;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Import;

/// <summary>Networks that torch exported, shown letterboxed photos; what they answer, by torch and Pillow (make_torch.py).</summary>
public sealed class TorchNetworkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tagger", "chelsea.png")]
    [InlineData("tagger", "coffee.png")]
    [InlineData("defect", "chelsea.png")]
    [InlineData("defect", "coffee.png")]
    public void Answers_and_maps_of_letterboxed_photos_are_those_of_torch(string name, string photo)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Figure("torch.json")));
        JsonElement figures = document.RootElement.GetProperty(name).GetProperty(photo);
        using CamModel model = Convert(Figure($"{name}.onnx"), new ImportOptions { Preprocessing = InputPreprocessing.Scale01 });
        double[] logits = [.. figures.GetProperty("logits").EnumerateArray().Select(static value => value.GetDouble())];
        Assert.Equal(ClassifierActivation.Sigmoid, model.Info.Activation);

        for (int label = 0; label < logits.Length; label++)
        {
            // Of one number, the class that it speaks for is the second; the first one's map is the negative of it.
            int own = logits.Length == 1 ? 1 : label;
            ClassActivationMap map = Explain(model, photo, own);
            double[] expected = [.. figures.GetProperty("maps")[label].EnumerateArray().Select(static value => value.GetDouble())];

            Assert.Equal(logits[label], map.Logit, 1e-4);
            Assert.Equal(1 / (1 + Math.Exp(-logits[label])), map.Probability, 1e-4);
            Assert.Equal(expected.Length, map.Values.Length);
            Assert.All(map.Values.Zip(expected), static pair => Assert.Equal(pair.Second, pair.First, 1e-4));
            Assert.InRange(map.Coverage.Top, -1000, -1);
            if (logits.Length == 1)
            {
                ClassActivationMap other = Explain(model, photo, 0);
                Assert.Equal(-logits[0], other.Logit, 1e-4);
                Assert.All(other.Values.Zip(expected), static pair => Assert.Equal(-pair.Second, pair.First, 1e-4));
            }
        }
    }

    [Theory]
    [InlineData(
        "preprocessor_config.json",
        """{ "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "do_pad": true }""",
        InputFit.Letterbox,
        "128,128,128")]
    [InlineData("preprocessor_config.json", """{ "image_mean": [0.5, 0.5, 0.5], "do_center_crop": true, "size": { "shortest_edge": 256 }, "crop_size": { "height": 224, "width": 224 } }""", InputFit.CenterCrop, "128,128,128")]
    [InlineData("preprocessor_config.json", """{ "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225], "do_center_crop": true, "size": 224, "crop_size": 224 }""", InputFit.CenterSquare, "124,116,104")]
    [InlineData(
        "preprocessor_config.json",
        """{ "image_mean": [0.5, 0.5, 0.5], "size": { "height": 224, "width": 224 } }""",
        InputFit.Stretch,
        "128,128,128")]
    [InlineData(
        "config.json",
        """{ "pretrained_cfg": { "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "crop_pct": 0.875 } }""",
        InputFit.CenterCrop,
        "128,128,128")]
    [InlineData(
        "config.json",
        """{ "pretrained_cfg": { "mean": [0, 0, 0], "std": [1, 1, 1], "crop_pct": 1.0, "crop_mode": "border" } }""",
        InputFit.Letterbox,
        "0,0,0")]
    [InlineData(
        "config.json",
        """{ "pretrained_cfg": { "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "crop_mode": "squash" } }""",
        InputFit.Stretch,
        "128,128,128")]
    public void Files_beside_a_network_say_how_its_program_fits_photos(string file, string text, InputFit fit, string margin)
    {
        string path = _folder.File("net.onnx");
        File.Copy(Figure("tagger.onnx"), path);
        File.WriteAllText(_folder.File(file), text);
        using CamModel model = Convert(path, new ImportOptions());

        Assert.Equal((fit, margin), (model.Info.Fit, model.Info.Margin.ToString()));
    }

    [Fact]
    public void What_the_user_says_of_the_fit_comes_first()
    {
        using CamModel model = Convert(
            Figure("tagger.onnx"), new ImportOptions { Preprocessing = InputPreprocessing.Torch, Fit = InputFit.Letterbox });

        Assert.Equal((InputFit.Letterbox, "124,116,104"), (model.Info.Fit, model.Info.Margin.ToString()));
    }

    private CamModel Convert(string path, ImportOptions options)
    {
        string destination = _folder.File("made.onnx");
        NetworkImporter.Convert(path, destination, options);
        return CamModel.Load(destination, new OptimizedNetworkCache(null));
    }

    private static ClassActivationMap Explain(CamModel model, string photo, int label) =>
        new PhotoExplainer(model, new InputSettings(InputFit.Letterbox, 64)).Explain(
            PhotoSource.FromFile(Path.Combine(AppContext.BaseDirectory, "samples", photo)),
            new MapRequest { Methods = [CamMethod.Cam], ClassIndexes = [label] }).Single();

    private static string Figure(string name) => Path.Combine(AppContext.BaseDirectory, "Figures", "networks", name);
}
