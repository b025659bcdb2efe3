namespace ClassActivation;

/// <summary>Where files really lie, whatever links lead to them.</summary>
internal static class FilePlace
{
    // A circle of links leads nowhere.
    private const int MostLinks = 40;

    /// <summary>Whether a file that is written to one path takes the place of a file at another, or of what that one is a link to.</summary>
    /// <param name="written">The full path that is written to, whose own last link is replaced and not followed.</param>
    /// <param name="existing">The full path of a file.</param>
    public static bool Replaces(string written, string existing)
    {
        string place = PlaceOf(written);
        return FilePaths.Comparer.Equals(place, PlaceOf(existing)) || FilePaths.Comparer.Equals(place, Followed(existing, MostLinks));
    }

    /// <summary>Whether a file lies in a folder, or in one below it.</summary>
    public static bool IsBelow(string file, string folder) =>
        Followed(file, MostLinks).StartsWith(Path.TrimEndingDirectorySeparator(Followed(folder, MostLinks)) + Path.DirectorySeparatorChar, FilePaths.Comparison);

    /// <summary>What to say of a folder or file that cannot be made, where that is because of a file above it; null where it is not.</summary>
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

    private static string PlaceOf(string path) =>
        Path.GetDirectoryName(path) is { } folder ? Path.Combine(Followed(folder, MostLinks), Path.GetFileName(path)) : path;

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
