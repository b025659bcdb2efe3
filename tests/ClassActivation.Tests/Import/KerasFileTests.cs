using System.IO.Compression;
using System.Text.Json;
using ClassActivation.Identity;
using ClassActivation.Import;
using ClassActivation.Import.Pixels;
using ClassActivation.Inference;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Import;

/// <summary>Keras' files, made by h5py in the layouts of its versions; what they answer, by PyTorch (make_keras.py).</summary>
public sealed class KerasFileTests : IDisposable
{
    private const int Side = 32;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("teachable/keras_model.h5", "teachable")]
    [InlineData("keras3.h5", "keras3")]
    [InlineData("network.keras", "keras3")]
    public void A_file_gives_the_answers_that_it_gives_elsewhere(string file, string figures)
    {
        using CamModel network = Convert(Figure(file));
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Figure("keras.json")));
        using ForwardPass pass = network.Run(new NetworkInput(Side, Side, Bytes(document.RootElement.GetProperty("picture"))));

        Assert.False(network.Info.IsLinear);
        AssertNear(document.RootElement.GetProperty(figures).GetProperty("features"), pass.Activations);
        AssertNear(document.RootElement.GetProperty(figures).GetProperty("probabilities"), pass.Probabilities);
    }

    [Fact]
    public void A_file_of_Teachable_Machine_brings_its_labels_its_pixels_and_its_square()
    {
        using CamModel network = Convert(Figure("teachable/keras_model.h5"));

        Assert.Equal(["Cup", "Plant pot", "Nothing"], Enumerable.Range(0, 3).Select(c => network.Classes[c].Label));
        Assert.Contains("[0.00784314, 0.00784314, 0.00784314] + [-1, -1, -1]", network.Info.Preprocessing, StringComparison.Ordinal);
        Assert.Equal(InputFit.CenterSquare, network.Info.Fit);
        InputSettings settings = new InputSettings().For(network.Info);
        Assert.Equal((InputFit.CenterSquare, Side), (settings.Fit, settings.Resolution));
        Assert.Equal(InputFit.Stretch, new InputSettings(InputFit.Stretch).For(network.Info).Fit);
    }

    [Fact]
    public void The_largest_square_in_the_middle_is_the_shorter_side()
    {
        InputGeometry geometry = InputGeometry.Compute(640, 400, InputFit.CenterSquare, 224);

        Assert.Equal((358, 224, 67, 0, 224, 224), (geometry.ResizedWidth, geometry.ResizedHeight, geometry.CropLeft, geometry.CropTop, geometry.InputWidth, geometry.InputHeight));
        Assert.Equal(400, geometry.Covered.Height, 1e-9);
        Assert.InRange(geometry.Covered.Width, 399, 401);
    }

    [Fact]
    public void Where_nothing_tells_of_the_pixels_the_presets_are_listed()
    {
        string file = _folder.File("alone.h5");
        File.Copy(Figure("teachable/keras_model.h5"), file);

        ModelImportException e = Assert.Throws<ModelImportException>(
            () => NetworkImporter.Convert(file, _folder.File("out.onnx"), new ImportOptions()));

        Assert.Contains("TensorFlow (-1 to 1)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_within_themselves_are_an_error() =>
        Refused(Figure("loop.h5"), "");

    [Fact]
    public void An_archive_that_would_fill_the_memory_is_not_unpacked()
    {
        string file = _folder.File("bomb.keras");
        using (FileStream stream = File.Create(file))
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create))
        {
            using (StreamWriter config = new(archive.CreateEntry("config.json").Open()))
            {
                config.Write("{}");
            }

            using Stream weights = archive.CreateEntry("model.weights.h5", CompressionLevel.Optimal).Open();
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 100; i++)
            {
                weights.Write(zeros);
            }
        }

        Refused(file, "is not unpacked");
    }

    [Theory]
    [InlineData("config.json", "has no 'config.json'")]
    [InlineData("model.weights.h5", "has no 'model.weights.h5'")]
    public void A_part_that_is_missing_is_named(string part, string complaint)
    {
        string file = _folder.File("part.keras");
        File.Copy(Figure("network.keras"), file);
        using (ZipArchive archive = ZipFile.Open(file, ZipArchiveMode.Update))
        {
            archive.GetEntry(part)!.Delete();
        }

        Refused(file, complaint);
    }

    [Fact]
    public void A_file_that_was_cut_off_is_an_error()
    {
        foreach (string name in new[] { "keras3.h5", "network.keras" })
        {
            string file = _folder.File("cut-" + name);
            byte[] whole = File.ReadAllBytes(Figure(name));
            File.WriteAllBytes(file, whole[..(whole.Length / 2)]);
            Refused(file, file);
        }
    }

    [Fact]
    public void Weights_alone_are_no_network()
    {
        string file = _folder.File("net.weights.h5");
        using (ZipArchive archive = ZipFile.OpenRead(Figure("network.keras")))
        {
            archive.GetEntry("model.weights.h5")!.ExtractToFile(file);
        }

        Refused(file, "holds weights without the network they belong to");
    }

    private static string Figure(string name) => Path.Combine(AppContext.BaseDirectory, "Figures", "networks", name);

    private static byte[] Bytes(JsonElement values) => [.. values.EnumerateArray().Select(static value => value.GetByte())];

    private static void AssertNear(JsonElement expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.GetArrayLength(), actual.Length);
        for (int i = 0; i < actual.Length; i++)
        {
            Assert.Equal(expected[i].GetDouble(), actual[i], 2e-5);
        }
    }

    private CamModel Convert(string path)
    {
        string destination = _folder.File($"{Guid.NewGuid():N}.onnx");
        NetworkImporter.Convert(path, destination, new ImportOptions());
        return CamModel.Load(destination, new OptimizedNetworkCache(null));
    }

    private void Refused(string path, string complaint)
    {
        string destination = _folder.File("out.onnx");
        ModelImportException e = Assert.Throws<ModelImportException>(
            () => NetworkImporter.Convert(path, destination, new ImportOptions { Preprocessing = InputPreprocessing.Scale01 }));
        Assert.Contains(complaint, e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(destination));
    }
}
