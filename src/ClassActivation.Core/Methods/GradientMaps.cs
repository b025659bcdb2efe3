namespace ClassActivation.Methods;

/// <summary>
/// Class activation maps from the activations A of a layer and the gradient G of a score in them, both K × places,
/// channel after channel. The maps are as their papers sum them, before anything is cut off at zero, scaled or resized.
/// </summary>
internal static class GradientMaps
{
    // As the reference code of Grad-CAM++ and XGrad-CAM has them; neither is negligible where gradients are small.
    private const double CurvatureEpsilon = 1e-6;
    private const double ActivationEpsilon = 1e-7;

    /// <summary>Grad-CAM (Selvaraju et al. 2017): Σₖ mean(Gₖ) Aₖ.</summary>
    public static float[] GradCam(ReadOnlySpan<float> activations, ReadOnlySpan<float> gradients, int channels)
    {
        int places = Places(activations, gradients, channels);
        var weights = new double[channels];
        for (int k = 0; k < channels; k++)
        {
            weights[k] = Sum(gradients.Slice(k * places, places)) / places;
        }

        return WeightedSum(activations, weights);
    }

    /// <summary>HiResCAM (Draelos and Carin 2020): Σₖ Gₖ ⊙ Aₖ.</summary>
    public static float[] HiResCam(ReadOnlySpan<float> activations, ReadOnlySpan<float> gradients, int channels) =>
        Products(activations, gradients, channels, static gradient => gradient);

    /// <summary>LayerCAM (Jiang et al. 2021): Σₖ max(Gₖ, 0) ⊙ Aₖ.</summary>
    public static float[] LayerCam(ReadOnlySpan<float> activations, ReadOnlySpan<float> gradients, int channels) =>
        Products(activations, gradients, channels, static gradient => Math.Max(gradient, 0));

    /// <summary>XGrad-CAM (Fu et al. 2020): each channel's gradient averaged with its activations as weights.</summary>
    public static float[] XGradCam(ReadOnlySpan<float> activations, ReadOnlySpan<float> gradients, int channels)
    {
        int places = Places(activations, gradients, channels);
        var weights = new double[channels];
        for (int k = 0; k < channels; k++)
        {
            ReadOnlySpan<float> a = activations.Slice(k * places, places);
            ReadOnlySpan<float> g = gradients.Slice(k * places, places);
            double products = 0;
            for (int i = 0; i < places; i++)
            {
                products += (double)a[i] * g[i];
            }

            weights[k] = products / (Sum(a) + ActivationEpsilon);
        }

        return WeightedSum(activations, weights);
    }

    /// <summary>
    /// Grad-CAM++ (Chattopadhay et al. 2018): weights Σ α max(G, 0) with α = G² / (2 G² + ΣA · G³ + 10⁻⁶), the last of which is of the
    /// reference code: where gradients are below 10⁻³ it decides.
    /// </summary>
    public static float[] GradCamPlusPlus(ReadOnlySpan<float> activations, ReadOnlySpan<float> gradients, int channels)
    {
        int places = Places(activations, gradients, channels);
        var weights = new double[channels];
        for (int k = 0; k < channels; k++)
        {
            double sum = Sum(activations.Slice(k * places, places));
            foreach (float gradient in gradients.Slice(k * places, places))
            {
                if (gradient > 0)
                {
                    double square = (double)gradient * gradient;
                    weights[k] += square / ((2 * square) + (sum * square * gradient) + CurvatureEpsilon) * gradient;
                }
            }
        }

        return WeightedSum(activations, weights);
    }

    /// <summary>Saliency (Simonyan et al. 2014): the largest |G| of all channels.</summary>
    public static float[] Saliency(ReadOnlySpan<float> activations, ReadOnlySpan<float> gradients, int channels)
    {
        var largest = new float[Places(activations, gradients, channels)];
        for (int i = 0; i < gradients.Length; i++)
        {
            float magnitude = Math.Abs(gradients[i]);
            if (magnitude > largest[i % largest.Length])
            {
                largest[i % largest.Length] = magnitude;
            }
        }

        return largest;
    }

    private static int Places(ReadOnlySpan<float> activations, ReadOnlySpan<float> gradients, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        return activations.Length == gradients.Length && activations.Length % channels == 0
            ? activations.Length / channels
            : throw new ArgumentException(
                $"There are {activations.Length} activations and {gradients.Length} gradients for {channels} channels.");
    }

    private static double Sum(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        return sum;
    }

    private static float[] WeightedSum(ReadOnlySpan<float> activations, double[] weights)
    {
        int places = activations.Length / weights.Length;
        var sums = new double[places];
        for (int k = 0; k < weights.Length; k++)
        {
            for (int i = 0; i < places; i++)
            {
                sums[i] += weights[k] * activations[(k * places) + i];
            }
        }

        return Array.ConvertAll(sums, static sum => (float)sum);
    }

    private static float[] Products(
        ReadOnlySpan<float> activations, ReadOnlySpan<float> gradients, int channels, Func<float, double> weight)
    {
        int places = Places(activations, gradients, channels);
        var sums = new double[places];
        for (int i = 0; i < activations.Length; i++)
        {
            sums[i % places] += weight(gradients[i]) * activations[i];
        }

        return Array.ConvertAll(sums, static sum => (float)sum);
    }
}
