namespace ClassActivation.Batch;

/// <summary>A file format of a batch's rows.</summary>
internal interface IBatchRows
{
    /// <summary>The file's name.</summary>
    string FileName { get; }

    /// <summary>Begins a file.</summary>
    /// <param name="stream">Where it goes; not closed.</param>
    IBatchRowWriter Write(Stream stream);

    /// <summary>Reads rows, few at a time.</summary>
    /// <param name="stream">The file.</param>
    /// <exception cref="FormatException">The file is of another form.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    IEnumerable<BatchRow> Read(Stream stream);

    /// <summary>The way to write and read a format.</summary>
    static IBatchRows Of(BatchRowFormat format) => format switch
    {
        BatchRowFormat.Parquet => new ParquetRows(),
        BatchRowFormat.JsonLines => new JsonLineRows(),
        BatchRowFormat.Csv => new CsvRows(),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };
}

/// <summary>Writes a file of rows; disposing ends it.</summary>
internal interface IBatchRowWriter : IDisposable
{
    /// <summary>Adds a row.</summary>
    void Add(BatchRow row);

    /// <summary>Writes what is still to be written. Without it the file is not whole.</summary>
    void Complete();
}
