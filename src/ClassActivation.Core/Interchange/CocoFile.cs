using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace ClassActivation.Interchange;

/// <summary>
/// Boxes as of Microsoft COCO (Lin et al. 2014, "Microsoft COCO: Common Objects in Context"): left, top, width and
/// height in pixels. A category has the further key <c>class_index</c>, and an annotation <c>score</c>, as results have.
/// </summary>
internal static class CocoFile
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    // What the file says of who wrote it.
    private const string Contributor = "ClassActivation";

    public static byte[] Write(IReadOnlyList<CamAnnotation> annotations)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            List<(int Index, string Label)> classes = AnnotationFiles.Classes(annotations);
            var photos = AnnotationFiles.ByPhoto(annotations).ToList();
            string? root = CommonFolder([.. photos.Select(static photo => photo.Key)]);
            json.WriteStartObject();
            json.WriteStartObject("info");
            json.WriteString("description", "Boxes of parts of photos");
            json.WriteString("contributor", Contributor);
            json.WriteEndObject();
            json.WriteStartArray("images");
            for (int i = 0; i < photos.Count; i++)
            {
                json.WriteStartObject();
                json.WriteNumber("id", i + 1);
                json.WriteString("file_name", NameIn(root, photos[i].Key));
                if (photos[i].Any(static annotation => annotation.PhotoWidth > 0))
                {
                    (int width, int height) = AnnotationFiles.SizeOf(photos[i]);
                    json.WriteNumber("width", width);
                    json.WriteNumber("height", height);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("categories");
            for (int i = 0; i < classes.Count; i++)
            {
                json.WriteStartObject();
                json.WriteNumber("id", i + 1);
                json.WriteString("name", classes[i].Label);
                if (classes[i].Index >= 0)
                {
                    json.WriteNumber("class_index", classes[i].Index);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("annotations");
            int id = 0;
            for (int i = 0; i < photos.Count; i++)
            {
                foreach (CamAnnotation annotation in photos[i])
                {
                    json.WriteStartObject();
                    json.WriteNumber("id", ++id);
                    json.WriteNumber("image_id", i + 1);
                    json.WriteNumber("category_id", classes.IndexOf((annotation.ClassIndex, annotation.Label)) + 1);
                    json.WriteStartArray("bbox");
                    json.WriteNumberValue(annotation.Left);
                    json.WriteNumberValue(annotation.Top);
                    json.WriteNumberValue(annotation.Width);
                    json.WriteNumberValue(annotation.Height);
                    json.WriteEndArray();
                    json.WriteNumber("area", annotation.Width * annotation.Height);
                    json.WriteNumber("iscrowd", 0);
                    if (annotation.Score is { } score && double.IsFinite(score))
                    {
                        json.WriteNumber("score", score);
                    }

                    json.WriteEndObject();
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Whether this module wrote a file.</summary>
    public static bool IsOwn(string path)
    {
        try
        {
            using FileStream stream = FileStatus.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(stream);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("info", out JsonElement info) && info.ValueKind == JsonValueKind.Object
                && info.TryGetProperty("contributor", out JsonElement contributor) && contributor.ValueKind == JsonValueKind.String
                && contributor.GetString() == Contributor;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public static IReadOnlyList<CamAnnotation> Read(string path)
    {
        try
        {
            using FileStream stream = FileStatus.OpenRead(path);
            using JsonDocument document = JsonDocument.Parse(stream);
            return [.. ReadAll(document.RootElement)];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"'{path}' is no COCO file with images, categories and annotations: {e.Message}", e);
        }
    }

    private static IEnumerable<CamAnnotation> ReadAll(JsonElement root)
    {
        var images = new Dictionary<long, (string Name, int Width, int Height)>();
        foreach (JsonElement image in root.GetProperty("images").EnumerateArray())
        {
            images[image.GetProperty("id").GetInt64()] = (
                Text(image, "file_name"), Whole(image, "width") ?? 0, Whole(image, "height") ?? 0);
        }

        var categories = new Dictionary<long, (string Label, int Index)>();
        foreach (JsonElement category in root.GetProperty("categories").EnumerateArray())
        {
            categories[category.GetProperty("id").GetInt64()] = (Text(category, "name"), Whole(category, "class_index") ?? -1);
        }

        foreach (JsonElement annotation in root.GetProperty("annotations").EnumerateArray())
        {
            // A crowd's box is not the box of one object.
            if (Whole(annotation, "iscrowd") == 1)
            {
                continue;
            }

            (string name, int width, int height) = images[annotation.GetProperty("image_id").GetInt64()];
            (string label, int index) = categories[annotation.GetProperty("category_id").GetInt64()];
            double[] box = [.. annotation.GetProperty("bbox").EnumerateArray().Select(static edge => edge.GetDouble())];
            if (box.Length != 4 || box[2] <= 0 || box[3] <= 0)
            {
                throw new FormatException($"the box of annotation {Whole(annotation, "id")} is not left, top, width and height.");
            }

            yield return new CamAnnotation
            {
                Path = name,
                Label = label,
                ClassIndex = index,
                Left = box[0],
                Top = box[1],
                Width = box[2],
                Height = box[3],
                PhotoWidth = width,
                PhotoHeight = height,
                Score = annotation.TryGetProperty("score", out JsonElement score) ? score.GetDouble() : null,
            };
        }
    }

    private static string Text(JsonElement element, string name) =>
        element.GetProperty(name).GetString() ?? throw new FormatException($"{name} is null.");

    private static int? Whole(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;

    private static string NameIn(string? root, string path) =>
        FilePaths.WithSlashes(root is null || !Path.IsPathFullyQualified(path) ? path : Path.GetRelativePath(root, path));

    private static string? CommonFolder(IReadOnlyList<string> paths)
    {
        string? folder = null;
        foreach (string path in paths.Where(static path => Path.IsPathFullyQualified(path)))
        {
            string? own = Path.GetDirectoryName(path);
            folder ??= own;
            while (folder is not null && own is not null && !IsIn(own, folder))
            {
                folder = Path.GetDirectoryName(folder);
            }
        }

        return folder;

        static bool IsIn(string path, string folder) =>
            path.Equals(folder, StringComparison.Ordinal)
            || path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }
}
