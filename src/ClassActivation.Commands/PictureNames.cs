using System.Text;
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

    // A file's name has 255 bytes or characters at most; these leave room for the photo's own.
    private const int LongestLabel = 80;

    private static readonly HashSet<char> Forbidden = [.. "\"<>|:*?\\/%"];

    private static readonly HashSet<char> ForbiddenHere = [.. Path.GetInvalidFileNameChars(), '/', '\\'];

    private static readonly HashSet<string> Devices = new(
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", .. "123456789¹²³".SelectMany(static n => new[] { $"COM{n}", $"LPT{n}" })], StringComparer.OrdinalIgnoreCase);

    /// <summary>The full path for a map's picture; <paramref name="kind"/> tells pictures of one map apart.</summary>
    public static string PathFor(ClassActivationMap map, string folder, string extension, string kind = "cam")
    {
        string method = map.Method == CamMethod.Cam ? "" : $".{map.Method}";
        string stem = $"{PhotoName(map.Path)}.{LabelName(map.Label)}{method}";
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

    // A photo from memory may have any name, and one from a file what another system allows.
    private static string PhotoName(string path)
    {
        string name = FileNameOf(Path.GetFileNameWithoutExtension(path), ForbiddenHere);
        string device = name.Split('.')[0].TrimEnd();
        return name.Length == 0 ? "photo" : Devices.Contains(device) ? $"_{name}" : name;
    }

    private static string LabelName(string label)
    {
        string name = FileNameOf(label, Forbidden).Replace(' ', '_');
        return name.Length <= LongestLabel ? name : name[..(char.IsHighSurrogate(name[LongestLabel - 1]) ? LongestLabel - 1 : LongestLabel)];
    }

    private static string FileNameOf(string text, HashSet<char> forbidden)
    {
        var name = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            name.Append(ShownText.IsHidden(rune) || (rune.IsBmp && forbidden.Contains((char)rune.Value)) ? "_" : rune.ToString());
        }

        return name.ToString();
    }
}
