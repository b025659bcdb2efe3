using System.Text;

namespace ClassActivation;

/// <summary>Reads the tab-separated tables that are part of this assembly.</summary>
internal static class EmbeddedTable
{
    /// <summary>The rows of a table without its header, each split at the tabs.</summary>
    public static IEnumerable<string[]> ReadRows(string resourceName)
    {
        using Stream stream = typeof(EmbeddedTable).Assembly.GetManifestResourceStream(resourceName)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            yield return line.Split('\t');
        }
    }
}
