using System.IO.Compression;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace ClassActivation.Report;

/// <summary>Tells the reports that this module wrote from other files: by a page's generator, and a workbook's author.</summary>
internal static class ReportMark
{
    /// <summary>The author that workbooks name.</summary>
    public const string Author = "ClassActivation";

    private const string Generator = "<meta name=\"generator\" content=\"ClassActivation\">";
    private const string DublinCore = "http://purl.org/dc/elements/1.1/";

    // It stands at the start of a page, before whatever people wrote.
    private const int PageStart = 1024;

    private const int LongestProperties = 1 << 16;

    /// <summary>Whether this module wrote a page.</summary>
    /// <param name="path">The full path of a file.</param>
    public static bool IsPage(string path)
    {
        try
        {
            using FileStream stream = FileStatus.OpenShared(path);
            var start = new byte[PageStart];
            int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            return Encoding.UTF8.GetString(start, 0, read).Contains(Generator, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether this module wrote a workbook.</summary>
    /// <param name="path">The full path of a file.</param>
    public static bool IsWorkbook(string path)
    {
        try
        {
            using FileStream stream = FileStatus.OpenShared(path);
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
            if (archive.GetEntry("docProps/core.xml") is not { Length: <= LongestProperties } entry)
            {
                return false;
            }

            using Stream properties = entry.Open();
            using var reader = XmlReader.Create(
                properties, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XElement.Load(reader).Element(XName.Get("creator", DublinCore))?.Value == Author;
        }
        catch (Exception e) when (
            e is IOException or UnauthorizedAccessException or InvalidDataException or XmlException or NotSupportedException)
        {
            return false;
        }
    }
}
