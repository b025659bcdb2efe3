using System.Text.Json;
using System.Text.Json.Nodes;
using ClassActivation.Import;
using ClassActivation.Import.Pixels;
using ClassActivation.Inference;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Import;

/// <summary>Graph-models of TensorFlow.js; what they answer, by TensorFlow.js itself (make_graph.js).</summary>
public sealed class GraphModelTests : IDisposable
{
    private const int Side = 32;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_graph_of_many_operators_gives_the_answers_of_TensorFlow_js()
    {
        string destination = _folder.File("out.onnx");
        NetworkImporter.Convert(Figure("graph/model.json"), destination, new ImportOptions { Preprocessing = InputPreprocessing.Scale01 });

        using CamModel network = CamModel.Load(destination, new OptimizedNetworkCache(null));
        using JsonDocument figures = JsonDocument.Parse(File.ReadAllBytes(Figure("graph.json")));
        byte[] picture = [.. figures.RootElement.GetProperty("picture").EnumerateArray().Select(static value => value.GetByte())];
        using ForwardPass pass = network.Run(new NetworkInput(Side, Side, picture));
        AssertNear(figures.RootElement.GetProperty("features"), pass.Activations);
        AssertNear(figures.RootElement.GetProperty("probabilities"), pass.Probabilities);
    }

    [Fact]
    public void An_operator_that_is_not_known_is_named_with_the_way_out() => Refused(
        nodes => Node(nodes, "leaky")["op"] = "TopKV2", "The operator 'leaky' (TopKV2) cannot be imported; export the"
            + " network to ONNX in Python");

    [Fact]
    public void A_loop_is_refused() => Refused(nodes => Node(nodes, "stem")["input"]![0] = "gated", "is part of a loop");

    [Fact]
    public void An_operator_that_is_missing_is_named() =>
        Refused(nodes => Node(nodes, "stem")["input"]![0] = "nothing", "refers to an operator 'nothing' that it does not describe");

    [Fact]
    public void Weights_of_another_shape_are_refused() =>
        Refused(nodes => Node(nodes, "stem")["input"]![1] = "stem/b", "has a kernel of 1 dimensions where 4 are expected");

    private static JsonNode Node(JsonArray nodes, string name) => nodes.First(node => node!["name"]!.GetValue<string>() == name)!;

    private static string Figure(string name) => Path.Combine(AppContext.BaseDirectory, "Figures", "networks", name);

    private static void AssertNear(JsonElement expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.GetArrayLength(), actual.Length);
        for (int i = 0; i < actual.Length; i++)
        {
            Assert.Equal(expected[i].GetDouble(), actual[i], 2e-5);
        }
    }

    private void Refused(Action<JsonArray> edit, string complaint)
    {
        JsonNode model = JsonNode.Parse(File.ReadAllText(Figure("graph/model.json")))!;
        edit(model["modelTopology"]!["node"]!.AsArray());
        string path = _folder.File("model.json");
        File.WriteAllText(path, model.ToJsonString());
        File.Copy(Figure("graph/group1-shard1of1.bin"), _folder.File("group1-shard1of1.bin"));

        ModelImportException e = Assert.Throws<ModelImportException>(
            () => NetworkImporter.Convert(
                path, _folder.File("out.onnx"), new ImportOptions { Preprocessing = InputPreprocessing.Scale01 }));

        Assert.Contains(complaint, e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("out.onnx")));
    }
}
