namespace ClassActivation.Maps;

/// <summary>The order of classes by probability; of two equal ones the lower index comes first.</summary>
internal static class ClassRanking
{
    /// <summary>The indexes of the <paramref name="count"/> most probable classes, best first.</summary>
    public static IReadOnlyList<int> Top(ReadOnlySpan<float> probabilities, int count)
    {
        // Few of many are wanted: the lowest of the best so far gives way to any better one.
        var best = new PriorityQueue<int, (float Probability, int Order)>(count + 1);
        for (int i = 0; i < probabilities.Length; i++)
        {
            if (best.Count < count)
            {
                best.Enqueue(i, (probabilities[i], -i));
            }
            else if (probabilities[i] > probabilities[best.Peek()])
            {
                best.DequeueEnqueue(i, (probabilities[i], -i));
            }
        }

        var indexes = new int[best.Count];
        for (int i = indexes.Length - 1; i >= 0; i--)
        {
            indexes[i] = best.Dequeue();
        }

        return indexes;
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
