using System.Management.Automation;
using System.Text;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>What a user is told about damaged and hostile networks: one error with a stable id, never the runtime's own words.</summary>
public sealed class HostileNetworkTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Engine _engine = new();

    private static string Photo => TestPaths.Sample("chelsea.png");

    private string Network => _folder.File("small.onnx");

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Data_outside_of_the_networks_folder_is_refused_by_every_cmdlet()
    {
        File.WriteAllBytes(
            Network,
            Replaced(
                File.ReadAllBytes(Path.Combine(TestPaths.Root, "models", "ResNet50.onnx")), "ResNet50.onnx.data", "../../../../secret"));
        foreach (string script in new[]
        {
            "Get-ClassActivationMap $photo -Model $network", "Get-Prediction $photo -Model $network", "Get-CamModelLayer -Model $network",
            "Get-CamClass -Model $network", "ConvertTo-QuantizedCamModel $network $out -RangePath $photo",
            "Get-FeatureMap $photo -Index 0 -Model $network",
        })
        {
            ErrorRecord error = _engine.RunToError(script, ("photo", Photo), ("network", Network), ("out", _folder.File("out.onnx")));

            AssertError("ModelUnreadable", "'../../../../secret', outside of its own folder", error);
        }

        _engine.Run("Get-CamModel $network", ("network", Network));
        AssertError("ModelUnreadable", "outside of its own folder", Assert.Single(_engine.Errors));
    }

    [Fact]
    public void A_network_without_its_data_file_is_named()
    {
        File.Copy(Path.Combine(TestPaths.Root, "models", "ResNet50.onnx"), Network);

        AssertError(
            "ModelUnreadable",
            "both files belong together",
            _engine.RunToError("Get-Prediction $photo -Model $network", ("photo", Photo), ("network", Network)));
    }

    [Fact]
    public void Labels_that_are_not_as_many_as_the_classes_are_named()
    {
        Convert(weight: 0.01f, label: "'cat', 'dog'");
        File.WriteAllBytes(Network, Replaced(File.ReadAllBytes(Network), "cat\ndog", "cat\n\nog"));

        AssertError(
            "ModelWrongLabels",
            "has 3 labels for 2 classes",
            _engine.RunToError("Get-Prediction $photo -Model $network", ("photo", Photo), ("network", Network)));
    }

    [Fact]
    public void Values_that_are_not_finite_are_an_error_for_each_photo_that_names_it_and_the_network()
    {
        Convert(weight: 3e38f);

        IReadOnlyList<PSObject> maps = _engine.Run(
            "Get-ClassActivationMap $photo, $photo -Model $network", ("photo", Photo), ("network", Network));

        Assert.Empty(maps);
        Assert.Equal(2, _engine.Errors.Count);
        AssertError("ModelNotFinite", "The network 'small' gives values that are not finite numbers", _engine.Errors[0]);
        Assert.Contains(Photo, _engine.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_recipe_that_leads_out_of_its_package_is_refused()
    {
        string package = _folder.File("p.tgz");
        using (var writer = new System.Formats.Tar.TarWriter(new System.IO.Compression.GZipStream(File.Create(package), System.IO.Compression.CompressionLevel.Fastest)))
        {
            writer.WriteEntry(
                new System.Formats.Tar.PaxTarEntry(
                    System.Formats.Tar.TarEntryType.RegularFile, "package/a")
                { DataStream = new MemoryStream("a"u8.ToArray()) });
        }

        string integrity = "sha512-" + System.Convert.ToBase64String(
            System.Security.Cryptography.SHA512.HashData(File.ReadAllBytes(package)));
        string recipe = _folder.File("evil.recipe.json");
        File.WriteAllText(
            recipe,
            $$"""{"name":"n","source":"s","package":"p","version":"1","integrity":"{{integrity}}","model":"../../etc/model.json"}""");

        AssertError(
            "ConversionFailed", "lies outside of the package",
            _engine.RunToError(
                "ConvertTo-CamModel -RecipePath $recipe -PackagePath $package $network",
                ("recipe", recipe),
                ("package", package),
                ("network", Network)));
        AssertError(
            "ConversionSourceNotFound", "none.json",
            _engine.RunToError(
                "ConvertTo-CamModel -RecipePath $recipe -PackagePath $package $network",
                ("recipe", _folder.File("none.json")),
                ("package", package),
                ("network", Network)));
    }

    private static void AssertError(string id, string message, ErrorRecord error)
    {
        Assert.StartsWith(id + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        Assert.DoesNotContain("onnxruntime", error.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("ErrorCode", error.ToString(), StringComparison.Ordinal);
    }

    private static byte[] Replaced(byte[] bytes, string from, string to)
    {
        Assert.Equal(Encoding.UTF8.GetByteCount(from), Encoding.UTF8.GetByteCount(to));
        byte[] replaced = [.. bytes];
        int count = 0;
        for (int at; (at = replaced.AsSpan().IndexOf(Encoding.UTF8.GetBytes(from))) >= 0; count++)
        {
            Encoding.UTF8.GetBytes(to).CopyTo(replaced, at);
        }

        Assert.NotEqual(0, count);
        return replaced;
    }

    /// <summary>A network of one 1×1 convolution, whose weights all have one value, and two classes.</summary>
    private void Convert(float weight, string label = "'a', 'b'")
    {
        string json = _folder.File("model.json");
        File.WriteAllText(json, """
            {"modelTopology":{"class_name":"Sequential","config":{"name":"s","layers":[
              {"class_name":"Conv2D","config":{"name":"c","batch_input_shape":[null,null,null,3],"filters":4,"kernel_size":[1,1],"use_bias":false}},
              {"class_name":"GlobalAveragePooling2D","config":{"name":"p"}},
              {"class_name":"Dense","config":{"name":"d","units":2,"activation":"softmax","use_bias":false}}]}},
             "weightsManifest":[{"paths":["w.bin"],"weights":[
              {"name":"c/kernel","shape":[1,1,3,4],"dtype":"float32"},{"name":"d/kernel","shape":[4,2],"dtype":"float32"}]}]}
            """);
        float[] weights = [.. Enumerable.Repeat(weight, 12), .. Enumerable.Range(0, 8).Select(static i => i * 0.01f)];
        File.WriteAllBytes(_folder.File("w.bin"), [.. weights.SelectMany(BitConverter.GetBytes)]);
        _engine.Run($"ConvertTo-CamModel $json $network -Preprocessing None -Label {label}", ("json", json), ("network", Network));
    }
}
