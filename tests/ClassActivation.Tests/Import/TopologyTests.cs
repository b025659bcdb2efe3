using System.Text.Json.Nodes;
using ClassActivation.Networks;
using ClassActivation.Onnx;
using Node = ClassActivation.Tests.Import.SyntheticModel.Node;

namespace ClassActivation.Tests.Import;

/// <summary>The forms that a network's description may have.</summary>
public sealed class TopologyTests : IDisposable
{
    private readonly SyntheticModel _model = new();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Keras3()
    {
        _model.Topology = (layers, output) =>
        {
            foreach (JsonObject layer in layers.Select(layer => layer!.AsObject()))
            {
                JsonArray calls = layer["inbound_nodes"]!.AsArray();
                if (layer["config"]!["batch_input_shape"] is { } shape)
                {
                    layer["config"]!["batch_shape"] = shape.DeepClone();
                    layer["config"]!.AsObject().Remove("batch_input_shape");
                }

                if (calls.Count == 1)
                {
                    JsonNode[] tensors = [.. calls[0]!.AsArray().Select(call => (JsonNode)new JsonObject
                    {
                        ["class_name"] = "__keras_tensor__",
                        ["config"] = new JsonObject
                        {
                            ["dtype"] = "float32",
                            ["keras_history"] = new JsonArray(call![0]!.DeepClone(), 0, 0),
                        },
                    })];
                    layer["inbound_nodes"] = new JsonArray(new JsonObject
                    {
                        ["args"] = tensors.Length == 1 ? new JsonArray(tensors[0]) : new JsonArray(new JsonArray(tensors)),
                        ["kwargs"] = new JsonObject(),
                    });
                }
            }

            return new JsonObject
            {
                ["keras_version"] = "3.4.1",
                ["model_config"] = new JsonObject
                {
                    ["class_name"] = "Functional",
                    ["config"] = new JsonObject
                    {
                        ["name"] = "third",
                        ["layers"] = layers,
                        ["input_layers"] = new JsonArray("image", 0, 0),
                        ["output_layers"] = new JsonArray(output, 0, 0),
                    },
                },
            };
        };
        Node a = _model.Conv2D(_model.Image, 6, new Window(3, 3));
        Node b = _model.Conv2D(_model.Image, 6, new Window(3, 3));
        Node sum = _model.Add("Add", [], [a, b], value: () => ReferenceLayers.Merge(a.Value, b.Value, (x, y) => x + y));

        OnnxModelFile file = _model.Verify(sum, _model.Head(sum));

        Assert.Equal("third", file.Metadata["name"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SequentialWithoutAnInputLayer(bool layersOnly)
    {
        _model.Topology = (layers, _) =>
        {
            JsonObject first = layers[1]!["config"]!.AsObject();
            first["batch_input_shape"] = new JsonArray(null, 13, 10, 3);
            JsonArray rest = Detach(layers, 1);
            return new JsonObject
            {
                ["class_name"] = "Sequential",
                ["config"] = layersOnly ? rest : new JsonObject { ["name"] = "row", ["layers"] = rest },
            };
        };
        Node x = _model.Conv2D(_model.Image, 6, new Window(3, 3), activation: "relu");
        OnnxModelFile file = _model.Verify(x, _model.Head(x));

        Assert.Equal(layersOnly ? "model" : "row", file.Metadata["name"]);
        Assert.Equal("InputLayer", LayerSummary.Parse(file.Metadata["layers"])[0].Type);
    }

    [Fact]
    public void ANestedFunctionalModelInASequentialOne()
    {
        _model.WeightPrefix = "outer/";
        Node x = _model.Conv2D(_model.Image, 6, new Window(3, 3), activation: "relu", name: "first");
        x = _model.Conv2D(x, 4, new Window(3, 3), activation: "relu", name: "second");
        Node scores = _model.Head(x);
        _model.Topology = (layers, _) =>
        {
            JsonArray all = Detach(layers, 0);
            JsonArray body = [.. all.Take(3).Select(layer => layer!.DeepClone())];
            JsonObject nested = new()
            {
                ["class_name"] = "Functional",
                ["config"] = new JsonObject
                {
                    ["name"] = "body",
                    ["layers"] = body,
                    ["input_layers"] = new JsonArray(new JsonArray("image", 0, 0)),
                    ["output_layers"] = new JsonArray(new JsonArray("second", 0, 0)),
                },
            };
            return new JsonObject
            {
                ["class_name"] = "Sequential",
                ["config"] = new JsonObject { ["name"] = "outer", ["layers"] = new JsonArray([nested, .. Detached(layers, 3)]) },
            };
        };

        OnnxModelFile file = _model.Verify(x, scores);

        Assert.Equal("second", file.Metadata["activation_layer"]);
        Assert.Equal("scores", file.Metadata["classifier_layer"]);
    }

    [Fact]
    public void ANestedModelThatIsCalledByAFunctionalOneWithTheSameLayerNames()
    {
        _model.WeightPrefix = "inner/";
        Node inner = _model.Conv2D(_model.Image, 6, new Window(3, 3), activation: "relu", name: "conv");
        _model.WeightPrefix = "";
        Node outer = _model.Conv2D(inner, 4, new Window(3, 3), activation: "relu", name: "conv");
        Node scores = _model.Head(outer);
        _model.Topology = (layers, output) =>
        {
            JsonArray all = Detach(layers, 0);
            JsonArray rest = Detach(layers, 2);
            rest[0]!["inbound_nodes"] = new JsonArray(new JsonArray(new JsonArray("inner", 1, 0, new JsonObject())));
            JsonObject nested = new()
            {
                ["class_name"] = "Model",
                ["name"] = "inner",
                ["inbound_nodes"] = new JsonArray(new JsonArray(new JsonArray("image", 0, 0, new JsonObject()))),
                ["config"] = new JsonObject
                {
                    ["name"] = "inner",
                    ["layers"] = new JsonArray(all[0]!.DeepClone(), all[1]!.DeepClone()),
                    ["input_layers"] = new JsonArray(new JsonArray("image", 0, 0)),
                    ["output_layers"] = new JsonArray(new JsonArray("conv", 0, 0)),
                },
            };
            return new JsonObject
            {
                ["class_name"] = "Model",
                ["config"] = new JsonObject
                {
                    ["name"] = "outer",
                    ["layers"] = new JsonArray([all[0]!.DeepClone(), nested, .. Detached(rest, 0)]),
                    ["input_layers"] = new JsonArray(new JsonArray("image", 0, 0)),
                    ["output_layers"] = new JsonArray(new JsonArray(output, 0, 0)),
                },
            };
        };

        OnnxModelFile file = _model.Verify(outer, scores);

        Assert.Equal(["image", "inner/conv", "conv"], LayerSummary.Parse(file.Metadata["layers"]).Take(3).Select(layer => layer.Name));
    }

    [Fact]
    public void ChannelsFirst()
    {
        _model.Topology = (layers, output) =>
        {
            foreach (JsonObject layer in layers.Select(layer => layer!.AsObject()))
            {
                JsonObject config = layer["config"]!.AsObject();
                if (config["batch_input_shape"] is not null)
                {
                    config["batch_input_shape"] = new JsonArray(null, 3, 13, 10);
                }
                else if (layer["class_name"]!.GetValue<string>() is "Conv2D" or "MaxPooling2D" or "GlobalAveragePooling2D")
                {
                    config["data_format"] = "channels_first";
                }
                else if (config["axis"] is not null)
                {
                    config["axis"] = 1;
                }
            }

            return Functional(Detach(layers, 0), output);
        };
        Node x = _model.BatchNormalization(_model.Conv2D(_model.Image, 6, new Window(3, 3, 2, 2, Same: true), activation: "relu"));
        Node left = _model.Pooling("MaxPooling2D", x, new Window(3, 3, 2, 2, Same: true));
        Node right = _model.Conv2D(x, 4, new Window(3, 3, 2, 2, Same: true));
        Node joined = _model.Add(
            "Concatenate",
            new JsonObject { ["axis"] = -1 },
            [left, right],
            value: () => ReferenceLayers.Concatenate(left.Value, right.Value));

        OnnxModelFile file = _model.Verify(joined, _model.Head(joined));

        Assert.Equal([null, 6, 7, 5], LayerSummary.Parse(file.Metadata["layers"])[1].OutputShape);
    }

    [Fact]
    public void LayersInAnyOrderAndLayersThatLeadNowhere()
    {
        Node x = _model.Conv2D(_model.Image, 6, new Window(3, 3));
        Node unused = _model.Add("Lambda", [], [x]);
        Node scores = _model.Head(x);
        _model.Topology = (layers, output) => Functional([.. Detach(layers, 0).Reverse().Select(layer => layer!.DeepClone())], output);

        OnnxModelFile file = _model.Verify(x, scores);

        Assert.DoesNotContain(unused.Name, LayerSummary.Parse(file.Metadata["layers"]).Select(layer => layer.Name));
    }

    private static JsonArray Detach(JsonArray layers, int skip) => [.. Detached(layers, skip)];

    private static IEnumerable<JsonNode> Detached(JsonArray layers, int skip) => layers.Skip(skip).Select(layer => layer!.DeepClone());

    private static JsonObject Functional(JsonArray layers, string output) => new()
    {
        ["class_name"] = "Model",
        ["config"] = new JsonObject
        {
            ["name"] = "synthetic",
            ["layers"] = layers,
            ["input_layers"] = new JsonArray(new JsonArray("image", 0, 0)),
            ["output_layers"] = new JsonArray(new JsonArray(output, 0, 0)),
        },
    };
}
