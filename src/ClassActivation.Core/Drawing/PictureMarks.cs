using System.Reflection;
using System.Text;
using System.Xml;
using ClassActivation.Identity;
using ClassActivation.Maps;
using ClassActivation.Photos;
using ClassActivation.Photos.Containers;

namespace ClassActivation.Drawing;

/// <summary>Writes and reads the marks in pictures: a description in the XMP packet of a JPEG, PNG or WebP.</summary>
internal static class PictureMarks
{
    private const string Namespace = "urn:classactivation:picture";
    private const string RdfNamespace = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    private const string ShownElement = "Shown";
    private const string XmpNamespace = "adobe:ns:meta/";

    private static readonly byte[] NamespaceBytes = Encoding.UTF8.GetBytes(Namespace);

    /// <summary>The picture's file with a mark; its pixels stay as they are.</summary>
    /// <param name="picture">A whole JPEG, PNG or WebP.</param>
    /// <param name="mark">What the picture shows.</param>
    /// <param name="profile">The colour profile that its pixels are meant in; null for none.</param>
    public static byte[] Write(ReadOnlySpan<byte> picture, PictureMark mark, byte[]? profile = null)
    {
        byte[] xmp = ToXmp(mark);
        return PictureContainers.With(
            picture, xmp: xmp.Length <= PictureMetadata.LongestXmp ? xmp : ToXmp(mark with { Shown = [] }), icc: profile);
    }

    /// <summary>A picture's file with a mark.</summary>
    /// <param name="picture">The picture, no larger than the format can hold.</param>
    /// <param name="format">The format.</param>
    /// <param name="quality">The quality of JPEG and WebP, 1 to 100.</param>
    /// <param name="mark">What the picture shows.</param>
    /// <param name="profile">The colour profile that its pixels are meant in; null for none.</param>
    public static byte[] Encode(Photo picture, PictureFormat format, int quality, PictureMark mark, byte[]? profile = null)
    {
        using var encoded = new MemoryStream();
        PhotoEncoder.Encode(picture, format, quality, encoded);
        return Write(encoded.GetBuffer().AsSpan(0, (int)encoded.Length), mark, profile);
    }

    /// <summary>An overlay's file, with the mark that says what it shows and the colour profile of its photo.</summary>
    /// <param name="picture">The picture, no larger than the format can hold.</param>
    /// <param name="format">The format.</param>
    /// <param name="quality">The quality of JPEG and WebP, 1 to 100.</param>
    /// <param name="map">The map that it shows.</param>
    /// <param name="photo">Where the photo's bytes are.</param>
    /// <exception cref="PhotoException">The photo cannot be read.</exception>
    public static byte[] EncodeOverlay(Photo picture, PictureFormat format, int quality, ClassActivationMap map, PhotoSource photo) =>
        Encode(
            picture, format, quality, PictureMark.Of(PictureKind.Overlay, map) with { PhotoHash = photo.HashContent() },
            photo.ReadProfile());

    /// <summary>The mark of a picture file; null where it has none, is no picture, or cannot be read.</summary>
    public static PictureMark? TryRead(string path)
    {
        try
        {
            using FileStream stream = FileStatus.OpenShared(path);
            return Read(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>The mark of a picture; null where it has none.</summary>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static PictureMark? Read(Stream picture) =>
        PictureContainers.Read(picture, PictureParts.Xmp).Xmp is { } xmp && xmp.AsSpan().IndexOf(NamespaceBytes) >= 0 ? FromXmp(xmp) : null;

    /// <summary>A mark as an XMP packet.</summary>
    internal static byte[] ToXmp(PictureMark mark)
    {
        using var packet = new MemoryStream();
        var settings = new XmlWriterSettings { Encoding = new UTF8Encoding(false), OmitXmlDeclaration = true, CheckCharacters = false };
        using (XmlWriter writer = XmlWriter.Create(packet, settings))
        {
            writer.WriteStartElement("x", "xmpmeta", XmpNamespace);
            writer.WriteStartElement("rdf", "RDF", RdfNamespace);
            writer.WriteStartElement("rdf", "Description", RdfNamespace);
            writer.WriteAttributeString("rdf", "about", RdfNamespace, "");
            WriteAttributes(writer, Values(mark));
            WriteShown(writer, mark.Shown);
            writer.WriteEndElement();
            writer.WriteEndElement();
            writer.WriteEndElement();
        }

        return packet.ToArray();
    }

    private static void WriteShown(XmlWriter writer, IReadOnlyList<PictureMark> shown)
    {
        if (shown.Count == 0)
        {
            return;
        }

        // What all maps have in common is said once.
        List<Dictionary<string, string>> maps = [.. shown.Select(Values)];
        var common = maps[0].Where(pair => maps.TrueForAll(map => map.GetValueOrDefault(pair.Key) == pair.Value)).ToDictionary();
        writer.WriteStartElement("cam", ShownElement, Namespace);
        writer.WriteStartElement("rdf", "Seq", RdfNamespace);
        foreach (Dictionary<string, string> map in maps.Prepend(common))
        {
            writer.WriteStartElement("rdf", "li", RdfNamespace);
            WriteAttributes(writer, ReferenceEquals(map, common) ? map : map.Where(pair => !common.ContainsKey(pair.Key)));
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private static Dictionary<string, string> Values(PictureMark mark)
    {
        var values = new Dictionary<string, string>();
        Add(mark);
        if (mark.Question is not null)
        {
            Add(mark.Question);
        }

        return values;

        void Add<T>(T record)
            where T : class, new()
        {
            foreach (PropertyInfo property in FlatRecord<T>.Properties)
            {
                string text = FlatRecord<T>.ToText(property.GetValue(record));
                if (text.Length > 0)
                {
                    values.Add(property.Name, text);
                }
            }
        }
    }

    private static void WriteAttributes(XmlWriter writer, IEnumerable<KeyValuePair<string, string>> values)
    {
        foreach ((string name, string text) in values)
        {
            // XML has no place for control characters, which a file's name may hold.
            writer.WriteAttributeString("cam", name, Namespace, Uri.EscapeDataString(text));
        }
    }

    private static PictureMark? FromXmp(byte[] xmp)
    {
        try
        {
            using XmlReader reader = XmlReader.Create(
                new MemoryStream(xmp),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CheckCharacters = false });
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element && reader.GetAttribute(nameof(PictureMark.Kind), Namespace) is not null)
                {
                    PictureMark mark = Read(Attributes(reader));
                    return mark.Kind == PictureKind.Sheet ? mark with { Shown = ReadShown(reader) } : mark;
                }
            }
        }
        catch (Exception e) when (e is XmlException or FormatException)
        {
            // No mark of this module, or one that was changed by hand.
        }

        return null;
    }

    private static List<PictureMark> ReadShown(XmlReader reader)
    {
        Dictionary<string, string>? common = null;
        var shown = new List<PictureMark>();
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element || reader.LocalName != "li" || reader.NamespaceURI != RdfNamespace)
            {
                continue;
            }

            Dictionary<string, string> values = Attributes(reader);
            if (common is null)
            {
                common = values;
                continue;
            }

            foreach ((string name, string text) in common)
            {
                values.TryAdd(name, text);
            }

            shown.Add(Read(values));
        }

        return shown;
    }

    private static Dictionary<string, string> Attributes(XmlReader reader)
    {
        var values = new Dictionary<string, string>();
        for (bool isThere = reader.MoveToFirstAttribute(); isThere; isThere = reader.MoveToNextAttribute())
        {
            if (reader.NamespaceURI == Namespace)
            {
                values[reader.LocalName] = Uri.UnescapeDataString(reader.Value);
            }
        }

        reader.MoveToElement();
        return values;
    }

    private static PictureMark Read(Dictionary<string, string> values)
    {
        PictureMark mark = Read<PictureMark>(values);
        return values.ContainsKey(nameof(CamQuestion.Model)) ? mark with { Question = Read<CamQuestion>(values) } : mark;
    }

    private static T Read<T>(Dictionary<string, string> values)
        where T : class, new() =>
        FlatRecord<T>.Read(FlatRecord<T>.Properties.Where(property => values.ContainsKey(property.Name)), name => values[name]);
}
