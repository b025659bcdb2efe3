using System.IO.Compression;
using System.Text.Json;
using ClassActivation.Identity;
using ClassActivation.Interchange;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Batch;

/// <summary>Reads what a batch found, in the order of its photos and few rows at a time.</summary>
/// <param name="batch">The batch.</param>
public sealed class BatchReader(BatchFolder batch)
{
    /// <summary>
    /// The answers of a shard that is done: maps where these were kept, and else predictions whose question can be asked
    /// again; a refusal for each photo that was refused.
    /// </summary>
    /// <param name="shard">The shard's number.</param>
    /// <exception cref="BatchException">A file is damaged or cannot be read.</exception>
    public IEnumerable<BatchAnswer> Read(int shard)
    {
        using ZipArchive? maps = batch.Description.Outputs.HasFlag(BatchOutputs.Maps) ? OpenMaps(shard) : null;
        foreach (BatchRow row in Rows(shard))
        {
            yield return row.Error.Length > 0
                ? new BatchAnswer(null, new BatchRefusal(row.Photo.Path, row.Error, row.Message))
                : new BatchAnswer(maps is null ? ToPrediction(row) : ToMap(row, maps, shard), null);
        }
    }

    /// <summary>The rows of a shard that is done.</summary>
    /// <exception cref="BatchException">The file is damaged or cannot be read.</exception>
    internal IEnumerable<BatchRow> Rows(int shard)
    {
        IBatchRows format = IBatchRows.Of(batch.Description.RowFormat);
        string file = batch.ResultFile(shard, format.FileName);
        using FileStream stream = Guarded(file, () => File.OpenRead(file));
        using IEnumerator<BatchRow> rows = format.Read(stream).GetEnumerator();
        while (Guarded(file, rows.MoveNext))
        {
            yield return rows.Current;
        }
    }

    private ZipArchive OpenMaps(int shard)
    {
        string file = batch.ResultFile(shard, ShardResults.MapsName);
        return Guarded(file, () => ZipFile.OpenRead(file));
    }

    private ClassActivationMap ToMap(BatchRow row, ZipArchive maps, int shard)
    {
        string name = row.EntryName + ".npy";
        return Guarded(batch.ResultFile(shard, ShardResults.MapsName), () =>
        {
            using Stream values = (maps.GetEntry(name) ?? throw new InvalidDataException($"It has no {name}.")).Open();
            (float[] map, int rows, int columns) = NpyFile.Read(values, name);
            return row.Map!.ToMap(map, rows, columns);
        });
    }

    private static Prediction ToPrediction(BatchRow row) => new(row.Photo, row.Map!.Question)
    {
        Rank = row.Map.Rank,
        Probability = row.Map.Probability,
        Logit = row.Map.Logit,
        IsWholeQuestion = true,
        Source = PhotoSource.FromIdentity(row.Photo),
    };

    private static T Guarded<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or JsonException or OverflowException or ArgumentException)
        {
            throw new BatchException(BatchFailure.Invalid, file, $"'{file}' is damaged: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw BatchFolder.Unreadable(file, e);
        }
    }
}

/// <summary>What a batch says of a photo: an answer, or why there is none.</summary>
/// <param name="Answer">The map, or the prediction.</param>
/// <param name="Refusal">Why there is none.</param>
public sealed record BatchAnswer(PhotoAnswer? Answer, BatchRefusal? Refusal);

/// <summary>A photo that a batch could not work on.</summary>
/// <param name="Path">The photo's full path.</param>
/// <param name="Id">The error's id.</param>
/// <param name="Message">What was wrong.</param>
public sealed record BatchRefusal(string Path, string Id, string Message);
