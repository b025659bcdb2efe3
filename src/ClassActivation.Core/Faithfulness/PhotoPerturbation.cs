using ClassActivation.Photos;

namespace ClassActivation.Faithfulness;

/// <summary>Takes pixels away from one network input. Safe for use by many threads.</summary>
internal sealed class PhotoPerturbation
{
    /// <summary>The standard deviation of the imputation's noise, Rong et al.'s 0.01 of the range of a channel.</summary>
    private const double Noise = 0.01 * 255;

    private const double BlurDeviationAt224 = 10;

    private readonly NetworkInput _input;
    private readonly double[] _mean;
    private readonly Lazy<NetworkInput> _blurred;
    private readonly int _seed;

    /// <summary>Prepares an input.</summary>
    /// <param name="input">The photo as the network sees it.</param>
    /// <param name="seed">What the noise of the imputation is drawn from.</param>
    public PhotoPerturbation(NetworkInput input, int seed)
    {
        _input = input;
        _seed = seed;
        _mean = MeanColor(input);
        _blurred = new Lazy<NetworkInput>(
            () => GaussianBlur.Apply(input, BlurDeviationAt224 / 224 * Math.Min(input.Width, input.Height)));
    }

    /// <summary>The input with some pixels replaced.</summary>
    /// <param name="pixels">The indexes of the pixels.</param>
    /// <param name="replacement">What stands in for them.</param>
    public NetworkInput Remove(ReadOnlySpan<int> pixels, Replacement replacement)
    {
        byte[] result = [.. _input.Pixels];
        switch (replacement)
        {
            case Replacement.Mean:
                FillWithMean(result, pixels);
                break;
            case Replacement.Blur:
                foreach (int pixel in pixels)
                {
                    _blurred.Value.Pixels.AsSpan(pixel * 3, 3).CopyTo(result.AsSpan(pixel * 3));
                }

                break;
            case Replacement.Imputation:
                Impute(result, pixels);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(replacement));
        }

        return new NetworkInput(_input.Width, _input.Height, result);
    }

    /// <summary>The input times a mask: it fades to its mean colour, which stands for nothing, where the mask is low.</summary>
    /// <param name="mask">One value a pixel, 0 to 1.</param>
    public NetworkInput Mask(ReadOnlySpan<float> mask)
    {
        var result = new byte[_input.Pixels.Length];
        for (int i = 0; i < result.Length; i++)
        {
            double mean = _mean[i % 3];
            result[i] = (byte)Math.Round(mean + (mask[i / 3] * (_input.Pixels[i] - mean)));
        }

        return new NetworkInput(_input.Width, _input.Height, result);
    }

    private void Impute(byte[] result, ReadOnlySpan<int> pixels)
    {
        var random = new Random(_seed);
        int count = _input.Width * _input.Height;
        var missing = new bool[count];
        foreach (int pixel in pixels)
        {
            missing[pixel] = true;
        }

        LinearImputation? imputation = pixels.Length < count ? new LinearImputation(_input.Width, _input.Height, missing) : null;
        var channel = new double[count];
        for (int c = 0; c < 3; c++)
        {
            for (int i = 0; i < count; i++)
            {
                channel[i] = missing[i] ? _mean[c] : _input.Pixels[(i * 3) + c];
            }

            double[] imputed = imputation?.Solve(channel) ?? channel;
            foreach (int pixel in pixels)
            {
                result[(pixel * 3) + c] = (byte)Math.Clamp(Math.Round(imputed[pixel] + (Noise * NextGaussian(random))), 0, 255);
            }
        }
    }

    private void FillWithMean(byte[] result, ReadOnlySpan<int> pixels)
    {
        byte[] mean = Array.ConvertAll(_mean, static value => (byte)Math.Round(value));
        foreach (int pixel in pixels)
        {
            mean.CopyTo(result, pixel * 3);
        }
    }

    private static double[] MeanColor(NetworkInput input)
    {
        var sums = new double[3];
        for (int i = 0; i < input.Pixels.Length; i++)
        {
            sums[i % 3] += input.Pixels[i];
        }

        return Array.ConvertAll(sums, sum => sum * 3 / input.Pixels.Length);
    }

    // Box and Muller 1958.
    private static double NextGaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
