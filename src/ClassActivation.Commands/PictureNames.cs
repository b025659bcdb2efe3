using System.Text;
using ClassActivation.Drawing;
using ClassActivation.Identity;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>
/// Names pictures after what they show and where their photo lies, and after nothing else: the same in every process, in
/// whatever order. <c>photo.label.cam.jpg</c>, with words for what differs from the plain question.
/// </summary>
internal static class PictureNames
{
    // File systems allow 255 bytes or characters.
    private const int LongestName = 240;
    private const int LongestEnd = 170;
    private const int LongestLabel = 80;
    private const int LongestWords = 60;

    private static readonly HashSet<char> Forbidden = [.. "\"<>|:*?\\/%"];

    private static readonly HashSet<char> ForbiddenHere = [.. Path.GetInvalidFileNameChars(), '/', '\\'];

    private static readonly HashSet<string> Devices = new(
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", .. "123456789¹²³".SelectMany(static n => new[] { $"COM{n}", $"LPT{n}" })], StringComparer.OrdinalIgnoreCase);

    // Photos that differ only in these are told apart by them.
    private static readonly string[] PhotoExtensions =
        ["", .. new[] { ".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".jfif", ".avif", ".heic" }.SelectMany(static e => new[] { e, e.ToUpperInvariant() })];

    /// <summary>
    /// The names that a map's picture may have, the first that is free being its own: the plain one; with digits of the
    /// photo's folder, where a picture of another photo has that; with digits of the question too, for names that were
    /// shortened or cleaned into the same.
    /// </summary>
    /// <param name="map">The map.</param>
    /// <param name="extension">The name's end, without the dot.</param>
    /// <param name="kind">Tells pictures of one map apart.</param>
    public static IReadOnlyList<string> For(ClassActivationMap map, string extension, string kind = "cam")
    {
        string photo = PhotoName(map.Photo);
        string end = $"{string.Concat(Parts(map).Select(static part => '.' + part))}.{kind}.{extension}";
        if (Length(end) > LongestEnd)
        {
            string tail = $".{kind}.{extension}";
            end = $".{Shortened(end[1..^tail.Length], LongestEnd - tail.Length, end)}{tail}";
        }

        string folder = PictureMark.FolderHash(map.Photo);
        string question = PictureMark.HashOf(PictureMark.Marked(map.Question).ToKey(), 8);
        return [.. new[] { "", $"-{folder}", $"-{folder}-{question}" }.Select(suffix =>
            Shortened(photo, LongestName - Length(end) - Length(suffix), Path.GetFileName(map.Path)) + suffix + end)];
    }

    private static IEnumerable<string> Parts(ClassActivationMap map)
    {
        CamQuestion question = map.Question;
        string label = LabelName(question.Label);
        bool isClear = !question.SharesLabel && !question.IsLikeness && label == question.Label.Replace(' ', '_');
        string which = question.IsConcept ? question.WordNetId
            : question.IsLikeness ? question.SimilarToHash[..8].ToLowerInvariant()
            : $"{question.ClassIndex}";
        yield return isClear || which.Length == 0 ? label : $"{label}-{which}";
        if (question.IsConcept)
        {
            yield return "concept";
        }

        if (map.Photo.Frame > 1)
        {
            yield return $"frame-{map.Photo.Frame}";
        }

        foreach (string words in QuestionWords.Of(question))
        {
            yield return Words(words);
        }

        if (question.Reference.Length > 0 && CamQuestion.Parse(question.Reference) is var reference && QuestionWords.Differing(question, reference).Any())
        {
            IReadOnlyList<string> others = QuestionWords.Of(reference);
            yield return Words($"minus {(others.Count == 0 ? "plain" : string.Join('+', others))}");
        }
    }

    private static string Words(string text) =>
        Shortened(FileNameOf(text.Replace(", ", "+", StringComparison.Ordinal), Forbidden).Replace(' ', '-').Replace('.', '_'), LongestWords, text);

    // A photo from memory may have any name, and one from a file what another system allows.
    private static string PhotoName(PhotoIdentity photo)
    {
        string stem = Path.GetFileNameWithoutExtension(photo.Path);
        string name = FileNameOf(HasSibling(photo, stem) ? Path.GetFileName(photo.Path) : stem, ForbiddenHere);
        string device = name.Split('.')[0].TrimEnd();
        return name.Length == 0 ? "photo" : Devices.Contains(device) ? $"_{name}" : name;
    }

    // Whether a photo of the same name in another format lies beside it.
    private static bool HasSibling(PhotoIdentity photo, string stem)
    {
        if (photo.IsFromMemory || Path.GetDirectoryName(photo.Path) is not { Length: > 0 } folder)
        {
            return false;
        }

        string own = Path.GetFileName(photo.Path);
        return Array.Exists(PhotoExtensions, extension => !own.Equals(stem + extension, FilePaths.Comparison) && File.Exists(Path.Combine(folder, stem + extension)));
    }

    private static string LabelName(string label) => Shortened(FileNameOf(label, Forbidden).Replace(' ', '_').Replace('.', '_'), LongestLabel, label);

    private static int Length(string text) => Encoding.UTF8.GetByteCount(text);

    // What is cut off is told apart by digits of the whole.
    private static string Shortened(string text, int most, string whole)
    {
        if (Length(text) <= most)
        {
            return text;
        }

        var start = new StringBuilder();
        int left = most - 9;
        foreach (Rune rune in text.EnumerateRunes())
        {
            left -= rune.Utf8SequenceLength;
            if (left < 0)
            {
                break;
            }

            start.Append(rune.ToString());
        }

        return $"{start}~{PictureMark.HashOf(whole, 8)}";
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
