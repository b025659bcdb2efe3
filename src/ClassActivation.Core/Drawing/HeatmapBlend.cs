using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ClassActivation.Maps;

namespace ClassActivation.Drawing;

/// <summary>The overlay's formula in fixed point: all of it that does not depend on the photo is one table entry per colour.</summary>
internal sealed class HeatmapBlend
{
    // The largest sum is 255 · 2²² and a half; it fits an int.
    private const int FixedPointBits = 22;
    private const int One = 1 << FixedPointBits;

    private readonly Vector128<int>[] _colors = new Vector128<int>[Colormap.Size];
    private readonly Vector128<int> _photoWeight;

    public HeatmapBlend(Colormap colormap, double heatmapOpacity, double imageOpacity)
    {
        double white = (1 - heatmapOpacity) * (1 - imageOpacity) * 255;
        for (int i = 0; i < _colors.Length; i++)
        {
            (byte red, byte green, byte blue) = colormap[i];
            _colors[i] = Vector128.Create(Fixed(red), Fixed(green), Fixed(blue), 255 * One);
        }

        int weight = (int)Math.Round((1 - heatmapOpacity) * imageOpacity * One);
        _photoWeight = Vector128.Create(weight, weight, weight, 0);

        int Fixed(byte color) => (int)Math.Round((heatmapOpacity * color + white + 0.5) * One);
    }

    /// <summary>Tints one row of RGBA pixels where the map's value is not below a threshold; the other pixels are left alone.</summary>
    /// <remarks>Optimised from the first call: vector code is slow before, and a process may draw one photo only.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Tint(ReadOnlySpan<uint> photo, GridLine line, in GridAxis x, double threshold, Span<uint> tinted)
    {
        fixed (uint* from = photo, to = tinted)
        fixed (double* values = line.Values, slopes = line.Slopes, fractions = x.Fractions)
        fixed (int* cells = x.Cells)
        fixed (Vector128<int>* colors = _colors)
        {
            Vector128<int> photoWeight = _photoWeight;
            int length = x.Length;
            for (int i = 0; i < length; i++)
            {
                int cell = cells[i];
                double value = values[cell] + slopes[cell] * fractions[i];
                if (value < threshold)
                {
                    continue;
                }

                int index = Math.Clamp((int)(value * Colormap.Size), 0, Colormap.Size - 1);
                Vector128<byte> pixel = Vector128.CreateScalarUnsafe(from[i]).AsByte();
                Vector128<int> channels = Vector128.WidenLower(Vector128.WidenLower(pixel)).AsInt32();
                Vector128<uint> sum = (channels * photoWeight + colors[index]).AsUInt32() >> FixedPointBits;
                Vector128<ushort> halves = Vector128.Narrow(sum, sum);
                to[i] = Vector128.Narrow(halves, halves).AsUInt32().ToScalar();
            }
        }
    }
}
