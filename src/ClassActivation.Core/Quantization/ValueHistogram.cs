using System.Numerics.Tensors;

namespace ClassActivation.Quantization;

/// <summary>
/// Counts a tensor's values in bins of equal width around zero. The bins widen as larger values come, so that one pass
/// over the photos is enough.
/// </summary>
internal sealed class ValueHistogram
{
    // At least half of them lie inside the largest magnitude: far finer than the 256 steps that are to be chosen.
    private const int HalfBins = 4096;
    private const int Steps = 50;

    private readonly long[] _counts = new long[2 * HalfBins];
    private float _limit;
    private float _minimum;
    private float _maximum;

    /// <summary>Adds values; zeros are left out, since 8 bits represent them exactly.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        _minimum = Math.Min(_minimum, TensorPrimitives.Min(values));
        _maximum = Math.Max(_maximum, TensorPrimitives.Max(values));
        Widen(Math.Max(-_minimum, _maximum));
        if (_limit == 0)
        {
            return;
        }

        float binsPerUnit = HalfBins / _limit;
        foreach (float value in values)
        {
            if (value != 0)
            {
                _counts[Math.Clamp((int)MathF.Floor(value * binsPerUnit) + HalfBins, 0, _counts.Length - 1)]++;
            }
        }
    }

    /// <summary>
    /// The range whose 256 steps represent the values with the least mean square error: of rounding inside it, of clamping
    /// outside. 0 to 1 where all are zero.
    /// </summary>
    public (float Minimum, float Maximum) FindRange()
    {
        if (_limit == 0)
        {
            return (0, 1);
        }

        (float, float) best = (_minimum, _maximum);
        double bestError = double.PositiveInfinity;
        for (int i = 0; i < (_minimum < 0 ? Steps : 1); i++)
        {
            float minimum = _minimum * (Steps - i) / Steps;
            for (int j = 0; j < Steps; j++)
            {
                float maximum = _maximum * (Steps - j) / Steps;
                double error = Error(minimum, maximum, bestError);
                if (error < bestError)
                {
                    (best, bestError) = ((minimum, maximum), error);
                }
            }
        }

        return best;
    }

    private double Error(float minimum, float maximum, double enough)
    {
        double step = (maximum - minimum) / byte.MaxValue;
        double rounding = step * step / 12;
        double width = (double)_limit / HalfBins;
        double error = 0;
        for (int i = 0; i < _counts.Length && error < enough; i++)
        {
            if (_counts[i] > 0)
            {
                double value = (i - HalfBins + 0.5) * width;
                double clamped = value - Math.Clamp(value, minimum, maximum);
                error += _counts[i] * (clamped != 0 ? clamped * clamped : rounding);
            }
        }

        return error;
    }

    private void Widen(float magnitude)
    {
        if (_limit == 0)
        {
            _limit = magnitude;
        }

        while (_limit < magnitude)
        {
            _limit *= 2;
            // From the middle outwards, so that no bin is overwritten before it was read.
            for (int i = 0; i < HalfBins; i++)
            {
                (int up, int down) = (HalfBins + i, HalfBins - 1 - i);
                bool isKept = i < HalfBins / 2;
                _counts[up] = isKept ? _counts[HalfBins + (2 * i)] + _counts[HalfBins + (2 * i) + 1] : 0;
                _counts[down] = isKept ? _counts[HalfBins - 1 - (2 * i)] + _counts[HalfBins - 2 - (2 * i)] : 0;
            }
        }
    }
}
