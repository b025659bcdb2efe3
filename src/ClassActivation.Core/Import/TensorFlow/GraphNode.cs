using System.Text;
using System.Text.Json;

namespace ClassActivation.Import.TensorFlow;

/// <summary>One operator of a TensorFlow graph, as TensorFlow.js writes it in <c>model.json</c>.</summary>
/// <param name="Name">Its name, which is that of its value, too.</param>
/// <param name="Operator">What it does.</param>
/// <param name="Inputs">The names of the nodes whose values it takes.</param>
/// <param name="Attributes">Its attributes; undefined where it has none.</param>
internal sealed record GraphNode(string Name, string Operator, IReadOnlyList<string> Inputs, JsonElement Attributes)
{
    /// <summary>Reads one.</summary>
    public static GraphNode Read(JsonElement node)
    {
        string name = Text(node.GetProperty("name"));
        string[] inputs = node.TryGetProperty("input", out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ?
            [
                .. list.EnumerateArray().Select(Text).Where(static input => !input.StartsWith('^'))
                    .Select(input => FirstOutput(input, name))
            ]
            : [];
        return new GraphNode(
            name, Text(node.GetProperty("op")), inputs, node.TryGetProperty("attr", out JsonElement attributes) ? attributes : default);
    }

    public long[] Integers(string name) => Find(name) is not { } value ? []
        : value.TryGetProperty("list", out JsonElement list)
            ? list.TryGetProperty("i", out JsonElement numbers) ? [.. numbers.EnumerateArray().Select(Integer)] : []
            : value.TryGetProperty("i", out JsonElement number) ? [Integer(number)] : [];

    public long Integer(string name, long absent) => Integers(name) is [long only] ? only : absent;

    public double Number(string name, double absent) =>
        Find(name) is { } value && value.TryGetProperty("f", out JsonElement number) ? number.GetDouble() : absent;

    public bool Flag(string name) => Find(name) is { } value && value.TryGetProperty("b", out JsonElement flag) && flag.GetBoolean();

    public string String(string name, string absent) =>
        Find(name) is { } value && value.TryGetProperty("s", out JsonElement text) ? Decode(text) : absent;

    public string[] Strings(string name) =>
        Find(name) is { } value && value.TryGetProperty("list", out JsonElement list) && list.TryGetProperty("s", out JsonElement texts)
            ? [.. texts.EnumerateArray().Select(Decode)]
            : [];

    /// <summary>The dimensions of the <c>shape</c>, −1 for free ones; null where it does not say any.</summary>
    public long[]? Shape() => Find("shape") is { } value && value.TryGetProperty("shape", out JsonElement shape)
        && shape.TryGetProperty("dim", out JsonElement dims)
        ? [.. dims.EnumerateArray().Select(static dim => dim.TryGetProperty("size", out JsonElement size) ? Integer(size) : 0)]
        : null;

    public ModelImportException Error(string what) => new($"The operator '{Name}' ({Operator}) {what}.");

    private JsonElement? Find(string name) =>
        Attributes.ValueKind == JsonValueKind.Object
            && Attributes.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.Object
            ? value
            : null;

    private static string FirstOutput(string input, string name)
    {
        int colon = input.LastIndexOf(':');
        return colon < 0 ? input
            : input[colon..] == ":0" ? input[..colon]
            : throw new ModelImportException(
                $"The operator '{name}' takes a further output of another ('{input}'), which cannot be imported.");
    }

    // Protocol buffers in JSON write 64-bit numbers as texts, and bytes in Base64.
    private static long Integer(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? long.Parse(
            value.GetString()!, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture)
        : value.GetInt64();

    private static string Decode(JsonElement value) => Encoding.UTF8.GetString(value.GetBytesFromBase64());

    private static string Text(JsonElement value) => value.GetString() ?? throw new FormatException("A text is missing.");
}
