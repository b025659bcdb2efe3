using System.Text.Json.Serialization;

namespace ClassActivation.Import;

/// <summary>What a process is asked to convert.</summary>
internal sealed record ImportRequest(string Path, string DestinationPath, string WorkFolder, ImportOptions Options);

/// <summary>The messages of an import that another process does.</summary>
[JsonSerializable(typeof(ImportRequest))]
[JsonSerializable(typeof(ConversionResult))]
internal sealed partial class ImportMessages : JsonSerializerContext;
