using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ClassActivation.Batch;

/// <summary>
/// Makes the folder of a batch: the lists of photos are written as the photos come, and the folder gets its name when it
/// is whole.
/// </summary>
internal sealed class BatchListing : IDisposable
{
    private static readonly PathJsonContext Readable = new(
        new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private readonly string _path;
    private readonly string _temporary;
    private readonly BatchDescription _description;
    private StreamWriter? _list;
    private long _count;

    /// <summary>Begins a batch.</summary>
    /// <param name="path">The full path of its folder, which must not be there yet, or be empty.</param>
    /// <param name="description">What is to be computed; the number of photos is filled in.</param>
    /// <exception cref="BatchException">There is something there, or it cannot be written.</exception>
    public BatchListing(string path, BatchDescription description)
    {
        if (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()))
        {
            throw new BatchException(BatchFailure.Exists, path, $"'{path}' exists, and a batch has a folder of its own.");
        }

        (_path, _description) = (path, description);
        try
        {
            _temporary = AtomicFile.NewTemporaryPath(Path.GetDirectoryName(path) ?? path);
            Directory.CreateDirectory(Path.GetDirectoryName(BatchFolder.ListPath(_temporary, 0))!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw BatchFolder.NotWritten(path, e);
        }
    }

    /// <summary>How many photos were added.</summary>
    public long Count => _count;

    /// <summary>Adds a photo.</summary>
    /// <param name="photo">Its full path.</param>
    /// <exception cref="BatchException">It cannot be written.</exception>
    public void Add(string photo)
    {
        try
        {
            if (_count % _description.ShardSize == 0)
            {
                _list?.Dispose();
                _list = new StreamWriter(
                    BatchFolder.ListPath(_temporary, (int)(_count / _description.ShardSize)),
                    append: false,
                    new UTF8Encoding(false),
                    1 << 16)
                {
                    NewLine = "\n",
                };
            }

            _list!.WriteLine(JsonSerializer.Serialize(photo, Readable.String));
            _count++;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw BatchFolder.NotWritten(_path, e);
        }
    }

    /// <summary>Ends the batch, and gives its folder its name.</summary>
    /// <exception cref="BatchException">It has no photo, cannot be written, or something is in its place now.</exception>
    public BatchFolder Complete()
    {
        if (_count == 0)
        {
            throw new BatchException(BatchFailure.NoPhoto, _path, $"The batch '{_path}' was not made: no photo was given.");
        }

        try
        {
            _list!.Dispose();
            using (FileStream stream = File.Create(BatchFolder.DescriptionPath(_temporary)))
            {
                BatchDescription whole = _description with
                {
                    PhotoCount = _count,
                    ShardCount = (int)((_count + _description.ShardSize - 1) / _description.ShardSize),
                };
                JsonSerializer.Serialize(stream, whole, BatchJsonContext.Default.BatchDescription);
            }

            if (Directory.Exists(_path))
            {
                Directory.Delete(_path);
            }

            return AtomicFolder.TryPublish(_temporary, _path)
                ? BatchFolder.Open(_path)
                : throw new BatchException(BatchFailure.Exists, _path, $"'{_path}' was made by somebody else meanwhile.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw BatchFolder.NotWritten(_path, e);
        }
    }

    /// <summary>Removes what was not completed.</summary>
    public void Dispose()
    {
        _list?.Dispose();
        if (Directory.Exists(_temporary))
        {
            AtomicFolder.TryDelete(_temporary);
        }
    }
}
