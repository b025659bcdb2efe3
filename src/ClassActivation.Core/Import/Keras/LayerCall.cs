using System.Text.Json;

namespace ClassActivation.Import.Keras;

/// <summary>A number that a layer of arithmetic takes beside a layer's output.</summary>
/// <param name="Value">The number.</param>
/// <param name="IsFirst">Whether it stands on the left.</param>
internal sealed record KerasOperand(double Value, bool IsFirst);

/// <summary>What a layer is called with.</summary>
/// <param name="Inputs">The names of the layers whose outputs it takes.</param>
/// <param name="Operand">A number beside them; null where there is none.</param>
internal sealed record LayerCall(IReadOnlyList<string> Inputs, KerasOperand? Operand)
{
    /// <summary>
    /// Reads <c>[["a", 0, 0, {"y": 3.0}], …]</c> of Keras 2, or <c>{"args": [… {"keras_history": ["a", 0, 0]} …]}</c> of Keras 3.
    /// </summary>
    /// <param name="node">The call.</param>
    /// <param name="layer">The layer's name, for errors.</param>
    public static LayerCall Read(JsonElement node, string layer)
    {
        List<string> names = [];
        if (node.ValueKind == JsonValueKind.Object)
        {
            JsonElement arguments = node.GetProperty("args");
            CollectHistories(arguments, names, layer);
            return new LayerCall(names, Number(arguments));
        }

        KerasOperand? operand = null;
        // A single input may stand without the outer list.
        IEnumerable<JsonElement> items = node[0].ValueKind == JsonValueKind.String ? [node] : node.EnumerateArray();
        foreach (JsonElement item in items)
        {
            names.Add(Reference(item, layer));
            if (item.GetArrayLength() > 3
                && item[3].ValueKind == JsonValueKind.Object
                && item[3].TryGetProperty("y", out JsonElement second))
            {
                if (second.ValueKind == JsonValueKind.Number)
                {
                    operand = new KerasOperand(second.GetDouble(), false);
                }
                else if (second.ValueKind == JsonValueKind.Array)
                {
                    names.Add(Reference(second, layer));
                }
            }
        }

        return new LayerCall(names, operand);
    }

    private static KerasOperand? Number(JsonElement arguments)
    {
        if (arguments.ValueKind == JsonValueKind.Array)
        {
            int position = 0;
            foreach (JsonElement argument in arguments.EnumerateArray())
            {
                if (argument.ValueKind == JsonValueKind.Number)
                {
                    return new KerasOperand(argument.GetDouble(), position == 0);
                }

                position++;
            }
        }

        return null;
    }

    private static void CollectHistories(JsonElement value, List<string> names, string layer)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in value.EnumerateArray())
            {
                CollectHistories(item, names, layer);
            }
        }
        else if (value.ValueKind == JsonValueKind.Object
            && value.TryGetProperty("config", out JsonElement config)
            && config.TryGetProperty("keras_history", out JsonElement history))
        {
            names.Add(Reference(history, layer));
        }
    }

    private static string Reference(JsonElement reference, string layer) => reference[2].GetInt32() == 0
        ? KerasLayer.String(reference[0])
        : throw new ModelImportException(
            $"The layer '{layer}' takes the second output of '{reference[0]}'; only layers with one output can be imported.");
}
