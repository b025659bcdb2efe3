using ClassActivation.Onnx;

namespace ClassActivation.Gradients.Rules;

/// <summary>How the windows of a convolution or a pooling lie, with padding written out.</summary>
/// <param name="Kernel">The extents of a window.</param>
/// <param name="Strides">The distances between windows.</param>
/// <param name="Dilations">The distances within a window.</param>
/// <param name="Pads">The margins before and behind each axis, all of those before first.</param>
internal sealed record Windows(long[] Kernel, long[] Strides, long[] Dilations, long[] Pads)
{
    /// <summary>The windows of a node.</summary>
    /// <param name="node">A convolution or a pooling.</param>
    /// <param name="kernel">The extents of a window.</param>
    /// <param name="fine">The extents that the windows are laid on.</param>
    /// <param name="coarse">The number of windows along each axis.</param>
    public static Windows Of(DifferentiatedNode node, long[] kernel, long[] fine, long[] coarse)
    {
        long[] strides = node.Proto.Integers("strides", kernel.Length, 1);
        long[] dilations = node.Proto.Integers("dilations", kernel.Length, 1);
        long[] pads = node.Proto.Integers("pads", 2 * kernel.Length, 0);
        string automatic = node.Proto.Text("auto_pad", "NOTSET");
        if (automatic is "SAME_UPPER" or "SAME_LOWER")
        {
            for (int i = 0; i < kernel.Length; i++)
            {
                long total = Math.Max(((coarse[i] - 1) * strides[i]) + ((kernel[i] - 1) * dilations[i]) + 1 - fine[i], 0);
                pads[i] = automatic == "SAME_UPPER" ? total / 2 : total - (total / 2);
                pads[i + kernel.Length] = total - pads[i];
            }
        }
        else if (automatic == "VALID")
        {
            Array.Clear(pads);
        }

        return new Windows(kernel, strides, dilations, pads);
    }

    /// <summary>
    /// What a transposed convolution needs to give an extent exactly: how many rows to add at the end. Where the last
    /// window reaches beyond the margin the number is negative.
    /// </summary>
    public long[] Missing(long[] fine, long[] coarse) =>
        [
            .. Kernel.Select(
                (kernel, i) => fine[i] - (
                    ((coarse[i] - 1) * Strides[i]) - Pads[i] - Pads[i + Kernel.Length] + ((kernel - 1) * Dilations[i]) + 1))
        ];

    /// <summary>Margins that cut off what the last windows reached beyond.</summary>
    public long[] PadsCutting(long[] missing) =>
        [.. Pads.Select((pad, i) => i < Kernel.Length ? pad : pad + Math.Max(-missing[i - Kernel.Length], 0))];
}
