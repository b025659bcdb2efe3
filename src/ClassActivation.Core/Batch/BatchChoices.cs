namespace ClassActivation.Batch;

/// <summary>What a batch keeps of its photos.</summary>
[Flags]
public enum BatchOutputs
{
    /// <summary>A row for each answer, and one for each photo that was refused. Every batch has them.</summary>
    Rows = 1,

    /// <summary>The values of the maps, as <c>.npy</c> files in one archive for each shard.</summary>
    Maps = 2,

    /// <summary>The maps drawn over their photos, in one archive for each shard.</summary>
    Pictures = 4,
}

/// <summary>The file format of a batch's rows.</summary>
public enum BatchRowFormat
{
    /// <summary>Apache Parquet: columns with types, read by tools for data of any size.</summary>
    Parquet,

    /// <summary>A JSON object on each line.</summary>
    JsonLines,

    /// <summary>Commas between values, quotation marks where RFC 4180 wants them, and a header line.</summary>
    Csv,
}
