namespace ClassActivation.Methods;

/// <summary>
/// <see cref="CamMethod.Rise"/>: the photo is shown through random masks, and each pixel gets the mean of the probabilities,
/// weighted by how much of it was seen. The masks are the same for every photo.
/// </summary>
internal sealed class RiseMethod : IMaskingMethod
{
    private const int Cells = 7;
    private const double Seen = 0.5;

    public CamMethod Method => CamMethod.Rise;

    public int Count(int width, int height, MaskingSettings settings) => settings.MaskCount;

    public float[] Mask(int index, int width, int height, MaskingSettings settings)
    {
        (int cellWidth, int cellHeight) = ((width + Cells - 1) / Cells, (height + Cells - 1) / Cells);
        var random = new SplitMix64((ulong)index << 32);
        var grid = new float[Cells * Cells];
        for (int i = 0; i < grid.Length; i++)
        {
            grid[i] = random.Next() >> 63;
        }

        int top = (int)(random.Next() % (ulong)cellHeight), left = (int)(random.Next() % (ulong)cellWidth);
        (int From, int To, float Part)[] columns = Steps(left, width, cellWidth), rows = Steps(top, height, cellHeight);
        var mask = new float[width * height];
        for (int y = 0; y < height; y++)
        {
            (int from, int to, float part) = rows[y];
            for (int x = 0; x < width; x++)
            {
                (int before, int behind, float share) = columns[x];
                float upper = Between(grid[(from * Cells) + before], grid[(from * Cells) + behind], share);
                float lower = Between(grid[(to * Cells) + before], grid[(to * Cells) + behind], share);
                mask[(y * width) + x] = Between(upper, lower, part);
            }
        }

        return mask;
    }

    public float[] Map(MaskedAnswers answers, MapTarget target)
    {
        var shares = new float[target.Shares.Length];
        target.Shares.CopyTo(shares, 0);
        // The probability of a concept is the sum of its classes', whatever part each has in its logit.
        foreach (int member in target.Members)
        {
            shares[member] = 1;
        }

        var sum = new double[answers.Width * answers.Height];
        for (int index = 0; index < answers.Count; index++)
        {
            double probability = FloatSpans.Dot(answers.Probabilities(index), shares);
            float[] mask = Mask(index, answers.Width, answers.Height, answers.Settings);
            for (int at = 0; at < sum.Length; at++)
            {
                sum[at] += probability * mask[at];
            }
        }

        return [.. sum.Select(value => (float)(value / (Seen * answers.Count)))];
    }

    // Bilinear, pixels at the centres of their squares: 7 cells are spread over the size of 8, of which a part is cut out.
    private static (int From, int To, float Part)[] Steps(int offset, int length, int cell) =>
    [
        .. Enumerable.Range(offset, length).Select(at =>
        {
            double place = Math.Max(((at + 0.5) * Cells / ((Cells + 1) * cell)) - 0.5, 0);
            int from = Math.Min((int)place, Cells - 1);
            return (from, Math.Min(from + 1, Cells - 1), (float)(place - from));
        }),
    ];

    private static float Between(float one, float other, float share) => one + ((other - one) * share);

    /// <summary>Steele, Lea and Flood 2014, "Fast Splittable Pseudorandom Number Generators": the same numbers everywhere.</summary>
    private struct SplitMix64(ulong state)
    {
        private ulong _state = state;

        public ulong Next()
        {
            ulong z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
