using ClassActivation.Inference;

namespace ClassActivation.Methods;

/// <summary>The weighted sum of feature maps, <c>H = Σ_k w_k A_k</c> (Zhou et al. 2016).</summary>
internal static class ActivationSum
{
    /// <summary>Sums the feature maps of a forward pass.</summary>
    /// <param name="pass">The feature maps.</param>
    /// <param name="weights">K weights.</param>
    /// <returns>rows × columns values, row by row.</returns>
    public static float[] Of(ForwardPass pass, ReadOnlySpan<float> weights)
    {
        var sum = new float[pass.Rows * pass.Columns];
        for (int k = 0; k < weights.Length; k++)
        {
            FloatSpans.AddMultiple(pass.Activation(k), weights[k], sum);
        }

        return sum;
    }
}
