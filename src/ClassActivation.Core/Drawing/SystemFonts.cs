using SkiaSharp;

namespace ClassActivation.Drawing;

/// <summary>
/// The fonts in the system's folders, for where Skia knows no font manager: on Linux it is built without one, so that the
/// module needs no library of the system's.
/// </summary>
internal static class SystemFonts
{
    // More are looked through in no useful time, and hold the same scripts again.
    private const int MostFiles = 2000;

    private static readonly Lazy<List<string>> Files = new(FindFiles);
    private static readonly List<SKTypeface> Opened = [];
    private static int _next;

    /// <summary>A font that has a character; null where there is none.</summary>
    public static SKTypeface? For(int codepoint)
    {
        lock (Opened)
        {
            if (Opened.Find(typeface => HasGlyph(typeface, codepoint)) is { } known)
            {
                return known;
            }

            while (_next < Files.Value.Count)
            {
                if (SKTypeface.FromFile(Files.Value[_next++]) is { } typeface)
                {
                    Opened.Add(typeface);
                    if (HasGlyph(typeface, codepoint))
                    {
                        return typeface;
                    }
                }
            }

            return null;
        }
    }

    private static bool HasGlyph(SKTypeface typeface, int codepoint)
    {
        using var font = new SKFont(typeface);
        return font.ContainsGlyph(codepoint);
    }

    private static List<string> FindFiles()
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string[] folders =
        [
            "/usr/share/fonts",
            "/usr/local/share/fonts",
            Path.Combine(home, ".local", "share", "fonts"),
            Path.Combine(home, ".fonts"),
        ];
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, MaxRecursionDepth = 8 };
        // Upright and regular ones first.
        return
        [
            .. folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*", options))
                .Where(static file => Path.GetExtension(file).ToUpperInvariant() is ".TTF" or ".OTF" or ".TTC")
                .Take(MostFiles)
                .OrderBy(static file => file.Contains("Bold", StringComparison.OrdinalIgnoreCase)
                    || file.Contains("Italic", StringComparison.OrdinalIgnoreCase)
                    || file.Contains("Oblique", StringComparison.OrdinalIgnoreCase))
                .ThenBy(static file => file, StringComparer.Ordinal),
        ];
    }
}
