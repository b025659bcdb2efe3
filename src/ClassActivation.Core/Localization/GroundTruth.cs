using System.Globalization;
using ClassActivation.Interchange;
using ClassActivation.Maps;
using ClassActivation.Networks;
using Microsoft.VisualBasic.FileIO;

namespace ClassActivation.Localization;

/// <summary>
/// The true boxes of objects in photos, from a table with a header line, its columns separated by tabs, commas or
/// semicolons: <c>file</c> (a name, or a path that the photo's path ends with), <c>xmin</c>, <c>ymin</c>, <c>xmax</c>,
/// <c>ymax</c> (edges in pixels of the upright photo), and where the boxes are those of certain classes
/// <c>classIndex</c> or <c>label</c>. A photo may have several lines. Or from files of COCO, Pascal VOC or YOLO.
/// </summary>
public sealed class GroundTruth
{
    private static readonly string[] Edges = ["xmin", "ymin", "xmax", "ymax"];

    private readonly ILookup<string, Entry> _entries;
    private readonly ILookup<string, YoloFile.Box> _shares;

    private GroundTruth(IEnumerable<Entry> entries, IEnumerable<YoloFile.Box>? shares = null)
    {
        _entries = entries.ToLookup(static entry => entry.File[(entry.File.LastIndexOf('/') + 1)..], FilePaths.Comparer);
        _shares = (shares ?? []).ToLookup(static box => box.Name, FilePaths.Comparer);
    }

    /// <summary>Reads a table, a file of COCO or Pascal VOC, or a folder of files of Pascal VOC or YOLO.</summary>
    /// <param name="path">The full path; a table is in UTF-8 or with a byte order mark.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="InvalidDataException">A column is missing, or a line is not a box; the message names the line.</exception>
    public static GroundTruth Read(string path)
    {
        if (AnnotationFiles.IsYolo(path))
        {
            return new GroundTruth([], YoloFile.Read(path));
        }

        if (AnnotationFiles.IsAnnotations(path))
        {
            return new GroundTruth(AnnotationFiles.ReadAbsolute(path).Select(ToEntry));
        }

        using var reader = new StreamReader(FileStatus.OpenRead(path));
        return Read(reader, path);
    }

    /// <summary>Reads a table.</summary>
    /// <param name="reader">The table.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">A column is missing, or a line is not a box; the message names the line.</exception>
    public static GroundTruth Read(TextReader reader, string name)
    {
        string header = reader.ReadLine()
            ?? throw new InvalidDataException(
                $"'{name}' is empty; it needs a header line with the columns file, {string.Join(", ", Edges)}.");
        string separator = header.Contains('\t', StringComparison.Ordinal)
            ? "\t"
            : header.Contains(';', StringComparison.Ordinal)
            ? ";"
            : ",";
        var columns = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (string column in header.Split(separator))
        {
            columns.TryAdd(column.Trim().Trim('"'), columns.Count);
        }

        string[] missing = [.. Edges.Prepend("file").Where(column => !columns.ContainsKey(column))];
        if (missing.Length > 0)
        {
            throw new InvalidDataException(
                $"'{name}' has no column {string.Join(", ", missing)}; its first line names {string.Join(", ", columns.Keys)}.");
        }

        // A quotation mark means nothing special between tabs.
        using var parser = new TextFieldParser(reader) { Delimiters = [separator], HasFieldsEnclosedInQuotes = separator != "\t" };
        var entries = new List<Entry>();
        while (!parser.EndOfData)
        {
            // One more for the header, which the parser did not see.
            long line = parser.LineNumber + 1;
            try
            {
                entries.Add(ToEntry(parser.ReadFields() ?? [], columns));
            }
            catch (Exception e) when (e is MalformedLineException or FormatException)
            {
                string reason = e is FormatException ? e.Message : "its quotation marks do not match";
                throw new InvalidDataException($"'{name}' has no box in line {line}: {reason}.", e);
            }
        }

        return new GroundTruth(entries);
    }

    /// <summary>The boxes of a map's class in a map's photo; none where the table has none.</summary>
    public IReadOnlyList<Box> BoxesOf(ClassActivationMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        string path = FilePaths.WithSlashes(map.Path);
        return
        [
            .. _entries[path[(path.LastIndexOf('/') + 1)..]]
                .Where(entry => FilePaths.IsNamedBy(path, entry.File, FilePaths.Comparer))
                .Where(entry => entry.ClassIndex is { } index ? index == map.ClassIndex
                    : entry.Label is null || ClassTable.Key(entry.Label) == ClassTable.Key(map.Label))
                .Select(static entry => entry.Box),
            .. _shares[Path.GetFileNameWithoutExtension(path)]
                .Where(
                    box => box.ClassIndex >= 0 ? box.ClassIndex == map.ClassIndex : ClassTable.Key(box.Label) == ClassTable.Key(map.Label))
                .Select(box => ToBox(box.InPixels((path, map.PhotoWidth, map.PhotoHeight)))),
        ];
    }

    private static Entry ToEntry(CamAnnotation annotation) => new(
        annotation.Path.Replace('\\', '/'), annotation.ClassIndex < 0 ? null : annotation.ClassIndex, annotation.Label, ToBox(annotation));

    private static Box ToBox(CamAnnotation annotation) =>
        new(annotation.Left, annotation.Top, annotation.Left + annotation.Width, annotation.Top + annotation.Height);

    private static Entry ToEntry(string[] fields, Dictionary<string, int> columns)
    {
        string? Field(string column) =>
            columns.TryGetValue(column, out int i) && i < fields.Length && fields[i].Trim() is { Length: > 0 } text ? text : null;

        string file = Field("file") ?? throw new FormatException("it names no file");
        double[] edges = Array.ConvertAll(Edges, column =>
            double.TryParse(Field(column), NumberStyles.Float, CultureInfo.InvariantCulture, out double edge) && double.IsFinite(edge)
                ? edge
                : throw new FormatException($"{column} is '{Field(column)}' and not a number"));
        if (edges[2] <= edges[0] || edges[3] <= edges[1])
        {
            throw new FormatException("xmax must be larger than xmin, and ymax larger than ymin");
        }

        int? classIndex = Field("classIndex") is not { } text ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index
            : throw new FormatException($"classIndex is '{text}' and not a whole number");
        return new Entry(file.Replace('\\', '/'), classIndex, Field("label"), new Box(edges[0], edges[1], edges[2], edges[3]));
    }

    private sealed record Entry(string File, int? ClassIndex, string? Label, Box Box);
}
