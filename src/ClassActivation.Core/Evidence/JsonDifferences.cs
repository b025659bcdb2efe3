using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClassActivation.Evidence;

/// <summary>Where two JSON documents of one form say different things.</summary>
internal static class JsonDifferences
{
    /// <summary>Names the places whose values differ, and both values.</summary>
    /// <param name="was">What is written.</param>
    /// <param name="now">What it is held against.</param>
    /// <param name="tolerance">How far numbers may be off, as a share of the larger one where that is above 1.</param>
    /// <param name="path">Where the documents stand in a larger one.</param>
    public static IEnumerable<string> Between(JsonNode? was, JsonNode? now, double tolerance, string path)
    {
        if (was is JsonObject one && now is JsonObject other)
        {
            return one.Select(static property => property.Key).Union(other.Select(static property => property.Key))
                .SelectMany(name => Between(one[name], other[name], tolerance, $"{path}.{name}"));
        }

        return AreEqual(was, now, tolerance)
            ? []
            : [string.Create(CultureInfo.InvariantCulture, $"{path} is {TextOf(was)}, and is computed to be {TextOf(now)}")];
    }

    private static bool AreEqual(JsonNode? was, JsonNode? now, double tolerance) =>
        NumberOf(was) is { } one && NumberOf(now) is { } other
            ? Math.Abs(one - other) <= tolerance * Math.Max(1, Math.Max(Math.Abs(one), Math.Abs(other)))
            : JsonNode.DeepEquals(was, now);

    private static double? NumberOf(JsonNode? node) => node?.GetValueKind() == JsonValueKind.Number ? node.GetValue<double>() : null;

    private static string TextOf(JsonNode? node) => node?.GetValueKind() switch
    {
        null => "nothing",
        JsonValueKind.String => $"'{node.GetValue<string>()}'",
        _ => node.ToJsonString(),
    };
}
