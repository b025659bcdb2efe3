using System.Security.Cryptography;
using System.Text;

namespace ClassActivation.Interchange;

/// <summary>
/// Which files of a folder this module wrote, for formats that have no place for a mark: their names and SHA-256 in a
/// further file, as <c>sha256sum</c> writes it. A file that was changed by hand since is none of them. Files that are about to
/// be written are noted before, beside what they were, so that a process that is ended between two of them leaves none unknown.
/// </summary>
internal sealed class WrittenFiles
{
    /// <summary>The name of the file that says so.</summary>
    public const string Name = "class-activation.sha256";

    private const int HashDigits = 64;
    private const string Separator = " *";

    private readonly string _folder;
    private readonly SortedDictionary<string, IReadOnlyList<string>> _hashes = new(StringComparer.Ordinal);

    private WrittenFiles(string folder) => _folder = folder;

    /// <summary>What a folder says; nothing where it says nothing, or cannot be read.</summary>
    /// <param name="folder">The full path.</param>
    public static WrittenFiles In(string folder)
    {
        var written = new WrittenFiles(folder);
        try
        {
            string[] lines = FileStatus.ReadAllLines(Path.Combine(folder, Name));
            foreach (string line in lines.Where(static line => line.IndexOf(Separator, StringComparison.Ordinal) == HashDigits))
            {
                written.Plan(line[(HashDigits + Separator.Length)..], line[..HashDigits]);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then it wrote none.
        }

        return written;
    }

    /// <summary>Whether a file is as this module wrote it.</summary>
    /// <param name="name">Its name in the folder.</param>
    public bool IsAsWritten(string name)
    {
        try
        {
            return _hashes.TryGetValue(name, out IReadOnlyList<string>? hashes)
                && hashes.Contains(HashOf(File.ReadAllBytes(Path.Combine(_folder, name))));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Notes a file that is about to be written; it may be what it was until then.</summary>
    public void Plan(AnnotationFile file) => Plan(file.Name, HashOf(file.Content));

    /// <summary>Notes a file that was written.</summary>
    public void Add(AnnotationFile file) => _hashes[file.Name] = [HashOf(file.Content)];

    /// <summary>The file that says which were written.</summary>
    public byte[] ToFile() => Encoding.UTF8.GetBytes(string.Concat(
        _hashes.SelectMany(static pair => pair.Value.Select(hash => $"{hash}{Separator}{pair.Key}\n"))));

    private void Plan(string name, string hash)
    {
        IReadOnlyList<string> known = _hashes.GetValueOrDefault(name, []);
        _hashes[name] = known.Contains(hash) ? known : [.. known, hash];
    }

    private static string HashOf(ReadOnlySpan<byte> content) => Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant();
}
