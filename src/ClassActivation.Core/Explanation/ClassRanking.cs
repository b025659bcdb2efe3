namespace ClassActivation.Explanation;

/// <summary>The order of classes by probability; of two equal ones the lower index comes first.</summary>
internal static class ClassRanking
{
    /// <summary>The indexes of the <paramref name="count"/> most probable classes, best first.</summary>
    public static IReadOnlyList<int> Top(ReadOnlySpan<float> probabilities, int count)
    {
        var indexes = new int[probabilities.Length];
        var keys = new float[probabilities.Length];
        for (int i = 0; i < indexes.Length; i++)
        {
            (indexes[i], keys[i]) = (i, -probabilities[i]);
        }

        Array.Sort(indexes, (left, right) => keys[left] != keys[right] ? keys[left].CompareTo(keys[right]) : left.CompareTo(right));
        return indexes[..Math.Min(count, indexes.Length)];
    }

    /// <summary>The rank of one class, from 1.</summary>
    public static int RankOf(ReadOnlySpan<float> probabilities, int classIndex)
    {
        int rank = 1;
        for (int i = 0; i < probabilities.Length; i++)
        {
            if (probabilities[i] > probabilities[classIndex] || (probabilities[i] == probabilities[classIndex] && i < classIndex))
            {
                rank++;
            }
        }

        return rank;
    }
}
