using ClassActivation.Onnx;
using ClassActivation.Quantization;

namespace ClassActivation.Tests.Quantization;

/// <summary>Weights and biases in whole numbers.</summary>
public sealed class QuantizedConvolutionTests
{
    private static readonly ActivationRange Input = new(-1, 4.1f, [0.5f, 2f]);

    [Theory]
    [InlineData(8, 127)]
    [InlineData(7, 63)]
    public void EachOutputChannelHasItsOwnScale(int bits, int largest)
    {
        var weights = new OnnxTensor([0.25f, -1f, 20f, 5f], [2, 2, 1, 1]);

        QuantizedConvolution convolution = QuantizedConvolution.Create(weights, [0f, 0f], 1, Input, bits);

        Assert.Equal([1f / largest, 20f / largest], convolution.WeightScales);
        Assert.Equal(
            [(sbyte)Math.Round(0.25 * largest), (sbyte)-largest, (sbyte)largest, (sbyte)Math.Round(0.25 * largest)], convolution.Weights);
        Assert.Equal(1f / largest * 5.1f / 255, convolution.BiasScales[0], 1e-9f);
    }

    [Fact]
    public void BiasesMakeUpForWhatRoundingDoesToTheMeanOutput()
    {
        var weights = new OnnxTensor([1f, 0.3f, -0.7f, 0.123f], [1, 2, 1, 2]);

        QuantizedConvolution convolution = QuantizedConvolution.Create(weights, [0.25f], 1, Input, 8);

        double Mean(Func<int, double> weight) => (0.5 * (weight(0) + weight(1))) + (2 * (weight(2) + weight(3)));
        double exact = Mean(i => weights.Data[i]) + 0.25;
        double rounded = Mean(
            i => convolution.Weights[i] * convolution.WeightScales[0]) + (convolution.Biases[0] * (double)convolution.BiasScales[0]);
        Assert.Equal(exact, rounded, convolution.BiasScales[0]);
    }

    [Fact]
    public void GroupsTakeTheMeansOfTheirOwnChannels()
    {
        var weights = new OnnxTensor([1f, 0.3f, 1f, 0.3f], [2, 1, 1, 2]);

        QuantizedConvolution convolution = QuantizedConvolution.Create(weights, [0f, 0f], 2, Input, 8);

        double error = 0.3 - (convolution.Weights[1] * convolution.WeightScales[0]);
        Assert.Equal(0.5 * error, convolution.Biases[0] * (double)convolution.BiasScales[0], convolution.BiasScales[0]);
        Assert.Equal(2 * error, convolution.Biases[1] * (double)convolution.BiasScales[1], convolution.BiasScales[1]);
    }

    [Fact]
    public void ADeadChannelKeepsItsBias()
    {
        QuantizedConvolution convolution = QuantizedConvolution.Create(new OnnxTensor([0f, 0f], [1, 2, 1, 1]), [3f], 1, Input, 8);

        Assert.Equal(3f, convolution.Biases[0] * (double)convolution.BiasScales[0], 1e-5);
        Assert.Equal([(sbyte)0, (sbyte)0], convolution.Weights);
    }
}
