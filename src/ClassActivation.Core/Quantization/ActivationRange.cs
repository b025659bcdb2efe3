namespace ClassActivation.Quantization;

/// <summary>The values that one tensor of a network takes on photos.</summary>
/// <param name="Minimum">The smallest value that 8 bits are to represent; not above zero.</param>
/// <param name="Maximum">The largest value that 8 bits are to represent; above <paramref name="Minimum"/> and not below zero.</param>
/// <param name="ChannelMeans">The mean of each channel, for the input of a convolution; empty for other tensors.</param>
public sealed record ActivationRange(float Minimum, float Maximum, IReadOnlyList<float> ChannelMeans)
{
    /// <summary>The step between two 8-bit values.</summary>
    internal float Scale => (Maximum - Minimum) / byte.MaxValue;

    /// <summary>The 8-bit value that stands for zero, which padding needs to be exact.</summary>
    internal byte ZeroPoint => (byte)Math.Clamp(MathF.Round(-Minimum / Scale), 0, byte.MaxValue);
}
