using System.Numerics.Tensors;
using ClassActivation.Onnx;

namespace ClassActivation.Quantization;

/// <summary>
/// A convolution's weights and biases in whole numbers: 8-bit symmetric weights with a scale for each output channel, 32-bit
/// biases.
/// </summary>
internal sealed class QuantizedConvolution
{
    // Leaves a bit of the 32 for what the convolution itself adds to the bias.
    private const double LargestBias = 1 << 30;

    private QuantizedConvolution(int channels, int weightCount)
    {
        Weights = new sbyte[weightCount];
        WeightScales = new float[channels];
        Biases = new int[channels];
        BiasScales = new float[channels];
    }

    public sbyte[] Weights { get; }

    public float[] WeightScales { get; }

    public int[] Biases { get; }

    public float[] BiasScales { get; }

    /// <summary>
    /// Rounds a convolution's weights, and corrects the biases for what rounding does to the mean output (Nagel et al. 2019,
    /// section 4.2).
    /// </summary>
    /// <param name="weights">Output channels × input channels of a group × kernel.</param>
    /// <param name="biases">One for each output channel.</param>
    /// <param name="groups">The number of groups of channels that are convolved apart.</param>
    /// <param name="input">The range and the channel means of the input.</param>
    /// <param name="weightBits">7 or 8.</param>
    public static QuantizedConvolution Create(
        OnnxTensor weights, ReadOnlySpan<float> biases, int groups, ActivationRange input, int weightBits)
    {
        int channels = (int)weights.Dims[0];
        int inputs = (int)weights.Dims[1];
        int row = weights.Data.Length / channels;
        int kernel = row / inputs;
        int largest = (1 << (weightBits - 1)) - 1;
        var result = new QuantizedConvolution(channels, weights.Data.Length);
        for (int channel = 0; channel < channels; channel++)
        {
            ReadOnlySpan<float> values = weights.Data.AsSpan(channel * row, row);
            ReadOnlySpan<float> means = [.. input.ChannelMeans.Skip(channel / (channels / groups) * inputs).Take(inputs)];
            double scale = Scale(values, biases[channel], largest, input.Scale);
            double bias = biases[channel];
            for (int i = 0; i < row; i++)
            {
                double rounded = Math.Clamp(Math.Round(values[i] / scale), -largest, largest);
                result.Weights[(channel * row) + i] = (sbyte)rounded;
                bias += means[i / kernel] * (values[i] - (rounded * scale));
            }

            double biasScale = scale * input.Scale;
            result.WeightScales[channel] = (float)scale;
            result.BiasScales[channel] = (float)biasScale;
            result.Biases[channel] = (int)Math.Clamp(Math.Round(bias / biasScale), -LargestBias, LargestBias);
        }

        return result;
    }

    private static double Scale(ReadOnlySpan<float> values, float bias, int largest, float inputScale)
    {
        double scale = Math.Abs(TensorPrimitives.MaxMagnitude(values)) / (double)largest;
        double biasNeeds = Math.Abs(bias) / (LargestBias * inputScale);
        double smallest = Math.Max(biasNeeds, float.Epsilon * (1 << 23) / inputScale);
        return (float)Math.Max(scale, smallest);
    }
}
