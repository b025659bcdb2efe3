namespace ClassActivation;

/// <summary>How paths are compared, and how they are written for other programs.</summary>
/// <remarks>
/// What depends on the system takes the separator of its folders, so that each system's rules can be tried on every other.
/// </remarks>
internal static class FilePaths
{
    private const string LongPath = @"\\?\";
    private const string LongShare = @"\\?\UNC\";

    /// <summary>Whether two paths name one file. macOS and Windows keep the case of names and do not tell them apart by it.</summary>
    public static StringComparer Comparer { get; } = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    /// <summary>As <see cref="Comparer"/>.</summary>
    public static StringComparison Comparison { get; } =
        OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    /// <summary>
    /// A path with slashes between its folders; where these are the separator already, a backslash is a letter and stays.
    /// </summary>
    public static string WithSlashes(string path, char separator) => path.Replace(separator, '/');

    /// <summary>As <see cref="WithSlashes(string, char)"/>, with this system's separator.</summary>
    public static string WithSlashes(string path) => WithSlashes(path, Path.DirectorySeparatorChar);

    /// <summary>
    /// Whether a path, with slashes, is a name or ends in it: <c>/a/b/c.jpg</c> is named by <c>b/c.jpg</c> and not by
    /// <c>xb/c.jpg</c>.
    /// </summary>
    public static bool IsNamedBy(string path, string name, StringComparer comparer) =>
        comparer.Equals(path, name)
        || (path.Length > name.Length && path[^(name.Length + 1)] == '/' && comparer.Equals(path[^name.Length..], name));

    /// <summary>
    /// The address of a file by its full path: <c>file:///C:/a%20b.jpg</c>, <c>file://server/share/a.jpg</c>,
    /// <c>file:///a.jpg</c>.
    /// </summary>
    public static string ToAddress(string path, char separator)
    {
        if (separator == '\\')
        {
            path = path.StartsWith(LongShare, StringComparison.OrdinalIgnoreCase) ? @"\\" + path[LongShare.Length..]
                : path.StartsWith(LongPath, StringComparison.Ordinal) ? path[LongPath.Length..]
                : path;
        }

        string slashed = WithSlashes(path, separator);
        bool isDrive = separator == '\\' && slashed.Length > 1 && slashed[1] == ':';
        string start = slashed.StartsWith("//", StringComparison.Ordinal) && separator == '\\' ? "file:" : isDrive ? "file:///" : "file://";
        string escaped = string.Join('/', slashed.Split('/').Select(Uri.EscapeDataString));
        return start + (isDrive ? $"{slashed[0]}:{escaped[(slashed[0] + "%3A").Length..]}" : escaped);
    }

    /// <summary>As <see cref="ToAddress(string, char)"/>, with this system's separator.</summary>
    public static string ToAddress(string path) => ToAddress(path, Path.DirectorySeparatorChar);
}
