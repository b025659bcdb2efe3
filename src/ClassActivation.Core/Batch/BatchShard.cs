namespace ClassActivation.Batch;

/// <summary>The figures of one computed shard.</summary>
public sealed record BatchShard
{
    /// <summary>The shard's number, from 0.</summary>
    public required int Shard { get; init; }

    /// <summary>The number of its photos.</summary>
    public required int Photos { get; init; }

    /// <summary>The number of maps that were computed.</summary>
    public required long Answers { get; init; }

    /// <summary>The number of photos that were refused.</summary>
    public required int Refused { get; init; }

    /// <summary>How many photos were refused for each error id.</summary>
    public required SortedDictionary<string, int> Errors { get; init; }

    /// <summary>When the work began, in UTC.</summary>
    public required DateTime Started { get; init; }

    /// <summary>How long it took in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>The machine's name.</summary>
    public required string Host { get; init; }

    /// <summary>The processor's type: one text for processors on which the same bits are computed.</summary>
    public required string Processor { get; init; }

    /// <summary>The operating system and .NET.</summary>
    public required string Platform { get; init; }

    /// <summary>The module's version.</summary>
    public required string ModuleVersion { get; init; }

    /// <summary>The version of ONNX Runtime.</summary>
    public required string RuntimeVersion { get; init; }
}
