using System.Text.Json.Serialization;

namespace ClassActivation.Batch;

/// <summary>How a path is written on one line, whatever characters a file's name has.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class PathJsonContext : JsonSerializerContext;
