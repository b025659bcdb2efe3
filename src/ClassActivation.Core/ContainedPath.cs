namespace ClassActivation;

/// <summary>Files that another file names by a relative path, which must not lead out of its folder.</summary>
internal static class ContainedPath
{
    // As many as operating systems follow.
    private const int LinkLimit = 40;

    /// <summary>
    /// The full path of a file that is named relative to a folder; null where the name is none for every operating
    /// system, or leads out of the folder, be it by a symbolic link. The file need not exist.
    /// </summary>
    /// <param name="folder">The folder's full path.</param>
    /// <param name="name">The name, taken as it stands: nothing in it is expanded or decoded.</param>
    /// <param name="realFolder">Another folder that links may lead to; null for none.</param>
    public static string? Resolve(string folder, string name, string? realFolder = null)
    {
        bool isRelative = name.Length > 0
            && name[0] is not ('/' or '\\')
            && !(name.Length > 1 && name[1] == ':')
            && !(OperatingSystem.IsWindows() && name.Contains(':', StringComparison.Ordinal))
            && name.AsSpan().IndexOfAny('\0', '*', '?') < 0
            && !name.Split('/', '\\').Contains("..");
        if (!isRelative)
        {
            return null;
        }

        string path = Path.GetFullPath(Path.Combine(folder, name));
        try
        {
            string real = RealPath(path);
            return IsInside(RealPath(folder)) || (realFolder is not null && IsInside(RealPath(realFolder))) ? path : null;

            bool IsInside(string parent) =>
                real.StartsWith(Path.TrimEndingDirectorySeparator(parent) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A full path with all symbolic links in it followed.</summary>
    /// <exception cref="IOException">The links go round in circles.</exception>
    public static string RealPath(string path)
    {
        int links = 0;
        string root = Path.GetPathRoot(path)!;
        string real = root;
        Stack<string> parts = [];
        Push(path[root.Length..]);
        while (parts.TryPop(out string? part))
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }

            string next = Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > LinkLimit)
            {
                throw new IOException($"The symbolic links of '{path}' go round in circles.");
            }

            if (Path.IsPathRooted(target))
            {
                real = root = Path.GetPathRoot(Path.GetFullPath(target))!;
                target = Path.GetFullPath(target)[root.Length..];
            }

            Push(target);
        }

        return real;

        void Push(string relative)
        {
            string[] names = relative.Split(
                [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
            foreach (string name in names.Where(static name => name != ".").Reverse())
            {
                parts.Push(name);
            }
        }
    }
}
