using System.Text.Json;

namespace ClassActivation.Import.Keras;

/// <summary>One layer of a layers-model, with its configuration as <c>model.json</c> states it.</summary>
/// <param name="Key">The name, with the names of the nested models around it before it: unique in the network.</param>
/// <param name="ClassName">The layer's type.</param>
/// <param name="Config">The configuration.</param>
/// <param name="Inputs">The keys of the layers it takes its input from.</param>
internal sealed record KerasLayer(string Key, string ClassName, JsonElement Config, IReadOnlyList<string> Inputs)
{
    /// <summary>A number that the layer takes beside its input; null for none.</summary>
    public KerasOperand? Operand { get; init; }

    /// <summary>The name without the nested models around it.</summary>
    public string Name => Key[(Key.LastIndexOf('/') + 1)..];

    public string Input => Inputs.Count == 1
        ? Inputs[0]
        : throw Error($"has {Inputs.Count} inputs where one is expected");

    /// <summary>The dimensions of a weight or the sizes of a window, which <c>model.json</c> may give as one number.</summary>
    public (int Vertical, int Horizontal) Pair(string name, (int, int)? absent = null)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return absent ?? throw Missing(name);
        }

        if (value.ValueKind == JsonValueKind.Number)
        {
            return (value.GetInt32(), value.GetInt32());
        }

        int[] pair = Integers(value);
        return pair.Length == 2 ? (pair[0], pair[1]) : throw Error($"has {pair.Length} numbers as '{name}' where two are expected");
    }

    public int Integer(string name, int? absent = null) =>
        TryGet(name, out JsonElement value) ? value.GetInt32() : absent ?? throw Missing(name);

    public double Number(string name, double? absent = null) =>
        TryGet(name, out JsonElement value) ? value.GetDouble() : absent ?? throw Missing(name);

    public bool Flag(string name, bool absent) =>
        TryGet(name, out JsonElement value) ? value.GetBoolean() : absent;

    public string Text(string name, string absent) =>
        TryGet(name, out JsonElement value) ? String(value) : absent;

    /// <summary>One or more numbers.</summary>
    public double[] Numbers(string name, double absent) => TryGet(name, out JsonElement value) ? Flatten(value) : [absent];

    public bool TryGet(string name, out JsonElement value) =>
        Config.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    public ModelImportException Error(string what) => new($"The layer '{Key}' ({ClassName}) {what}.");

    public ModelImportException Missing(string name) =>
        Error($"does not state '{name}'; its description is incomplete, export the model again");

    /// <summary>A text that must be there.</summary>
    public static string String(JsonElement value) => value.GetString() ?? throw new FormatException("A text is missing.");

    public static int[] Integers(JsonElement value) => [.. value.EnumerateArray().Select(item => item.GetInt32())];

    private static double[] Flatten(JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().SelectMany(Flatten)]
        : [value.GetDouble()];
}
