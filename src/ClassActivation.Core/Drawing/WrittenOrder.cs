using System.Globalization;
using System.Text;

namespace ClassActivation.Drawing;

/// <summary>
/// Brings a line of text into the order in which it stands from left to right: what is written from right to left is turned
/// round, within a line that goes from left to right (Unicode Standard Annex 9, without its explicit marks), and Arabic
/// letters take the forms in which they join. Scripts that need more are the business of <see cref="TextShaper"/>.
/// </summary>
internal static class WrittenOrder
{
    private const string Opening = "([{<«‹", Closing = ")]}>»›";

    private static readonly Lazy<Dictionary<string, string[]>> JoiningForms = new(ReadJoiningForms);

    /// <summary>The text as it stands from left to right.</summary>
    /// <param name="text">One line, in the order in which it is read.</param>
    /// <param name="hasGlyph">Whether there is a font for a character.</param>
    public static string Of(string text, Func<Rune, bool> hasGlyph)
    {
        if (!text.EnumerateRunes().Any(IsRightToLeft))
        {
            return text;
        }

        string[] letters = Joined([.. Elements(text)], hasGlyph);
        var line = new StringBuilder(text.Length);
        for (int at = 0; at < letters.Length;)
        {
            int end = EndOfRun(letters, at);
            if (end == at)
            {
                line.Append(letters[at++]);
                continue;
            }

            line.AppendJoin("", TurnedRound(letters[at..end]));
            at = end;
        }

        return line.ToString();
    }

    // A letter with the marks that stand on it.
    private static IEnumerable<string> Elements(string text)
    {
        TextElementEnumerator elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            yield return elements.GetTextElement();
        }
    }

    // From a letter of such a script to the last one, or the last number behind one, before a letter of another script.
    private static int EndOfRun(string[] letters, int start)
    {
        int end = start;
        for (int i = start; i < letters.Length && (i > start || IsRightToLeft(First(letters[i]))) && !IsLeftToRight(First(letters[i])); i++)
        {
            end = IsRightToLeft(First(letters[i])) || Rune.IsDigit(First(letters[i])) ? i + 1 : end;
        }

        return end;
    }

    private static IEnumerable<string> TurnedRound(string[] run)
    {
        for (int last = run.Length - 1; last >= 0;)
        {
            int first = StartOfNumber(run, last);
            for (int i = first; i <= last; i++)
            {
                yield return Mirrored(run[i]);
            }

            last = first - 1;
        }
    }

    // Numbers go from left to right in all scripts; a single sign between two digits is part of them.
    private static int StartOfNumber(string[] run, int last)
    {
        int first = last;
        while (Rune.IsDigit(First(run[first])) && first > 0)
        {
            if (Rune.IsDigit(First(run[first - 1])))
            {
                first--;
            }
            else if (first > 1 && run[first - 1] is "." or "," or ":" or "/" && Rune.IsDigit(First(run[first - 2])))
            {
                first -= 2;
            }
            else
            {
                break;
            }
        }

        return first;
    }

    private static string Mirrored(string letter) =>
        Opening.IndexOf(letter, StringComparison.Ordinal) is var o and >= 0 ? Closing[o].ToString()
        : Closing.IndexOf(letter, StringComparison.Ordinal) is var c and >= 0 ? Opening[c].ToString()
        : letter;

    private static string[] Joined(string[] letters, Func<Rune, bool> hasGlyph)
    {
        var joined = new List<string>(letters.Length);
        bool joinsBefore = false;
        for (int i = 0; i < letters.Length; i++)
        {
            string letter = Base(letters[i]);
            string marks = letters[i][letter.Length..];
            bool isLigature = marks.Length == 0 && i + 1 < letters.Length && JoiningForms.Value.ContainsKey(letter + Base(letters[i + 1]));
            if (isLigature)
            {
                i++;
                marks = letters[i][Base(letters[i]).Length..];
                letter += Base(letters[i]);
            }

            string[] forms = JoiningForms.Value.GetValueOrDefault(letter, []);
            bool joinsBehind = forms.Length == 4
                && i + 1 < letters.Length
                && JoiningForms.Value.GetValueOrDefault(Base(letters[i + 1]), []).Length >= 2;
            int form = (joinsBefore ? 1 : 0) + (joinsBehind ? 2 : 0);
            joined.Add((form < forms.Length && hasGlyph(First(forms[form])) ? forms[form] : letter) + marks);
            joinsBefore = joinsBehind;
        }

        return [.. joined];
    }

    // Unicode keeps each letter in the forms that stand alone, at the end, at the start and in the middle, in this order.
    private static Dictionary<string, string[]> ReadJoiningForms()
    {
        try
        {
            IEnumerable<(string Letter, string Form)> forms = Range(0xFE80, 0xFEFC)
                .Select(static form => (form.Normalize(NormalizationForm.FormKC), form));
            var byLetter = forms.GroupBy(static pair => pair.Letter, static pair => pair.Form)
                .ToDictionary(static group => group.Key, static group => group.ToArray());
            foreach (IGrouping<string, string> group
                in Range(0xFB50, 0xFBB1).GroupBy(static form => form.Normalize(NormalizationForm.FormKC)))
            {
                byLetter.TryAdd(group.Key, [.. group]);
            }

            return byLetter;
        }
        catch (PlatformNotSupportedException)
        {
            // Without the system's tables letters stand alone.
            return [];
        }
    }

    private static IEnumerable<string> Range(int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(char.ConvertFromUtf32);

    private static string Base(string letter) => First(letter).ToString();

    private static Rune First(string letter) => Rune.GetRuneAt(letter, 0);

    private static bool IsRightToLeft(Rune rune) => Rune.IsLetter(rune)
        && rune.Value is (>= 0x0590 and <= 0x08FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFF) or (>= 0x10800 and <= 0x10FFF)
            or (>= 0x1E800 and <= 0x1EFFF);

    private static bool IsLeftToRight(Rune rune) => Rune.IsLetter(rune) && !IsRightToLeft(rune);
}
