using ClassActivation.Drawing;

namespace ClassActivation.Batch;

/// <summary>Writes the files of a shard's results into a folder that has no name yet.</summary>
internal sealed class ShardResults : IDisposable
{
    /// <summary>The name of the archive of maps.</summary>
    public const string MapsName = "maps.npz";

    /// <summary>The name of the archive of pictures.</summary>
    public const string PicturesName = "pictures.zip";

    private readonly FileStream _rowFile;
    private readonly IBatchRowWriter _rows;
    private readonly FileStream? _mapFile;
    private readonly FileStream? _pictureFile;
    private readonly UndatedArchive? _maps;
    private readonly UndatedArchive? _pictures;
    private readonly string _pictureExtension;

    /// <summary>Begins the files.</summary>
    /// <param name="folder">The folder's full path.</param>
    /// <param name="description">The batch.</param>
    public ShardResults(string folder, BatchDescription description)
    {
        IBatchRows format = IBatchRows.Of(description.RowFormat);
        _pictureExtension = description.PictureFormat.Extension();
        _rowFile = File.Create(Path.Combine(folder, format.FileName), 1 << 16);
        _rows = format.Write(_rowFile);
        if (description.Outputs.HasFlag(BatchOutputs.Maps))
        {
            _mapFile = File.Create(Path.Combine(folder, MapsName), 1 << 16);
            _maps = new UndatedArchive(_mapFile);
        }

        if (description.Outputs.HasFlag(BatchOutputs.Pictures))
        {
            _pictureFile = File.Create(Path.Combine(folder, PicturesName), 1 << 16);
            _pictures = new UndatedArchive(_pictureFile);
        }
    }

    /// <summary>Adds an answer, or a refusal.</summary>
    public void Add(ShardAnswer answer)
    {
        _rows.Add(answer.Row);
        if (answer.Map is not null)
        {
            _maps?.Add(answer.Row.EntryName + ".npy", answer.Map);
        }

        if (answer.Picture is not null)
        {
            _pictures?.Add($"{answer.Row.EntryName}.{_pictureExtension}", answer.Picture);
        }
    }

    /// <summary>Ends the files, and has them on the disk.</summary>
    public void Complete()
    {
        _rows.Complete();
        _maps?.Dispose();
        _pictures?.Dispose();
        foreach (FileStream? file in new[] { _rowFile, _mapFile, _pictureFile })
        {
            file?.Flush(flushToDisk: true);
        }
    }

    /// <summary>Closes the files, whole or not.</summary>
    public void Dispose()
    {
        foreach (IDisposable? part in new IDisposable?[] { _rows, _maps, _pictures, _rowFile, _mapFile, _pictureFile })
        {
            try
            {
                part?.Dispose();
            }
            catch (IOException)
            {
                // On a full disk what is not whole cannot be ended either.
            }
        }
    }
}

/// <summary>A row and its files.</summary>
/// <param name="Row">The row.</param>
/// <param name="Map">The map's <c>.npy</c> file; null for none.</param>
/// <param name="Picture">The picture's file; null for none.</param>
internal sealed record ShardAnswer(BatchRow Row, byte[]? Map = null, byte[]? Picture = null);
