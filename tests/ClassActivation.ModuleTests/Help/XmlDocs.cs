using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ClassActivation.ModuleTests.Help;

/// <summary>The summaries that the compiler took from the sources of the module's assemblies, as plain text.</summary>
internal sealed partial class XmlDocs
{
    private readonly Dictionary<string, XElement> _summaries;

    /// <param name="folder">The folder of the assemblies and the XML files beside them.</param>
    public XmlDocs(string folder) => _summaries = Directory.EnumerateFiles(folder, "ClassActivation.*.xml")
        .SelectMany(static file => XDocument.Load(file).Descendants("member"))
        .Where(static member => member.Element("summary") is not null)
        // What the compiler generates is in every assembly that has it.
        .DistinctBy(static member => member.Attribute("name")!.Value)
        .ToDictionary(
            static member => member.Attribute("name")!.Value, static member => member.Element("summary")!, StringComparer.Ordinal);

    /// <summary>The summary of a type or member; null where there is none.</summary>
    /// <param name="id">The id of the compiler's, such as <c>T:Namespace.Type</c>.</param>
    public string? Find(string id) =>
        _summaries.TryGetValue(id, out XElement? summary) ? Space().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim() : null;

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        // A reference to a member stands for its name.
        XElement { Name.LocalName: "see" or "paramref" } reference => reference.Attributes().First().Value.Split('.', ':')[^1],
        XElement element => string.Concat(element.Nodes().Select(Text)),
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
