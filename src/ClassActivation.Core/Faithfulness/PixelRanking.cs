namespace ClassActivation.Faithfulness;

/// <summary>The order in which a map's pixels are taken away or put back.</summary>
internal static class PixelRanking
{
    /// <summary>The indexes of the pixels, the most relevant first.</summary>
    /// <param name="importance">One finite value a pixel.</param>
    /// <param name="seed">
    /// What the order of equal pixels is drawn from: in the order of their indexes, the flat parts of a map would be
    /// taken away from the top of the photo downwards.
    /// </param>
    public static int[] MostRelevantFirst(ReadOnlySpan<float> importance, int seed)
    {
        int[] pixels = [.. Enumerable.Range(0, importance.Length)];
        new Random(seed).Shuffle(pixels);
        var keys = new ulong[pixels.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            // The place in the shuffled order decides between equal values.
            keys[i] = ((ulong)Descending(importance[pixels[i]]) << 32) | (uint)i;
        }

        Array.Sort(keys, pixels);
        return pixels;
    }

    // A float's bits sort like an integer's once negative values are turned round; 0 and -0 are equal.
    private static uint Descending(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value == 0 ? 0 : value);
        return (bits & 0x8000_0000) == 0 ? ~(bits | 0x8000_0000) : bits;
    }
}
