namespace ClassActivation.Methods;

/// <summary>The weighted sum of feature maps, <c>H = Σ_k w_k A_k</c> (Zhou et al. 2016).</summary>
internal static class ActivationSum
{
    /// <summary>Sums feature maps.</summary>
    /// <param name="maps">K × places values, one map after the other.</param>
    /// <param name="weights">K weights.</param>
    /// <returns>A value for each place.</returns>
    public static float[] Of(ReadOnlySpan<float> maps, ReadOnlySpan<float> weights)
    {
        var sum = new float[maps.Length / weights.Length];
        for (int k = 0; k < weights.Length; k++)
        {
            FloatSpans.AddMultiple(maps.Slice(k * sum.Length, sum.Length), weights[k], sum);
        }

        return sum;
    }
}
