using ClassActivation.Photos;

namespace ClassActivation.Interchange;

/// <summary>Reads and writes boxes in the formats of other tools.</summary>
public static class AnnotationFiles
{
    /// <summary>Whether a path is that of annotations, rather than of a table: a folder, JSON or XML.</summary>
    /// <param name="path">The full path.</param>
    public static bool IsAnnotations(string path) =>
        Directory.Exists(path) || Path.GetExtension(path).ToUpperInvariant() is ".JSON" or ".XML";

    /// <summary>The files that hold annotations.</summary>
    /// <param name="annotations">The boxes; YOLO and Pascal VOC need the sizes of their photos, and photos of different names.</param>
    /// <param name="format">The format.</param>
    /// <param name="withScore">Whether a file of YOLO has the score as a sixth column, as results have and training does not take.</param>
    /// <param name="folder">The full path of the folder that they are for, whose classes keep their numbers in YOLO; null for none.</param>
    /// <exception cref="ArgumentException">A photo's size is not known, or two photos would have one file.</exception>
    public static IReadOnlyList<AnnotationFile> Write(
        IReadOnlyList<CamAnnotation> annotations, AnnotationFormat format, bool withScore = false, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(annotations);
        return format switch
        {
            AnnotationFormat.Coco => [new AnnotationFile("", CocoFile.Write(annotations))],
            AnnotationFormat.PascalVoc => [.. PascalVocFile.Write(annotations)],
            AnnotationFormat.Yolo => [.. YoloFile.Write(annotations, withScore, folder is null ? [] : YoloFile.ClassesOf(folder))],
            _ => throw new ArgumentOutOfRangeException(nameof(format)),
        };
    }

    /// <summary>Reads annotations, in whatever format they are.</summary>
    /// <param name="path">The full path of a COCO or Pascal VOC file, or of a folder of files of Pascal VOC or YOLO.</param>
    /// <param name="photoFolder">The full path of the photos' folder; YOLO needs it, since its files have no sizes. Null for none.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    /// <exception cref="InvalidDataException">A file is of another form; the message names it.</exception>
    public static IEnumerable<CamAnnotation> Read(string path, string? photoFolder = null)
    {
        IEnumerable<CamAnnotation> found = IsYolo(path)
            ? YoloFile.Read(path).Select(box => box.InPixels(FindPhoto(box.Name, photoFolder ?? YoloFile.PhotoFolderOf(path))))
            : ReadAbsolute(path);
        return found.Select(annotation => photoFolder is null ? annotation : InFolder(annotation, photoFolder));
    }

    /// <summary>Whether this module wrote a file of annotations, and nobody changed one that has no place for a mark.</summary>
    /// <param name="path">The full path of a file of COCO, or of a folder.</param>
    /// <param name="name">The file's name in the folder; empty for a file of COCO.</param>
    /// <param name="format">The format.</param>
    internal static bool IsOwn(string path, string name, AnnotationFormat format) => format switch
    {
        AnnotationFormat.Coco => CocoFile.IsOwn(path),
        AnnotationFormat.PascalVoc => PascalVocFile.IsOwn(Path.Combine(path, name)),
        _ => WrittenFiles.In(path).IsAsWritten(name),
    };

    /// <summary>Whether a folder is one of YOLO's.</summary>
    internal static bool IsYolo(string path) =>
        Directory.Exists(path) && !Directory.EnumerateFiles(path, "*.xml").Any();

    /// <summary>Reads annotations whose boxes are in pixels.</summary>
    internal static IEnumerable<CamAnnotation> ReadAbsolute(string path) =>
        Directory.Exists(path) ? Directory.GetFiles(path, "*.xml").Order(StringComparer.Ordinal).SelectMany(PascalVocFile.Read)
        : Path.GetExtension(path).Equals(".xml", StringComparison.OrdinalIgnoreCase) ? PascalVocFile.Read(path)
        : CocoFile.Read(path);

    /// <summary>The photos of annotations, each with its boxes, in the order in which they came first.</summary>
    internal static IEnumerable<IGrouping<string, CamAnnotation>> ByPhoto(IEnumerable<CamAnnotation> annotations) =>
        annotations.GroupBy(static annotation => annotation.Path, StringComparer.Ordinal);

    /// <summary>The classes of annotations, by their index and label.</summary>
    internal static List<(int Index, string Label)> Classes(IEnumerable<CamAnnotation> annotations) =>
    [
        .. annotations.Select(static annotation => (annotation.ClassIndex, annotation.Label)).Distinct()
            .OrderBy(static found => found.ClassIndex).ThenBy(static found => found.Label, StringComparer.Ordinal),
    ];

    /// <summary>The size of a photo that annotations are of.</summary>
    /// <exception cref="ArgumentException">It is not known.</exception>
    internal static (int Width, int Height) SizeOf(IGrouping<string, CamAnnotation> photo) =>
        photo.FirstOrDefault(static annotation => annotation is { PhotoWidth: > 0, PhotoHeight: > 0 }) is { } known
            ? (known.PhotoWidth, known.PhotoHeight)
            : throw new ArgumentException($"The size of the photo '{photo.Key}' is not known, and this format needs it.");

    /// <summary>The names of the files of photos, each without its extension.</summary>
    /// <exception cref="ArgumentException">Two photos have one name.</exception>
    internal static void CheckNamesDiffer(IEnumerable<IGrouping<string, CamAnnotation>> photos)
    {
        foreach (IGrouping<string, IGrouping<string, CamAnnotation>> same in photos.GroupBy(
            static photo => Path.GetFileNameWithoutExtension(photo.Key), StringComparer.OrdinalIgnoreCase))
        {
            if (same.Skip(1).FirstOrDefault() is { } second)
            {
                throw new ArgumentException(
                    $"The photos '{same.First().Key}' and '{second.Key}' would have one file, '{same.Key}', in this format.");
            }
        }
    }

    private static CamAnnotation InFolder(CamAnnotation annotation, string folder) => new()
    {
        Path = Path.GetFullPath(Path.Combine(folder, annotation.Path)),
        Label = annotation.Label,
        ClassIndex = annotation.ClassIndex,
        Left = annotation.Left,
        Top = annotation.Top,
        Width = annotation.Width,
        Height = annotation.Height,
        PhotoWidth = annotation.PhotoWidth,
        PhotoHeight = annotation.PhotoHeight,
        Score = annotation.Score,
    };

    private static (string Path, int Width, int Height) FindPhoto(string name, string folder)
    {
        foreach (string path in PhotoFileNames.Candidates(Path.Combine(folder, name)))
        {
            if (File.Exists(path))
            {
                try
                {
                    (int width, int height) = PhotoDecoder.ReadSize(PhotoSource.FromFile(path));
                    return (path, width, height);
                }
                catch (PhotoException e)
                {
                    throw new InvalidDataException(e.Message, e);
                }
            }
        }

        throw new InvalidDataException(
            $"The boxes of '{name}' are shares of their photo's size, and there is no photo '{name}' in '{folder}'.");
    }
}
