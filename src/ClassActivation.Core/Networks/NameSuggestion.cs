namespace ClassActivation.Networks;

/// <summary>Finds the known names that a text may have meant which is none of them.</summary>
internal static class NameSuggestion
{
    // Of fewer letters, a name with one exchanged is another word: cat, car, hat.
    private const int ShortestMisspelling = 4;

    // What a letter that is wrong costs; names that hold the words cost less.
    private const int Misspelt = 10;

    private static readonly char[] Separators = [' ', '_', '-', '\'', '.', ','];

    /// <summary>The names that hold a text's words whole, the likeliest first, and then those that are spelt like it.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="candidates">Names to show, each with all names of the same thing.</param>
    /// <param name="count">How many names to give at most.</param>
    /// <param name="wholeWordsOnly">Whether the text is spelt right, so that names that are spelt like it are none.</param>
    public static IReadOnlyList<string> Nearest(
        string text, IEnumerable<(string Name, IEnumerable<string> Synonyms)> candidates, int count, bool wholeWordsOnly = false)
    {
        string[] words = WordsOf(text);
        string key = ClassTable.Key(text);
        if (words.Length == 0)
        {
            return [];
        }

        (string Name, int Cost)[] likely =
        [
            .. candidates.Select(candidate => (
                    candidate.Name,
                    Cost: Math.Min(Cost(words, key, candidate.Name), 1 + candidate.Synonyms.Min(name => Cost(words, key, name)))))
                .Where(static pair => pair.Cost < int.MaxValue / 2)
                .OrderBy(static pair => pair.Cost),
        ];
        bool areWords = wholeWordsOnly || likely is [{ Cost: < Misspelt }, ..];
        int most = areWords ? Misspelt - 1 : likely is [{ Cost: int best }, ..] ? best + 1 : 0;
        return [.. likely.TakeWhile(pair => pair.Cost <= most).Select(static pair => pair.Name).Distinct().Take(count)];
    }

    /// <summary>The words of a name, in lower case.</summary>
    public static string[] WordsOf(string name) =>
        name.ToLowerInvariant().Split(Separators, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// What a text may have meant that is no name: its last word in the singular, and its last word alone, the likeliest first.
    /// </summary>
    public static IEnumerable<string> Simpler(string text)
    {
        string[] words = WordsOf(text);
        if (words.Length == 0)
        {
            yield break;
        }

        string[] singulars = [.. Singulars(words[^1])];
        foreach (string singular in singulars)
        {
            yield return string.Join(' ', words[..^1].Append(singular));
        }

        foreach (string word in words.Length == 1 ? [] : singulars.Prepend(words[^1]))
        {
            yield return word;
        }
    }

    // What is no word names nothing.
    private static IEnumerable<string> Singulars(string word)
    {
        foreach ((string plural, string singular)
            in ((string, string)[])[("people", "person"), ("men", "man"), ("ies", "y"), ("ves", "f"), ("ves", "fe"), ("es", ""), ("s", "")])
        {
            if (word.EndsWith(plural, StringComparison.Ordinal) && (word.Length > plural.Length + 1 || plural == "people"))
            {
                yield return word[..^plural.Length] + singular;
            }
        }
    }

    /// <summary>Whether a name holds all of some words whole, one after the other.</summary>
    public static bool HoldsWords(string name, string[] words) => PlaceOf(words, WordsOf(name)) >= 0;

    // The last words of a name say what it is: a tiger cat is a cat, a cat bear is not.
    private static int Cost(string[] words, string key, string name)
    {
        string[] itsWords = WordsOf(name);
        int place = PlaceOf(words, itsWords);
        if (place >= 0)
        {
            return place + words.Length == itsWords.Length ? 0 : 2;
        }

        if (key.Length < ShortestMisspelling)
        {
            return int.MaxValue / 2;
        }

        int tolerated = key.Length / 3;
        int whole = EditDistance(key, ClassTable.Key(name));
        int nearestWord = words.Length > 1
            ? int.MaxValue
            : itsWords.Select(word => EditDistance(key, word)).DefaultIfEmpty(int.MaxValue).Min();
        return whole <= tolerated ? Misspelt * whole : nearestWord <= tolerated ? Misspelt * nearestWord + Misspelt / 2 : int.MaxValue / 2;
    }

    private static int PlaceOf(string[] words, string[] itsWords)
    {
        for (int place = itsWords.Length - words.Length; place >= 0; place--)
        {
            if (itsWords.AsSpan(place, words.Length).SequenceEqual(words))
            {
                return place;
            }
        }

        return -1;
    }

    private static int EditDistance(string left, string right)
    {
        var previous = new int[right.Length + 1];
        var current = new int[right.Length + 1];
        for (int j = 0; j <= right.Length; j++)
        {
            previous[j] = j;
        }

        for (int i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int substitution = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(substitution, 1 + Math.Min(previous[j], current[j - 1]));
            }

            (previous, current) = (current, previous);
        }

        return previous[right.Length];
    }
}
