namespace ClassActivation;

/// <summary>Where files really lie, whatever links lead to them.</summary>
internal static class FilePlace
{
    // A circle of links leads nowhere.
    private const int MostLinks = 40;

    /// <summary>
    /// Where a file lies that is written to a path: its folder's links are followed, and its own, which is replaced, is not.
    /// </summary>
    /// <param name="path">The full path.</param>
    public static string Of(string path) =>
        Path.GetDirectoryName(path) is { } folder ? Path.Combine(Followed(folder, MostLinks), Path.GetFileName(path)) : path;

    /// <summary>The places that must stay as they are for a file to stay: its own, and that of what it is a link to.</summary>
    /// <param name="path">The full path.</param>
    public static IEnumerable<string> Needed(string path) => [Of(path), Followed(path, MostLinks)];

    /// <summary>Whether a file lies in a folder, or in one below it.</summary>
    public static bool IsBelow(string file, string folder) =>
        Followed(file, MostLinks)
            .StartsWith(Path.TrimEndingDirectorySeparator(Followed(folder, MostLinks)) + Path.DirectorySeparatorChar, FilePaths.Comparison);

    /// <summary>
    /// What to say of a folder or file that cannot be made, where that is because of a file above it; null where it is not.
    /// </summary>
    public static string? ObstacleAbove(string path) =>
        FileAbove(path) is { } file ? $"'{file}' is a file, where a folder is to be for '{path}'." : null;

    /// <summary>The part of a path above its last that is a file, where folders are to be; null where there is none.</summary>
    public static string? FileAbove(string path)
    {
        string? above = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(path));
        while (above is not null && !Path.Exists(above))
        {
            above = Path.GetDirectoryName(above);
        }

        return File.Exists(above) ? above : null;
    }

    private static string Followed(string path, int links)
    {
        if (Path.GetDirectoryName(path) is not { } folder)
        {
            return path;
        }

        string place = Path.Combine(Followed(folder, links), Path.GetFileName(path));
        try
        {
            return links > 0 && new FileInfo(place).LinkTarget is { } target
                ? Followed(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(place)!, target)), links - 1)
                : place;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return place;
        }
    }
}
