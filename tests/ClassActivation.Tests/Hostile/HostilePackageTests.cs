using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ClassActivation.Import;
using ClassActivation.Import.Keras;
using ClassActivation.Tests.Import;
using Edit = System.Action<System.Text.Json.Nodes.JsonNode>;

namespace ClassActivation.Tests.Hostile;

/// <summary>Layers-models, recipes and packages that were made to do harm: one clear error each, and little memory.</summary>
public sealed class HostilePackageTests : IDisposable
{
    private const long MostBytes = 16 << 20;

    private static readonly Dictionary<string, (Edit Edit, string Message)> Refusals = new()
    {
        ["a shape of gigabytes"] = (model => Weight(model)["shape"] = new JsonArray(40_000, 40_000), "bytes where 640000"),
        ["a shape beyond 64 bits"] = (
            model => Weight(model)["shape"] = new JsonArray([.. Enumerable.Repeat(int.MaxValue, 4).Select(static n => (JsonNode)n)]),
            "The list of weights in model.json"),
        ["dimensions below zero"] = (model => Weight(model)["shape"] = new JsonArray(-3, -3, 3, 6), "has the shape (-3, -3, 3, 6)"),
        ["a dimension of zero"] = (model => Weight(model)["shape"] = new JsonArray(0, int.MaxValue), "has the shape (0, 2147483647)"),
        ["a shape of texts"] = (model => Weight(model)["shape"] = new JsonArray("3"), "The list of weights in model.json"),
        ["a name of null"] = (model => Weight(model)["name"] = null, "The list of weights in model.json"),
        ["a shard of null"] = (model => Group(model)["paths"]![0] = null, "The list of weights in model.json"),
        ["a shard twice"] = (
            model => Group(model)["paths"]!.AsArray().Add(Group(model)["paths"]![0]!.DeepClone()), "' twice; fetch the model again"),
        ["a shard on a drive"] = (model => Group(model)["paths"]![0] = @"C:\weights.bin", "outside of its own folder"),
        ["a shard on a server"] = (model => Group(model)["paths"]![0] = @"\\server\share\weights.bin", "outside of its own folder"),
        ["a shard above by backslash"] = (model => Group(model)["paths"]![0] = @"a\..\..\weights.bin", "outside of its own folder"),
        ["a manifest that is no list"] = (model => model["weightsManifest"] = 7, "The list of weights in model.json"),
        ["an unknown quantization"] = (
            model => Weight(model)["quantization"] = new JsonObject { ["dtype"] = "uint3", ["scale"] = 1, ["min"] = 0 },
            "of the type 'uint3', which cannot be imported"),
        ["an infinite quantization"] = (model => Weight(model)["dtype"] = "complex128", "of the type 'complex128'"),
        ["weights by the same name"] = (
            model => Group(model)["weights"]![1]!["name"] = "conv/kernel", "lists the weight 'conv/kernel' twice"),
        ["a topology that is a list"] = (model => model["modelTopology"] = new JsonArray(), "is not a network of TensorFlow.js"),
        ["a class name of null"] = (model => model["modelTopology"]!["model_config"]!["class_name"] = null, "The network's description"),
        ["a network's name of null"] = (model => Config(model)["name"] = null, "The network's description"),
        ["layers by the same name"] = (
            model => Config(model)["layers"]!.AsArray().Add(Config(model)["layers"]![1]!.DeepClone()),
            "Two layers of the network are named 'conv'"),
        ["a layer that takes itself"] = (model => Config(model)["layers"]![1]!["inbound_nodes"]![0]![0]![0] = "conv", "is part of a loop"),
        ["a nested model that takes itself"] = (NestItself, "takes its own output as its input"),
        ["a layer without inputs"] = (
            model => Config(model)["layers"]![1]!["inbound_nodes"] = new JsonArray(), "The network has more than one input"),
        ["a stride of zero"] = (
            model => Config(model)["layers"]![1]!["config"]!["strides"] = 0, "The layer 'conv' (Conv2D) has a window of"),
        ["a window of gigabytes"] = (
            model => Config(model)["layers"]![1]!["config"]!["dilation_rate"] = int.MaxValue, "each must be 1 to 1024"),
        ["an image below zero"] = (
            model => Config(model)["layers"]![0]!["config"]!["batch_input_shape"] = new JsonArray(null, -8, 8, 3),
            "only networks that take one image of 1, 3 or 4 channels"),
        ["a classifier of another size"] = (
            model => Group(model)["weights"]![2]!["shape"] = new JsonArray(30, 1), "has 30 weights and 5 biases for 1 classes"),
        ["a hundred thousand layers"] = (AddLayers, "The network has more than 10000 layers"),
        ["a hundred thousand inputs"] = (AddInputs, "of more than 1000 inputs"),
    };

    private readonly SyntheticModel _model = new();
    private readonly TemporaryFolder _folder = new();

    public HostilePackageTests() => _model.Write(_model.Head(_model.Conv2D(_model.Image, 6, new Window(3, 3), name: "conv")).Name);

    public static TheoryData<string> RefusalNames => [.. Refusals.Keys];

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(RefusalNames))]
    public void A_hostile_description_is_refused(string name)
    {
        JsonNode model = JsonNode.Parse(File.ReadAllText(_model.ModelJson))!;
        Refusals[name].Edit(model);
        string json = model.ToJsonString();
        File.WriteAllText(_model.ModelJson, json);
        long before = GC.GetAllocatedBytesForCurrentThread();

        ModelImportException e = Assert.Throws<ModelImportException>(() => _model.Convert());

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes + (30L * json.Length));
        Assert.Contains(Refusals[name].Message, e.Message, StringComparison.Ordinal);
        Assert.Equal(
            ["group1-shard1of1.bin", "model.json"],
            Directory.GetFiles(Path.GetDirectoryName(_model.ModelJson)!).Select(static file => Path.GetFileName(file))
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Models_nested_ten_thousand_deep_are_refused()
    {
        string nested = string.Concat(
            Enumerable.Repeat(
                """{"class_name":"Sequential","config":{"name":"m","layers":[""",
                10_000)) + string.Concat(Enumerable.Repeat("]}}", 10_000));
        File.WriteAllText(_model.ModelJson, $$"""{"modelTopology":{"model_config":{{nested}}},"weightsManifest":[]}""");

        Assert.Contains(
            "is not a model.json", Assert.Throws<ModelImportException>(() => _model.Convert()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_that_are_no_UTF_8_are_refused()
    {
        byte[] json = File.ReadAllBytes(_model.ModelJson);
        int at = json.AsSpan().IndexOf("conv"u8);
        json[at] = 0xFF;
        File.WriteAllBytes(_model.ModelJson, json);

        Assert.Contains(
            "it holds text that is not UTF-8",
            Assert.Throws<ModelImportException>(() => _model.Convert()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_are_not_finite_are_refused()
    {
        byte[] shard = File.ReadAllBytes(_model.ShardPath);
        BitConverter.TryWriteBytes(shard.AsSpan(40), float.NaN);
        File.WriteAllBytes(_model.ShardPath, shard);

        Assert.Contains(
            "The layer 'conv' (Conv2D) has values in its weight 'kernel' that are not finite numbers",
            Assert.Throws<ModelImportException>(() => _model.Convert()).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(100_000)]
    public void Weight_files_of_another_length_are_refused(int more)
    {
        using (FileStream file = File.OpenWrite(_model.ShardPath))
        {
            file.SetLength(file.Length + more);
        }

        Assert.Contains(
            "are expected; fetch the model again",
            Assert.Throws<ModelImportException>(() => _model.Convert()).Message,
            StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Weight_files_that_are_links_outside_are_refused()
    {
        File.Move(_model.ShardPath, _folder.File("secret"));
        try
        {
            File.CreateSymbolicLink(_model.ShardPath, _folder.File("secret"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Skip.If(true, "Symbolic links cannot be made here.");
        }

        Assert.Contains(
            "outside of its own folder", Assert.Throws<ModelImportException>(() => _model.Convert()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":null,"source":"","package":"p","version":"1","integrity":"sha512-","model":"m"}""", "a text in it is null")]
    [InlineData(
        """{"name":"n","source":"","package":"p","version":"1","integrity":"sha512-","model":"m","layerNames":{"a":null}}""",
        "a text in it is null")]
    [InlineData(
        """{"name":"n","source":"","package":"p","version":"1","integrity":"sha512-","model":"m","preprocessing":99}""",
        "it has no preprocessing '99'")]
    [InlineData(
        """{"name":"n","source":"","package":"p","version":"1","integrity":"sha512-","model":"m","batchNormalizationEpsilon":-1}""",
        "its batchNormalizationEpsilon is -1")]
    [InlineData(
        """{"name":"n","source":"","package":"p","version":"1","integrity":"sha512-","model":"m","resolution":2000000000}""",
        "its resolution is 2000000000")]
    [InlineData("""{"name":"n"}""", "cannot be read")]
    [InlineData("null", "is empty")]
    [InlineData("[", "cannot be read")]
    public void Hostile_recipes_are_refused(string json, string message)
    {
        string path = _folder.File("a.recipe.json");
        File.WriteAllText(path, json);

        Assert.Contains(message, Assert.Throws<ModelImportException>(() => ModelRecipe.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recipe_may_leave_out_what_it_need_not_say()
    {
        string path = _folder.File("a.recipe.json");
        File.WriteAllText(path, """{"name":"n","source":"s","package":"p","version":"1","integrity":"sha512-","model":"m"}""");

        ImportOptions options = ModelRecipe.Read(path).ToOptions();

        Assert.Empty(options.Labels);
        Assert.Empty(options.LayerNames);
    }

    [Theory]
    [InlineData("../model.json", "lies outside of the package")]
    [InlineData("/etc/passwd", "lies outside of the package")]
    [InlineData("package/none.json", "does not hold 'package/none.json'")]
    public void Recipes_reach_into_their_package_only(string model, string message)
    {
        var recipe = new ModelRecipe { Name = "n", Source = "", Package = "p", Version = "1", Integrity = "", Model = model };

        Assert.Contains(
            message, Assert.Throws<ModelImportException>(() => recipe.ModelPath(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Packages_that_swell_are_refused_before_they_fill_the_disk()
    {
        string package = Pack(
            writer => writer.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, "package/zeros") { DataStream = new MemoryStream(new byte[80 << 20]) }));

        Assert.Contains("unpacks to more than 20 times its size", Refused(package), StringComparison.Ordinal);

        Assert.False(File.Exists(_folder.File("out/package/zeros")));
    }

    [Fact]
    public void Packages_of_very_many_files_are_refused()
    {
        string package = Pack(static writer =>
        {
            for (int i = 0; i < 140_000; i++)
            {
                writer.WriteEntry(new UstarTarEntry(TarEntryType.Directory, "package/d"));
            }
        });

        Assert.Contains("unpacks to more than 20 times its size", Refused(package), StringComparison.Ordinal);
    }

    [Fact]
    public void Truncated_packages_are_refused_at_every_length()
    {
        string package = Pack(
            static writer =>
                writer.WriteEntry(
                    new PaxTarEntry(
                        TarEntryType.RegularFile, "package/a")
                    { DataStream = new MemoryStream(RandomNumberGenerator.GetBytes(3000)) }));
        byte[] whole = File.ReadAllBytes(package);
        for (int length = 1; length < whole.Length - 400; length += 101)
        {
            File.WriteAllBytes(package, whole[..length]);
            Assert.Contains("is not a whole gzipped tar archive", Refused(package), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("package/a", "package/a/b")]
    [InlineData("package/a/b", "package/a")]
    public void A_file_that_is_also_a_folder_is_refused(string first, string second) =>
        Assert.Contains($"holds '{second}' as a file and as a folder", Refused(Pack(first, second)), StringComparison.Ordinal);

    [Theory]
    [InlineData(@"..\escaped")]
    [InlineData(@"C:\escaped")]
    [InlineData(@"\\server\share\escaped")]
    public void Paths_of_other_operating_systems_are_refused(string name) =>
        Assert.Contains("lies outside of the package", Refused(Pack(name)), StringComparison.Ordinal);

    [Fact]
    public void Files_are_not_written_through_links_and_get_no_rights_from_the_archive()
    {
        string outside = _folder.File("outside");
        string package = Pack(writer =>
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "package/link") { LinkName = _folder.Path });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.HardLink, "package/hard") { LinkName = "/etc/hostname" });
            writer.WriteEntry(
                new PaxTarEntry(
                    TarEntryType.RegularFile,
                    "package/link/outside")
                { DataStream = new MemoryStream("evil"u8.ToArray()), Mode = (UnixFileMode)0b111_111_111_111 });
        });

        NpmPackage.Extract(package, _folder.File("out"), Integrity(package));

        Assert.False(File.Exists(outside));
        string file = _folder.File("out/package/link/outside");
        Assert.Equal("evil", File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFiles(_folder.File("out"), "*", SearchOption.AllDirectories));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.None,
                File.GetUnixFileMode(file) & (
                    UnixFileMode.SetUser | UnixFileMode.SetGroup | UnixFileMode.UserExecute | UnixFileMode.OtherWrite));
        }
    }

    private static JsonNode Group(JsonNode model) => model["weightsManifest"]![0]!;

    private static JsonNode Weight(JsonNode model) => Group(model)["weights"]![0]!;

    private static JsonNode Config(JsonNode model) => model["modelTopology"]!["model_config"]!["config"]!;

    private static void NestItself(JsonNode model)
    {
        JsonNode config = Config(model);
        config["layers"]!.AsArray().Add(JsonNode.Parse("""
            {"class_name":"Functional","name":"m","inbound_nodes":[[["m",0,0,{}]]],"config":{"name":"m","input_layers":[["in",0,0]],"output_layers":[["in",0,0]],
            "layers":[{"class_name":"InputLayer","name":"in","inbound_nodes":[],"config":{"name":"in"}}]}}
            """));
        config["output_layers"]![0]![0] = "m";
    }

    private static void AddLayers(JsonNode model)
    {
        JsonArray layers = Config(model)["layers"]!.AsArray();
        for (int i = 0; i < 100_000; i++)
        {
            layers.Add(
                new JsonObject
                {
                    ["class_name"] = "Dropout",
                    ["name"] = $"d{i}",
                    ["inbound_nodes"] = new JsonArray(),
                    ["config"] = new JsonObject(),
                });
        }
    }

    private static void AddInputs(JsonNode model)
    {
        JsonArray call = Config(model)["layers"]![1]!["inbound_nodes"]![0]!.AsArray();
        for (int i = 0; i < 100_000; i++)
        {
            call.Add(new JsonArray("image", 0, 0));
        }
    }

    private static string Integrity(string path) => "sha512-" + Convert.ToBase64String(SHA512.HashData(File.ReadAllBytes(path)));

    private string Refused(string package) =>
        Assert.Throws<ModelImportException>(() => NpmPackage.Extract(package, _folder.File("out"), Integrity(package))).Message;

    private string Pack(params string[] names) => Pack(writer =>
    {
        foreach (string name in names)
        {
            writer.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(name)) });
        }
    });

    private string Pack(Action<TarWriter> write)
    {
        string path = _folder.File("package.tgz");
        using var writer = new TarWriter(new GZipStream(File.Create(path), CompressionLevel.Fastest));
        write(writer);
        return path;
    }
}
