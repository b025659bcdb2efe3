using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClassActivation.Import.Keras;

/// <summary>The JSON texts of this namespace, without reflection.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ModelRecipe))]
internal sealed partial class ImportJsonContext : JsonSerializerContext;
