using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClassActivation.Networks;

/// <summary>One row of a network's layer table, as Keras' <c>summary()</c> prints it.</summary>
/// <param name="Name">The layer's shown name.</param>
/// <param name="Type">The layer's type, such as <c>Conv2D</c>.</param>
/// <param name="OutputShape">
/// The output's shape in the framework's own order, batch first, at the network's own resolution; null where free.
/// </param>
/// <param name="Parameters">The number of parameters, trainable or not.</param>
/// <param name="Inputs">The shown names of the layers it takes its input from.</param>
public sealed record LayerSummary(
    string Name, string Type, int?[] OutputShape, long Parameters, string[] Inputs)
{
    /// <summary>Whether <c>Get-ClassActivationMap -Layer</c> can make maps of it; false where that was not asked.</summary>
    [JsonIgnore]
    public bool IsExplainable { get; init; }

    /// <summary>Reads the table from the text that a converted model's <c>layers</c> metadata holds.</summary>
    /// <param name="json">The metadata text.</param>
    /// <returns>The layers in the network's order.</returns>
    /// <exception cref="JsonException">The text is not such a table.</exception>
    public static IReadOnlyList<LayerSummary> Parse(string json) =>
        JsonSerializer.Deserialize(json, LayerTableJsonContext.Default.LayerSummaryArray) ?? [];

    internal static string Format(LayerSummary[] layers) =>
        JsonSerializer.Serialize(layers, LayerTableJsonContext.Default.LayerSummaryArray);
}
