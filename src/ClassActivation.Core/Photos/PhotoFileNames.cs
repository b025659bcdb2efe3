namespace ClassActivation.Photos;

/// <summary>The extensions of photos' names, for where files are found by their names; what is in a file its content says.</summary>
public static class PhotoFileNames
{
    /// <summary>The extensions of the formats that are always read, each with its dot, the usual ones first.</summary>
    public static IReadOnlyList<string> Extensions { get; } =
    [
        ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff"
    ];

    /// <summary>Those of the formats that the companion module reads, where it is installed.</summary>
    public static IReadOnlyList<string> CompanionExtensions { get; } = [".heic", ".heif", ".hif", ".avif"];

    private static readonly HashSet<string> Usual = new(Extensions, StringComparer.OrdinalIgnoreCase);
    private static readonly HashSet<string> OfCompanion = new(CompanionExtensions, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a name is that of a photo that can be read here.</summary>
    /// <param name="name">The name of a file, with or without its folder.</param>
    public static bool IsPhoto(ReadOnlySpan<char> name)
    {
        string extension = Path.GetExtension(name).ToString();
        return Usual.Contains(extension) || (OfCompanion.Contains(extension) && FurtherFormats.FindCompanion() is not null);
    }

    /// <summary>The paths that a photo may have of which only the name without its extension is known.</summary>
    /// <param name="stem">The path without an extension.</param>
    internal static IEnumerable<string> Candidates(string stem) =>
        Extensions.Concat(CompanionExtensions).SelectMany(extension => new[] { stem + extension, stem + extension.ToUpperInvariant() });
}
