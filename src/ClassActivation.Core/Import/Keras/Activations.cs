using System.Text.Json;
using ClassActivation.Onnx;

namespace ClassActivation.Import.Keras;

/// <summary>Keras' activation functions as ONNX nodes.</summary>
internal sealed class Activations(OnnxGraphBuilder graph, int kerasVersion)
{
    /// <summary>The name of the function in a layer's <c>activation</c>.</summary>
    public static string NameOf(KerasLayer layer)
    {
        if (!layer.TryGet("activation", out JsonElement value))
        {
            return "linear";
        }

        // Keras 3 may state a function by its module and its name.
        if (value.ValueKind == JsonValueKind.Object
            && value.TryGetProperty("class_name", out JsonElement kind)
            && kind.ValueEquals("function")
            && value.TryGetProperty("config", out JsonElement function) && function.ValueKind == JsonValueKind.String)
        {
            return function.GetString()!;
        }

        return value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw layer.Error(
                "has an activation that is a layer or a function of its own; use a named activation and export the model again");
    }

    /// <summary>Adds the function a layer states as its <c>activation</c>.</summary>
    public string Add(KerasLayer layer, string input, int rank) => Add(layer, NameOf(layer), input, rank);

    /// <summary>Adds a function by its name.</summary>
    public string Add(KerasLayer layer, string name, string input, int rank)
    {
        switch (name)
        {
            case "linear":
                return input;
            case "relu" or "Relu":
                return graph.AddNode("Relu", layer.Key, [input]);
            case "relu6" or "Relu6":
                return Clip(layer, input, 6);
            case "leaky_relu":
                return graph.AddNode("LeakyRelu", layer.Key, [input], ("alpha", 0.2f));
            case "elu":
                return graph.AddNode("Elu", layer.Key, [input]);
            case "selu":
                return graph.AddNode("Selu", layer.Key, [input]);
            case "softplus":
                return graph.AddNode("Softplus", layer.Key, [input]);
            case "exponential":
                return graph.AddNode("Exp", layer.Key, [input]);
            case "sigmoid" or "Sigmoid":
                return graph.AddNode("Sigmoid", layer.Key, [input]);
            case "tanh" or "Tanh":
                return graph.AddNode("Tanh", layer.Key, [input]);
            case "softmax":
                return Softmax(layer, input, Axes.Onnx(rank - 1, rank));
            case "swish" or "silu" or "Silu":
                string gate = graph.AddNode("Sigmoid", layer.Key + "/sigmoid", [input]);
                return graph.AddNode("Mul", layer.Key, [input, gate]);
            case "hard_sigmoid" or "HardSigmoid":
                // Keras 3 changed the slope from 1/5 to 1/6.
                return graph.AddNode("HardSigmoid", layer.Key, [input], ("alpha", kerasVersion >= 3 ? 1f / 6 : 0.2f), ("beta", 0.5f));
            case "hard_swish" or "hard_silu" or "HardSilu":
                return graph.AddNode("HardSwish", layer.Key, [input]);
            default:
                throw layer.Error(
                    $"has the activation '{name}', which cannot be imported; use one of Keras' common activations"
                    + " and export the model again");
        }
    }

    public string Softmax(KerasLayer layer, string input, int axis) =>
        graph.AddNode("Softmax", layer.Key, [input], ("axis", (long)axis));

    public string LeakyRelu(KerasLayer layer, string input) =>
        graph.AddNode(
            "LeakyRelu",
            layer.Key,
            [input],
            ("alpha", (float)layer.Number(layer.TryGet("negative_slope", out _) ? "negative_slope" : "alpha", 0.3)));

    /// <summary>The ReLU layer: slope · (x − threshold) below the threshold, x from there on, no more than the maximum.</summary>
    public string Relu(KerasLayer layer, string input)
    {
        float? maximum = layer.TryGet("max_value", out JsonElement value) ? value.GetSingle() : null;
        // Keras 2 may state these as lists of one number.
        float slope = (float)layer.Numbers("negative_slope", 0)[0];
        float threshold = (float)layer.Numbers("threshold", 0)[0];
        if (threshold == 0 && slope == 0)
        {
            return maximum is float limit ? Clip(layer, input, limit) : graph.AddNode("Relu", layer.Key, [input]);
        }

        string result;
        if (threshold == 0)
        {
            result = graph.AddNode("LeakyRelu", layer.Key, [input], ("alpha", slope));
        }
        else
        {
            string limit = Scalar(layer, "threshold", threshold);
            string passes = graph.AddNode("GreaterOrEqual", layer.Key + "/passes", [input, limit]);
            string distance = graph.AddNode("Sub", layer.Key + "/distance", [input, limit]);
            string below = graph.AddNode("Mul", layer.Key + "/below", [distance, Scalar(layer, "negative_slope", slope)]);
            result = graph.AddNode("Where", layer.Key, [passes, input, below]);
        }

        return maximum is float most
            ? graph.AddNode("Min", layer.Key + "/limited", [result, Scalar(layer, "max_value", most)])
            : result;
    }

    private string Clip(KerasLayer layer, string input, float maximum) =>
        graph.AddNode("Clip", layer.Key, [input, Scalar(layer, "min_value", 0), Scalar(layer, "max_value", maximum)]);

    private string Scalar(KerasLayer layer, string name, float value) =>
        graph.AddInitializer<float>($"{layer.Key}/{name}", [value]);
}
