using ClassActivation.Drawing;

namespace ClassActivation.Report;

/// <summary>How a page shows a report.</summary>
public sealed record ReportPageOptions
{
    /// <summary>The page's title.</summary>
    public string Title { get; init; } = "Class activation maps";

    /// <summary>When the page was made.</summary>
    public DateTimeOffset Created { get; init; } = DateTimeOffset.Now;

    /// <summary>The colour map that the page starts with.</summary>
    public Colormap Colormap { get; init; } = Colormap.Get("jet");

    /// <summary>The full path of the page's folder, which addresses are relative to.</summary>
    public required string Folder { get; init; }

    /// <summary>The address of a file, as a page in <see cref="Folder"/> names it.</summary>
    /// <param name="path">The file's full path.</param>
    public string AddressOf(string path)
    {
        string relative = Path.GetRelativePath(Folder, path);
        return Path.IsPathFullyQualified(relative)
            ? FilePaths.ToAddress(relative)
            : "./" + string.Join('/', relative.Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));
    }
}
