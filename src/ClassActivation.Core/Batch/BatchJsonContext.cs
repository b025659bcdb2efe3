using System.Text.Json.Serialization;

namespace ClassActivation.Batch;

/// <summary>How the files of a batch that are JSON are written.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BatchDescription))]
[JsonSerializable(typeof(BatchShard))]
internal sealed partial class BatchJsonContext : JsonSerializerContext;
