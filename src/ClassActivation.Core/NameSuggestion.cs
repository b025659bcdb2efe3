namespace ClassActivation;

/// <summary>Finds the known names that a misspelt one may have meant.</summary>
internal static class NameSuggestion
{
    /// <summary>The names nearest to <paramref name="key"/> by edit distance, or that contain it, best first.</summary>
    /// <param name="key">What the user wrote, in comparable form.</param>
    /// <param name="candidates">Names to show, each with the comparable forms that lead to it.</param>
    /// <param name="count">How many names to give at most.</param>
    public static IReadOnlyList<string> Nearest(
        string key, IEnumerable<(string Name, IEnumerable<string> Keys)> candidates, int count)
    {
        int tolerated = Math.Max(1, key.Length / 3);
        return candidates
            .Select(candidate => (candidate.Name, Distance: candidate.Keys.Min(other => Distance(key, other))))
            .Where(pair => pair.Distance <= tolerated)
            .OrderBy(static pair => pair.Distance)
            .Select(static pair => pair.Name)
            .Distinct()
            .Take(count)
            .ToArray();
    }

    /// <summary>Edit distance; a name that contains the key whole counts as one edit away.</summary>
    private static int Distance(string key, string other)
    {
        int edits = EditDistance(key, other);
        return key.Length >= 3 && other.Contains(key, StringComparison.Ordinal) ? Math.Min(edits, 1) : edits;
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
