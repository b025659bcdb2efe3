using System.Reflection;
using System.Text;
using System.Xml;
using ClassActivation.Identity;
using ClassActivation.Photos.Containers;

namespace ClassActivation.Drawing;

/// <summary>Writes and reads the marks in pictures: a description in the XMP packet of a JPEG, PNG or WebP.</summary>
internal static class PictureMarks
{
    private const string Namespace = "urn:classactivation:picture";
    private const string RdfNamespace = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    private const string XmpNamespace = "adobe:ns:meta/";

    private static readonly byte[] NamespaceBytes = Encoding.UTF8.GetBytes(Namespace);

    /// <summary>The picture's file with a mark; its pixels stay as they are.</summary>
    /// <param name="picture">A whole JPEG, PNG or WebP.</param>
    /// <param name="mark">What the picture shows.</param>
    /// <param name="profile">The colour profile that its pixels are meant in; null for none.</param>
    public static byte[] Write(ReadOnlySpan<byte> picture, PictureMark mark, byte[]? profile = null) =>
        PictureContainers.With(picture, xmp: ToXmp(mark), icc: profile);

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
        using (XmlWriter writer = XmlWriter.Create(packet, new XmlWriterSettings { Encoding = new UTF8Encoding(false), OmitXmlDeclaration = true, CheckCharacters = false }))
        {
            writer.WriteStartElement("x", "xmpmeta", XmpNamespace);
            writer.WriteStartElement("rdf", "RDF", RdfNamespace);
            writer.WriteStartElement("rdf", "Description", RdfNamespace);
            writer.WriteAttributeString("rdf", "about", RdfNamespace, "");
            Write(writer, mark);
            if (mark.Question is not null)
            {
                Write(writer, mark.Question);
            }

            writer.WriteEndElement();
            writer.WriteEndElement();
            writer.WriteEndElement();
        }

        return packet.ToArray();
    }

    private static void Write<T>(XmlWriter writer, T record)
        where T : class, new()
    {
        foreach (PropertyInfo property in FlatRecord<T>.Properties)
        {
            string text = FlatRecord<T>.ToText(property.GetValue(record));
            if (text.Length > 0)
            {
                // XML has no place for control characters, which a file's name may hold.
                writer.WriteAttributeString("cam", property.Name, Namespace, Uri.EscapeDataString(text));
            }
        }
    }

    private static PictureMark? FromXmp(byte[] xmp)
    {
        try
        {
            using XmlReader reader = XmlReader.Create(
                new MemoryStream(xmp), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CheckCharacters = false });
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element && reader.GetAttribute(nameof(PictureMark.Kind), Namespace) is not null)
                {
                    PictureMark mark = Read<PictureMark>(reader);
                    return reader.GetAttribute(nameof(CamQuestion.Model), Namespace) is null ? mark : mark with { Question = Read<CamQuestion>(reader) };
                }
            }
        }
        catch (Exception e) when (e is XmlException or FormatException)
        {
            // No mark of this module, or one that was changed by hand.
        }

        return null;
    }

    private static T Read<T>(XmlReader reader)
        where T : class, new() =>
        FlatRecord<T>.Read(
            FlatRecord<T>.Properties.Where(property => reader.GetAttribute(property.Name, Namespace) is not null),
            name => Uri.UnescapeDataString(reader.GetAttribute(name, Namespace)!));
}
