using System.IO.Compression;

namespace ClassActivation.Batch;

/// <summary>
/// A zip of files that are stored as they are, with one fixed time: the same files are the same archive. Of <c>.npy</c>
/// files it is what NumPy calls <c>.npz</c>.
/// </summary>
internal sealed class UndatedArchive(Stream stream) : IDisposable
{
    private static readonly DateTimeOffset Earliest = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ZipArchive _zip = new(stream, ZipArchiveMode.Create, leaveOpen: true);

    /// <summary>Adds a file.</summary>
    public void Add(string name, ReadOnlySpan<byte> content)
    {
        ZipArchiveEntry entry = _zip.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = Earliest;
        using Stream file = entry.Open();
        file.Write(content);
    }

    /// <summary>Ends the archive.</summary>
    public void Dispose() => _zip.Dispose();
}
