using ClassActivation.Explanation;

namespace ClassActivation.Commands;

/// <summary>
/// Gives each map a file name of its own: <c>photo.label.cam.jpg</c>, or <c>photo.label.method.cam.jpg</c> for methods but CAM. A second photo (or network, or setting) that would take a
/// name already given in this process gets a number behind it, so that no picture silently replaces another's.
/// </summary>
internal sealed class PictureNames
{
    private static readonly Dictionary<string, string> Given = new(
        OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<char> Forbidden = [.. "\"<>|:*?\\/%", .. Enumerable.Range(0, 32).Select(static c => (char)c)];

    /// <summary>The full path for a map's picture; <paramref name="kind"/> tells pictures of one map apart.</summary>
    public static string PathFor(ClassActivationMap map, string folder, string extension, string kind = "cam")
    {
        string method = map.Method == CamMethod.Cam ? "" : $".{map.Method}";
        string stem = $"{Path.GetFileNameWithoutExtension(map.Path)}.{FileNameOf(map.Label)}{method}";
        string identity = string.Join('\n', map.Path, map.ClassIndex, map.WordNetId, map.Contrast, map.Method, map.Scale, map.Flip, map.Model);
        lock (Given)
        {
            for (int number = 1; ; number++)
            {
                string suffix = number == 1 ? "" : $"-{number}";
                string path = Path.Combine(folder, $"{stem}{suffix}.{kind}.{extension}");
                if (!Given.TryGetValue(path, out string? owner))
                {
                    Given.Add(path, identity);
                    return path;
                }

                if (owner == identity)
                {
                    return path;
                }
            }
        }
    }

    private static string FileNameOf(string label) =>
        string.Concat(label.Select(static c => Forbidden.Contains(c) || c == ' ' ? '_' : c));
}
