using ClassActivation.Quantization;

namespace ClassActivation.Tests.Quantization;

/// <summary>The choice of what 8 bits represent.</summary>
public sealed class ValueHistogramTests
{
    [Fact]
    public void EvenlySpreadValuesKeepTheirWholeRange()
    {
        var histogram = new ValueHistogram();
        float[] values = [.. Enumerable.Range(-2000, 6001).Select(static i => i / 1000f)];
        // Small values first: the bins must widen for the rest.
        histogram.Add(values.AsSpan(1900, 200));
        histogram.Add(values);

        (float minimum, float maximum) = histogram.FindRange();

        Assert.Equal(-2f, minimum);
        Assert.Equal(4f, maximum);
    }

    [Fact]
    public void OneOutlierAmongManyIsClamped()
    {
        var histogram = new ValueHistogram();
        histogram.Add([.. Enumerable.Range(1, 100_000).Select(static i => i / 100_000f), 10f]);

        (float minimum, float maximum) = histogram.FindRange();

        Assert.Equal(0f, minimum);
        // Independently: rounding costs n (m/255)²/12 and clamping (10 − m)², with the least sum at
        // m = 10 / (1 + n / (12 · 255²)) = 8.86 for n = 100,000.
        Assert.InRange(maximum, 8.6f, 9.0f);
    }

    [Fact]
    public void ATensorOfZerosHasARange()
    {
        var histogram = new ValueHistogram();
        histogram.Add(new float[10]);

        (float minimum, float maximum) = histogram.FindRange();

        Assert.Equal(0f, minimum);
        Assert.True(new ActivationRange(minimum, maximum, []).Scale > 0);
    }
}
