using Microsoft.VisualBasic.FileIO;

namespace ClassActivation.Report;

/// <summary>What photos show in truth: by the folders that they are sorted into, or by a table.</summary>
public sealed class RightLabels
{
    private readonly ILookup<string, (string File, string Label)>? _table;

    private RightLabels(IEnumerable<(string File, string Label)>? table) =>
        _table = table?.ToLookup(static row => row.File[(row.File.LastIndexOf('/') + 1)..], FilePaths.Comparer);

    /// <summary>A photo shows what the folder that it lies in is called.</summary>
    public static RightLabels FromFolders { get; } = new(null);

    /// <summary>
    /// Reads a table, its columns separated by tabs, commas or semicolons: <c>file</c> (a name, or a path that the
    /// photo's path ends with) and <c>label</c>.
    /// </summary>
    /// <param name="path">The full path of the file, in UTF-8 or with a byte order mark.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="InvalidDataException">A column is missing, or a line has no label; the message names the line.</exception>
    public static RightLabels Read(string path)
    {
        using var reader = new StreamReader(FileStatus.OpenRead(path));
        string header = reader.ReadLine()
            ?? throw new InvalidDataException($"'{path}' is empty; it needs a header line with the columns file and label.");
        string separator = header.Contains('\t', StringComparison.Ordinal)
            ? "\t"
            : header.Contains(';', StringComparison.Ordinal)
            ? ";"
            : ",";
        List<string> columns = [.. header.Split(separator).Select(static column => column.Trim().Trim('"').ToUpperInvariant())];
        (int file, int label) = (columns.IndexOf("FILE"), columns.IndexOf("LABEL"));
        if (file < 0 || label < 0)
        {
            throw new InvalidDataException($"'{path}' needs the columns file and label; its first line is '{header}'.");
        }

        using var parser = new TextFieldParser(reader) { Delimiters = [separator], HasFieldsEnclosedInQuotes = separator != "\t" };
        var rows = new List<(string, string)>();
        while (!parser.EndOfData)
        {
            long line = parser.LineNumber + 1;
            string[] fields;
            try
            {
                fields = parser.ReadFields() ?? [];
            }
            catch (MalformedLineException e)
            {
                throw new InvalidDataException($"'{path}' has no label in line {line}: its quotation marks do not match.", e);
            }

            if (fields.Length <= Math.Max(file, label) || fields[file].Length == 0 || fields[label].Length == 0)
            {
                throw new InvalidDataException($"'{path}' has no file and label in line {line}.");
            }

            rows.Add((fields[file].Replace('\\', '/'), fields[label]));
        }

        return new RightLabels(rows);
    }

    /// <summary>The right label of a photo; null where it is not known.</summary>
    /// <param name="photoPath">The photo's full path.</param>
    public string? Of(string photoPath)
    {
        ArgumentNullException.ThrowIfNull(photoPath);
        if (_table is null)
        {
            return Path.GetFileName(Path.GetDirectoryName(photoPath)) is { Length: > 0 } folder ? folder : null;
        }

        string path = FilePaths.WithSlashes(photoPath);
        foreach ((string file, string label) in _table[path[(path.LastIndexOf('/') + 1)..]])
        {
            if (FilePaths.IsNamedBy(path, file, FilePaths.Comparer))
            {
                return label;
            }
        }

        return null;
    }
}
