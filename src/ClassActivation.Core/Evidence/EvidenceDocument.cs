using System.Text.Json.Serialization;
using ClassActivation.Interchange;

namespace ClassActivation.Evidence;

/// <summary>What an evidence bundle says of its map; <c>docs/evidence.schema.json</c> describes it.</summary>
internal sealed record EvidenceDocument
{
    /// <summary>Where the form of the document is described.</summary>
    public const string SchemaAddress = "https://raw.githubusercontent.com/ClassActivation/ClassActivation/main/docs/evidence.schema.json";

    /// <summary>The version of the form that this module writes.</summary>
    public const int CurrentFormat = 1;

    [JsonPropertyName("$schema")]
    public string Schema { get; init; } = SchemaAddress;

    public int Format { get; init; } = CurrentFormat;

    public required EvidencePhoto Photo { get; init; }

    public required EvidenceNetwork Network { get; init; }

    public required EvidenceClass Predicted { get; init; }

    public string? Expected { get; init; }

    public required MapDescription Answer { get; init; }

    public required EvidenceFile Map { get; init; }

    public required EvidenceFile Picture { get; init; }

    public required EvidenceOrigin ComputedBy { get; init; }
}

/// <summary>The photo that a map explains; <c>File</c> is its name in the bundle, where it is there.</summary>
internal sealed record EvidencePhoto(string Name, long Length, string Sha256, string? File);

/// <summary>The network that was asked.</summary>
internal sealed record EvidenceNetwork(string Name, string Hash);

/// <summary>The most probable class.</summary>
internal sealed record EvidenceClass(int ClassIndex, string WordNetId, string Label, double Probability);

/// <summary>A file of the bundle.</summary>
internal sealed record EvidenceFile(string File, string Sha256);

/// <summary>What the figures were computed with.</summary>
internal sealed record EvidenceOrigin(string ModuleVersion, string RuntimeVersion, string Processor, string Platform);

/// <summary>How documents are written.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true, UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(EvidenceDocument))]
internal sealed partial class EvidenceJsonContext : JsonSerializerContext;
