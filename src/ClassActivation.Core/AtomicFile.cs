using System.Collections.Concurrent;

namespace ClassActivation;

/// <summary>Writes files whole or not at all.</summary>
internal static class AtomicFile
{
    private const string TemporaryPrefix = ".ClassActivation-";
    private const string TemporarySuffix = ".tmp";
    private const int Attempts = 3;

    // No picture and no network takes a day to write, whatever the clocks say to the hour.
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    private static readonly ConcurrentDictionary<string, bool> TidiedFolders = new(StringComparer.Ordinal);

    /// <summary>Writes a file under a temporary name beside its own and renames it; a failure leaves no trace.</summary>
    /// <param name="path">The file's full path; its folder is made where it is missing.</param>
    /// <param name="overwrite">Whether an existing file is replaced.</param>
    /// <param name="write">Writes the content; called again where the folder is removed meanwhile.</param>
    /// <exception cref="IOException">The file exists and must not be replaced, or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or folder may not be written.</exception>
    public static void Write(string path, bool overwrite, Action<Stream> write)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                WriteOnce(path, overwrite, write);
                return;
            }
            catch (Exception e) when (attempt < Attempts && e is (DirectoryNotFoundException or FileNotFoundException))
            {
                // The folder was removed meanwhile: it is made again.
            }
        }
    }

    private static void WriteOnce(string path, bool overwrite, Action<Stream> write)
    {
        string temporary = NewTemporaryPath(Path.GetDirectoryName(path)!);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
            }

            File.Move(temporary, path, overwrite);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
    }

    /// <summary>
    /// A free temporary name in a folder, which is made where it is missing. At the first call for a folder, what
    /// processes that were killed left there a day ago or earlier is removed.
    /// </summary>
    /// <param name="folder">The folder's full path.</param>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be made.</exception>
    public static string NewTemporaryPath(string folder)
    {
        Directory.CreateDirectory(folder);
        if (TidiedFolders.TryAdd(folder, true))
        {
            RemoveAbandoned(folder);
        }

        return Path.Combine(folder, $"{TemporaryPrefix}{Guid.NewGuid():N}{TemporarySuffix}");
    }

    /// <summary>The temporary files of a folder: what is being written, and what processes that were killed left there.</summary>
    /// <param name="folder">The folder's full path.</param>
    /// <exception cref="IOException">The folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be listed.</exception>
    public static IEnumerable<string> EnumerateTemporaries(string folder) =>
        Directory.EnumerateFiles(folder, $"{TemporaryPrefix}*{TemporarySuffix}");

    /// <summary>Whether a file has the name of a temporary one.</summary>
    public static bool IsTemporary(string path) =>
        Path.GetFileName(path.AsSpan()) is var name
        && name.StartsWith(TemporaryPrefix, StringComparison.Ordinal) && name.EndsWith(TemporarySuffix, StringComparison.Ordinal);

    /// <summary>Removes a file, if that can be done: what could not be written is worth more words than its remains.</summary>
    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A later run removes it.
        }
    }

    /// <summary>Removes the temporary files that were last written a day ago or earlier.</summary>
    internal static void RemoveAbandoned(string folder)
    {
        try
        {
            foreach (string file in EnumerateTemporaries(folder))
            {
                if (File.GetLastWriteTimeUtc(file) < DateTime.UtcNow - Abandoned)
                {
                    TryDelete(file);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder that may be written and not listed.
        }
    }
}
