using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClassActivation.Networks;

/// <summary>The layer table as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(LayerSummary[]))]
internal sealed partial class LayerTableJsonContext : JsonSerializerContext;
