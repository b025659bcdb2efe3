namespace ClassActivation.Photos;

/// <summary>
/// The weights with which the pixels of one line make up those of a resized line, in fixed point, as Pillow computes
/// them (<c>precompute_coeffs</c> and <c>normalize_coeffs_8bpc</c> in src/libImaging/Resample.c).
/// </summary>
internal readonly struct ResamplingCoefficients
{
    /// <summary>Bits after the binary point: 8 for a byte and 2 for overshoot are left of an int's 32.</summary>
    public const int PrecisionBits = 32 - 8 - 2;

    /// <param name="sourceLength">Pixels of the line.</param>
    /// <param name="length">Pixels of the whole resized line.</param>
    /// <param name="offset">The first pixel of the resized line that is wanted.</param>
    /// <param name="count">How many pixels of the resized line are wanted.</param>
    /// <param name="resampling">The filter; not nearest.</param>
    public ResamplingCoefficients(int sourceLength, int length, int offset, int count, Resampling resampling)
    {
        (Func<double, double> filter, double filterSupport) = resampling switch
        {
            Resampling.Bilinear => ((Func<double, double>)Triangle, 1.0),
            Resampling.Bicubic => (Cubic, 2.0),
            Resampling.Lanczos => (Lanczos, 3.0),
            _ => throw new ArgumentOutOfRangeException(nameof(resampling)),
        };
        double scale = (double)sourceLength / length;
        double filterScale = Math.Max(scale, 1);
        double support = filterSupport * filterScale;
        double inverse = 1 / filterScale;
        Stride = (int)Math.Ceiling(support) * 2 + 1;
        Starts = new int[count];
        Counts = new int[count];
        Weights = new int[count * Stride];
        var weights = new double[Stride];
        for (int i = 0; i < count; i++)
        {
            double center = (offset + i + 0.5) * scale;
            int start = Math.Max((int)(center - support + 0.5), 0);
            int taps = Math.Min((int)(center + support + 0.5), sourceLength) - start;
            double sum = 0;
            for (int k = 0; k < taps; k++)
            {
                weights[k] = filter((k + start - center + 0.5) * inverse);
                sum += weights[k];
            }

            for (int k = 0; k < taps; k++)
            {
                double weight = (sum != 0 ? weights[k] / sum : weights[k]) * (1 << PrecisionBits);
                Weights[i * Stride + k] = (int)(weight < 0 ? weight - 0.5 : weight + 0.5);
            }

            Starts[i] = start;
            Counts[i] = taps;
        }
    }

    /// <summary>For each wanted pixel the first pixel of the line that it weighs.</summary>
    public int[] Starts { get; }

    /// <summary>For each wanted pixel how many pixels of the line it weighs.</summary>
    public int[] Counts { get; }

    /// <summary>The weights, <see cref="Stride"/> places for each wanted pixel.</summary>
    public int[] Weights { get; }

    /// <summary>The places in <see cref="Weights"/> for one wanted pixel.</summary>
    public int Stride { get; }

    private static double Triangle(double x) => Math.Max(1 - Math.Abs(x), 0);

    private static double Cubic(double x)
    {
        const double A = -0.5;
        x = Math.Abs(x);
        return x < 1 ? ((A + 2) * x - (A + 3)) * x * x + 1
            : x < 2 ? (((x - 5) * x + 8) * x - 4) * A
            : 0;
    }

    private static double Lanczos(double x) => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0;

    private static double Sinc(double x)
    {
        x *= Math.PI;
        return x == 0 ? 1 : Math.Sin(x) / x;
    }
}
