using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace ClassActivation.Interchange;

/// <summary>
/// Boxes as of Pascal VOC (Everingham et al. 2010, "The Pascal Visual Object Classes (VOC) Challenge"): the first pixel
/// is 1, and <c>xmax</c> and <c>ymax</c> are the last pixels in the box. An object has the further elements
/// <c>class_index</c> and <c>score</c>.
/// </summary>
internal static class PascalVocFile
{
    private static readonly XmlWriterSettings Settings =
        new() { Indent = true, OmitXmlDeclaration = true, Encoding = new UTF8Encoding(false) };

    // What the file says of who wrote it.
    private const string Annotator = "ClassActivation";

    public static IEnumerable<AnnotationFile> Write(IReadOnlyList<CamAnnotation> annotations)
    {
        var photos = AnnotationFiles.ByPhoto(annotations).ToList();
        AnnotationFiles.CheckNamesDiffer(photos);
        foreach (IGrouping<string, CamAnnotation> photo in photos)
        {
            (int width, int height) = AnnotationFiles.SizeOf(photo);
            var root = new XElement(
                "annotation",
                new XElement("folder", Clean(Path.GetFileName(Path.GetDirectoryName(photo.Key)) ?? "")),
                new XElement("filename", Clean(Path.GetFileName(photo.Key))),
                new XElement("source", new XElement("annotation", Annotator)),
                new XElement("size", new XElement("width", width), new XElement("height", height), new XElement("depth", 3)),
                new XElement("segmented", 0),
                photo.Select(ToElement));
            using var stream = new MemoryStream();
            using (var writer = XmlWriter.Create(stream, Settings))
            {
                root.Save(writer);
            }

            yield return new AnnotationFile(Path.GetFileNameWithoutExtension(photo.Key) + ".xml", stream.ToArray());
        }
    }

    /// <summary>Whether this module wrote a file.</summary>
    public static bool IsOwn(string path)
    {
        try
        {
            using FileStream stream = FileStatus.OpenRead(path);
            using var reader = XmlReader.Create(
                stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XElement.Load(reader).Element("source")?.Element("annotation")?.Value == Annotator;
        }
        catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether a file that this module wrote is of the photo that another content is of: one of that name in such a folder.</summary>
    /// <param name="path">The full path of the file.</param>
    /// <param name="content">The other content.</param>
    public static bool IsOfPhotoOf(string path, byte[] content)
    {
        using FileStream file = FileStatus.OpenRead(path);
        using var other = new MemoryStream(content);
        return PhotoOf(file) == PhotoOf(other);
    }

    private static (string? Folder, string? Name) PhotoOf(Stream stream)
    {
        using var reader = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        XElement root = XElement.Load(reader);
        return (root.Element("folder")?.Value, root.Element("filename")?.Value);
    }

    public static IEnumerable<CamAnnotation> Read(string path)
    {
        try
        {
            using FileStream stream = FileStatus.OpenRead(path);
            using var reader = XmlReader.Create(
                stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            XElement root = XElement.Load(reader);
            string name = Text(root, "filename");
            XElement? size = root.Element("size");
            return
            [
                .. root.Elements("object").Select(found =>
                {
                    XElement box = found.Element("bndbox") ?? throw new FormatException("An object has no bndbox.");
                    (double left, double top) = (Number(box, "xmin") - 1, Number(box, "ymin") - 1);
                    (double right, double bottom) = (Number(box, "xmax"), Number(box, "ymax"));
                    if (right <= left || bottom <= top)
                    {
                        throw new FormatException("xmax must not be smaller than xmin, nor ymax than ymin.");
                    }

                    return new CamAnnotation
                    {
                        Path = name,
                        Label = Text(found, "name"),
                        ClassIndex = found.Element("class_index") is null ? -1 : (int)Number(found, "class_index"),
                        Left = left,
                        Top = top,
                        Width = right - left,
                        Height = bottom - top,
                        PhotoWidth = size is null ? 0 : (int)Number(size, "width"),
                        PhotoHeight = size is null ? 0 : (int)Number(size, "height"),
                        Score = found.Element("score") is null ? null : Number(found, "score"),
                    };
                }),
            ];
        }
        catch (Exception e) when (e is XmlException or FormatException)
        {
            throw new InvalidDataException($"'{path}' is no Pascal VOC file: {e.Message}", e);
        }
    }

    private static XElement ToElement(CamAnnotation annotation) => new(
        "object",
        new XElement("name", Clean(annotation.Label)),
        new XElement("pose", "Unspecified"),
        new XElement("truncated", 0),
        new XElement("difficult", 0),
        new XElement(
            "bndbox",
            new XElement("xmin", annotation.Left + 1),
            new XElement("ymin", annotation.Top + 1),
            new XElement("xmax", annotation.Left + annotation.Width),
            new XElement("ymax", annotation.Top + annotation.Height)),
        annotation.ClassIndex < 0 ? null : new XElement("class_index", annotation.ClassIndex),
        annotation.Score is null ? null : new XElement("score", annotation.Score));

    // XML has no place for most control characters.
    private static string Clean(string text) => ShownText.Of(text);

    private static string Text(XElement parent, string name) =>
        parent.Element(name)?.Value ?? throw new FormatException($"There is no {name}.");

    private static double Number(XElement parent, string name) =>
        double.TryParse(Text(parent, name), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw new FormatException($"{name} is '{Text(parent, name)}' and not a number.");
}
