using System.Text;
using ClassActivation.Drawing;
using ClassActivation.Identity;
using ClassActivation.Localization;
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

    // There are about as many formats of photos.
    private const int MostOfOneName = 9;

    private static readonly HashSet<char> Forbidden = [.. "\"<>|:*?\\/%"];

    private static readonly HashSet<char> ForbiddenHere = [.. Path.GetInvalidFileNameChars(), '/', '\\'];

    private static readonly HashSet<string> Devices = new(
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", .. "123456789¹²³".SelectMany(static n => new[] { $"COM{n}", $"LPT{n}" })],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The names that a map's picture may have, of which its own is the first that no other picture has: the plain one;
    /// with digits of the photo's folder, where a photo of that name in another folder or another format has the plain one,
    /// and a number where there are several such; with digits of all, for names that were shortened or cleaned into the same.
    /// </summary>
    /// <remarks>
    /// No name tells the photo's format: which of two photos of one folder has the plain name follows from the marks that lie
    /// there, and all that such photos leave have the same names, whatever the order.
    /// </remarks>
    /// <param name="map">The map.</param>
    /// <param name="extension">The name's end, without the dot.</param>
    /// <param name="kind">Tells pictures of one map apart.</param>
    /// <param name="look">What tells apart how they are drawn, in words.</param>
    /// <param name="region">A region that they show; null for none.</param>
    public static IReadOnlyList<string> For(
        ClassActivationMap map, string extension, string kind = "cam", IReadOnlyList<string>? look = null, CamRegion? region = null)
    {
        string photo = PhotoName(map.Photo);
        string end =
            $"{string.Concat(Parts(map, region).Concat((look ?? []).Select(Words)).Select(static part => '.' + part))}.{kind}.{extension}";
        if (Length(end) > LongestEnd)
        {
            string tail = $".{kind}.{extension}";
            end = $".{Shortened(end[1..^tail.Length], LongestEnd - tail.Length, end)}{tail}";
        }

        string folder = PictureMark.FolderHash(map.Photo);
        string all = PictureMark.HashOf(Path.GetFileName(map.Path) + PictureMark.Marked(map.Question).ToKey(), 8);
        IEnumerable<string> suffixes =
        [
            "", $"-{folder}", .. Enumerable.Range(2, MostOfOneName - 2).Select(number => $"-{folder}-{number}"), $"-{folder}-{all}"
        ];
        return
        [
            .. suffixes.Select(
                suffix => Shortened(photo, LongestName - Length(end) - Length(suffix), Path.GetFileName(map.Path)) + suffix + end)
        ];
    }

    private static IEnumerable<string> Parts(ClassActivationMap map, CamRegion? region)
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

        foreach (string words in PictureWords.OfQuestion(question, region))
        {
            yield return Words(words);
        }

        if (question.Reference.Length > 0
            && CamQuestion.Parse(question.Reference) is var reference
            && QuestionWords.Differing(question, reference).Any())
        {
            IReadOnlyList<string> others = QuestionWords.Of(reference);
            yield return Words($"minus {(others.Count == 0 ? "plain" : string.Join('+', others))}");
        }
    }

    private static string Words(string text) =>
        Shortened(
            FileNameOf(text.Replace(", ", "+", StringComparison.Ordinal).Replace(',', '+'), Forbidden).Replace(' ', '-').Replace('.', '_'),
            LongestWords,
            text);

    // A photo from memory may have any name, and one from a file what another system allows.
    private static string PhotoName(PhotoIdentity photo)
    {
        string name = FileNameOf(Path.GetFileNameWithoutExtension(photo.Path), ForbiddenHere);
        string device = name.Split('.')[0].TrimEnd();
        return name.Length == 0 ? "photo" : Devices.Contains(device) ? $"_{name}" : name;
    }

    private static string LabelName(string label) =>
        Shortened(FileNameOf(label, Forbidden).Replace(' ', '_').Replace('.', '_'), LongestLabel, label);

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
