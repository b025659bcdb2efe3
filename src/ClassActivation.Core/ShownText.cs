using System.Text;

namespace ClassActivation;

/// <summary>
/// Names and labels as they are shown in terminals and pictures. Whoever names a file, or makes a network, chooses them
/// freely; control characters among them would move the cursor or change the terminal, and those for the direction of
/// writing would let one name pass for another.
/// </summary>
internal static class ShownText
{
    private const int ControlPictures = 0x2400;
    private const int DeletePicture = 0x2421;

    /// <summary>
    /// The text with a visible sign in place of each character that is none: the sign for a control character (␛ for
    /// escape), or else �. A text without such characters is given back itself.
    /// </summary>
    public static string Of(string text)
    {
        int first = FirstHidden(text);
        if (first < 0)
        {
            return text;
        }

        var shown = new StringBuilder(text, 0, first, text.Length);
        foreach (Rune rune in text.AsSpan(first).EnumerateRunes())
        {
            shown.Append((IsHidden(rune) ? Sign(rune) : rune).ToString());
        }

        return shown.ToString();
    }

    /// <summary>
    /// Whether a character acts instead of being seen: C0 and C1 controls, the marks for the direction of writing, and
    /// the separators of lines and paragraphs.
    /// </summary>
    public static bool IsHidden(Rune rune) =>
        Rune.IsControl(rune)
        || rune.Value is 0x061C or 0x200E or 0x200F or (>= 0x2028 and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    private static int FirstHidden(string text)
    {
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            // A half of a surrogate pair without the other comes as a replacement of another length.
            if (IsHidden(rune) || (rune == Rune.ReplacementChar && text[at] != '\uFFFD'))
            {
                return at;
            }

            at += rune.Utf16SequenceLength;
        }

        return -1;
    }

    private static Rune Sign(Rune rune) => rune.Value switch
    {
        < 0x20 => new Rune(ControlPictures + rune.Value),
        0x7F => new Rune(DeletePicture),
        _ => Rune.ReplacementChar,
    };
}
