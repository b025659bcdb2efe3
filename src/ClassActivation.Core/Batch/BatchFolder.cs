using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ClassActivation.Batch;

/// <summary>
/// The folder of a batch: its description, a list of photos for each shard, and a folder of results for each shard that is
/// done. A folder of results appears under its name when it is whole, and never changes.
/// </summary>
public sealed class BatchFolder
{
    private const string DescriptionName = "batch.json";
    private const string ListFolder = "shards";
    private const string ResultFolder = "results";
    private const string ClaimFolder = "claims";
    private const string FiguresName = "figures.json";

    private BatchFolder(string path, BatchDescription description) => (FullName, Description) = (path, description);

    /// <summary>The folder's full path.</summary>
    public string FullName { get; }

    /// <summary>What is computed.</summary>
    public BatchDescription Description { get; }

    /// <summary>Whether a folder is that of a batch.</summary>
    /// <param name="path">The folder's full path.</param>
    public static bool IsBatch(string path) => File.Exists(DescriptionPath(path));

    /// <summary>Opens a batch.</summary>
    /// <param name="path">The folder's full path.</param>
    /// <exception cref="BatchException">There is none, or it cannot be read.</exception>
    public static BatchFolder Open(string path)
    {
        string file = DescriptionPath(path);
        if (!IsBatch(path))
        {
            throw new BatchException(BatchFailure.NotFound, path, $"'{path}' is no folder of a batch: it has no {DescriptionName}.");
        }

        BatchDescription description = ReadJson(file, BatchJsonContext.Default.BatchDescription);
        return description switch
        {
            { Format: > BatchDescription.CurrentFormat } => throw new BatchException(
                BatchFailure.Invalid, file, $"'{file}' is of format {description.Format}, which a later version of the module wrote."),
            { ShardSize: < 1 } or { ShardCount: < 1 } or { PhotoCount: < 1 } => throw new BatchException(
                BatchFailure.Invalid, file, $"'{file}' describes a batch without photos."),
            _ when (description.PhotoCount + description.ShardSize - 1) / description.ShardSize != description.ShardCount => throw new BatchException(
                BatchFailure.Invalid, file,
                $"'{file}' says that {description.PhotoCount} photos are {description.ShardCount} shards of {description.ShardSize}."),
            _ => new BatchFolder(path, description),
        };
    }

    /// <summary>Whether a shard's results are there.</summary>
    public bool IsDone(int shard) => Directory.Exists(ResultsOf(shard));

    /// <summary>The numbers of the shards whose results are there, in order.</summary>
    public IEnumerable<int> Done() => Enumerable.Range(0, Description.ShardCount).Where(IsDone);

    /// <summary>The numbers of the shards whose results are missing, in order.</summary>
    public IEnumerable<int> Missing() => Enumerable.Range(0, Description.ShardCount).Where(shard => !IsDone(shard));

    /// <summary>The figures of a shard that is done.</summary>
    /// <exception cref="BatchException">They cannot be read.</exception>
    public BatchShard ReadFigures(int shard)
    {
        try
        {
            return ReadJson(Path.Combine(ResultsOf(shard), FiguresName), BatchJsonContext.Default.BatchShard);
        }
        catch (BatchException e)
        {
            throw new BatchException(e.Failure, e.Path, $"What shard {shard} computed cannot be used: {e.Message}", e);
        }
    }

    /// <summary>The photos of a shard, in their order.</summary>
    /// <exception cref="BatchException">The list cannot be read, or is not whole.</exception>
    public IReadOnlyList<string> ReadPhotos(int shard)
    {
        CheckExists(shard);
        string file = ListPath(FullName, shard);
        try
        {
            string[] photos =
            [
                .. File.ReadLines(file).Select(static line => JsonSerializer.Deserialize(line, PathJsonContext.Default.String) ?? "")
            ];
            return photos.Length == Description.PhotosOf(shard) && Array.TrueForAll(photos, Path.IsPathFullyQualified)
                ? photos
                : throw new BatchException(
                    BatchFailure.Invalid, file, $"'{file}' does not list the {Description.PhotosOf(shard)} photos that the shard has.");
        }
        catch (JsonException e)
        {
            throw new BatchException(BatchFailure.Invalid, file, $"'{file}' is no list of photos: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(file, e);
        }
    }

    /// <summary>
    /// Takes a shard for this process, which nobody else takes until it is given back or the process ends; null where another
    /// one has it.
    /// </summary>
    /// <exception cref="BatchException">The claim cannot be written.</exception>
    internal IDisposable? TryClaim(int shard)
    {
        string file = Path.Combine(FullName, ClaimFolder, Name(shard));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var claim = new FileStream(
                file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            SignClaim(claim);
            return claim;
        }
        catch (UnauthorizedAccessException e)
        {
            throw NotWritten(file, e);
        }
        catch (IOException) when (File.Exists(file))
        {
            return null;
        }
        catch (IOException e)
        {
            throw NotWritten(file, e);
        }
    }

    // For people who wonder who is at it; what counts is the lock.
    private static void SignClaim(FileStream claim)
    {
        try
        {
            claim.SetLength(0);
            claim.Write(Encoding.UTF8.GetBytes($"{Environment.MachineName} {Environment.ProcessId}\n"));
        }
        catch (IOException)
        {
            // On a full disk the claim holds without a name.
        }
    }

    /// <summary>Whether a process is at work on a shard.</summary>
    internal bool IsClaimed(int shard)
    {
        string file = Path.Combine(FullName, ClaimFolder, Name(shard));
        try
        {
            using var claim = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.None);
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return File.Exists(file);
        }
    }

    /// <summary>Removes what processes that were killed left of a shard; to be called by whoever has claimed it.</summary>
    internal void RemoveRemains(int shard)
    {
        foreach (string remains in Directory.Exists(ResultRoot) ? Directory.GetDirectories(ResultRoot, $".{Name(shard)}-*") : [])
        {
            AtomicFolder.TryDelete(remains);
        }
    }

    /// <summary>A new folder for the results of a shard, which has no name that counts yet.</summary>
    internal string NewResults(int shard)
    {
        string path = Path.Combine(ResultRoot, $".{Name(shard)}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(path);
        return path;
    }

    /// <summary>Gives results their name, with their figures; false where another process was there first.</summary>
    internal bool TryPublish(string results, BatchShard figures)
    {
        using (FileStream stream = File.Create(Path.Combine(results, FiguresName)))
        {
            JsonSerializer.Serialize(stream, figures, BatchJsonContext.Default.BatchShard);
            stream.Flush(flushToDisk: true);
        }

        return AtomicFolder.TryPublish(results, ResultsOf(figures.Shard));
    }

    /// <summary>Takes away a shard's results, so that it is missing again.</summary>
    internal void Withdraw(int shard)
    {
        if (IsDone(shard))
        {
            string withdrawn = Path.Combine(ResultRoot, $".{Name(shard)}-{Guid.NewGuid():N}");
            Directory.Move(ResultsOf(shard), withdrawn);
            AtomicFolder.TryDelete(withdrawn);
        }
    }

    /// <summary>The full path of a file of a shard's results.</summary>
    /// <param name="shard">The shard's number.</param>
    /// <param name="name">The file's name.</param>
    internal string ResultFile(int shard, string name) => Path.Combine(ResultsOf(shard), name);

    /// <summary>Refuses a number that is no shard's.</summary>
    /// <exception cref="BatchException">It is none.</exception>
    internal void CheckExists(int shard)
    {
        if (shard < 0 || shard >= Description.ShardCount)
        {
            throw new BatchException(
                BatchFailure.NoSuchShard, FullName,
                $"The batch '{FullName}' has no shard {shard}; it has {Counted.Of(Description.ShardCount, "shard")}, numbered from 0.");
        }
    }

    internal static BatchException NotWritten(string path, Exception cause) =>
        new(BatchFailure.NotWritten, path, FilePlace.ObstacleAbove(path) ?? $"'{path}' could not be written: {cause.Message}", cause);

    internal static BatchException Unreadable(string path, Exception cause) =>
        new(BatchFailure.Unreadable, path, $"'{path}' cannot be read: {cause.Message}", cause);

    /// <summary>The path of the list of a shard's photos.</summary>
    internal static string ListPath(string folder, int shard) => Path.Combine(folder, ListFolder, Name(shard) + ".txt");

    /// <summary>The path of a batch's description.</summary>
    internal static string DescriptionPath(string folder) => Path.Combine(folder, DescriptionName);

    private string ResultRoot => Path.Combine(FullName, ResultFolder);

    private string ResultsOf(int shard) => Path.Combine(ResultRoot, Name(shard));

    private static string Name(int shard) => shard.ToString("000000", CultureInfo.InvariantCulture);

    private static T ReadJson<T>(string file, JsonTypeInfo<T> type)
    {
        try
        {
            using FileStream stream = File.OpenRead(file);
            return JsonSerializer.Deserialize(stream, type) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new BatchException(BatchFailure.Invalid, file, $"'{file}' is damaged: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(file, e);
        }
    }
}
