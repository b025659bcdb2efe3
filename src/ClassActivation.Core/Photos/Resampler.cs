using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ClassActivation.Photos;

/// <summary>
/// Resizes photos to the very bytes that Pillow's <c>Image.resize</c> gives for an RGB picture: two passes in fixed
/// point, horizontal first, each rounded to bytes (src/libImaging/Resample.c); nearest as in
/// src/libImaging/Geometry.c (<c>ImagingScaleAffine</c>).
/// </summary>
public static class Resampler
{
    /// <summary>Resizes a photo.</summary>
    /// <param name="photo">The photo.</param>
    /// <param name="width">The new width, 1 or more.</param>
    /// <param name="height">The new height, 1 or more.</param>
    /// <param name="resampling">The filter.</param>
    /// <returns>A photo of the new size that keeps <see cref="Photo.FullWidth"/> and <see cref="Photo.FullHeight"/>.</returns>
    public static unsafe Photo Resize(Photo photo, int width, int height, Resampling resampling)
    {
        ArgumentNullException.ThrowIfNull(photo);
        var pixels = PixelBuffer.Rent(checked(width * height * 4));
        fixed (byte* to = pixels.Span)
        {
            Resize(photo, width, height, 0, 0, width, height, resampling, to, bytesPerPixel: 4);
        }

        return new Photo(width, height, pixels, photo.FullWidth, photo.FullHeight);
    }

    /// <summary>Resizes a photo and writes a window of the result as packed RGB; only the window is computed.</summary>
    /// <param name="photo">The photo.</param>
    /// <param name="width">The width of the whole resized photo, 1 or more.</param>
    /// <param name="height">The height of the whole resized photo, 1 or more.</param>
    /// <param name="left">The window's first column in the resized photo.</param>
    /// <param name="top">The window's first row in the resized photo.</param>
    /// <param name="windowWidth">The window's width.</param>
    /// <param name="windowHeight">The window's height.</param>
    /// <param name="resampling">The filter.</param>
    /// <param name="rgb">Receives <c>windowHeight × windowWidth × 3</c> bytes.</param>
    /// <exception cref="ArgumentException">The window lies outside of the resized photo, or the span has another length.</exception>
    public static unsafe void ResizeToRgb(
        Photo photo, int width, int height, int left, int top, int windowWidth, int windowHeight, Resampling resampling, Span<byte> rgb)
    {
        ArgumentNullException.ThrowIfNull(photo);
        if (rgb.Length != checked(windowWidth * windowHeight * 3))
        {
            throw new ArgumentException(
                $"A window of {windowWidth}×{windowHeight} has {windowWidth * windowHeight * 3} bytes, not {rgb.Length}.", nameof(rgb));
        }

        fixed (byte* to = rgb)
        {
            Resize(photo, width, height, left, top, windowWidth, windowHeight, resampling, to, bytesPerPixel: 3);
        }
    }

    private static unsafe void Resize(
        Photo photo, int width, int height, int left, int top, int windowWidth, int windowHeight, Resampling resampling, byte* to,
        int bytesPerPixel)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(windowWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(windowHeight);
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(left, width - windowWidth);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(top, height - windowHeight);
        fixed (byte* from = photo.Bytes)
        {
            if (resampling == Resampling.Nearest)
            {
                PickNearest((uint*)from, photo.Width, photo.Height, width, height, left, top, windowWidth, windowHeight, to, bytesPerPixel);
                return;
            }

            var columns = new ResamplingCoefficients(photo.Width, width, left, windowWidth, resampling);
            var rows = new ResamplingCoefficients(photo.Height, height, top, windowHeight, resampling);
            int firstRow = rows.Starts[0];
            int rowCount = rows.Starts[^1] + rows.Counts[^1] - firstRow;
            int stride = windowWidth * 4;

            // The last row is written in blocks of 16 bytes.
            byte[] between = PixelPool.Rent(checked(rowCount * stride + 16));
            try
            {
                fixed (byte* narrowed = between)
                {
                    NarrowRows((uint*)from + (nint)firstRow * photo.Width, photo.Width, rowCount, columns, (uint*)narrowed);
                    MixRows(narrowed, stride, firstRow, rows, to, bytesPerPixel);
                }
            }
            finally
            {
                PixelPool.Return(between);
            }
        }
    }

    // Vector code is slow until it is optimised, and a process may resize one photo only.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void NarrowRows(uint* from, int fromWidth, int rowCount, in ResamplingCoefficients columns, uint* to)
    {
        fixed (int* starts = columns.Starts, counts = columns.Counts, weights = columns.Weights)
        {
            int width = columns.Starts.Length;
            for (int y = 0; y < rowCount; y++, from += fromWidth)
            {
                int* weight = weights;
                for (int x = 0; x < width; x++, weight += columns.Stride)
                {
                    uint* pixel = from + starts[x];
                    Vector128<int> sum = Vector128.Create(1 << (ResamplingCoefficients.PrecisionBits - 1));
                    int taps = counts[x];
                    for (int k = 0; k < taps; k++)
                    {
                        sum += Widen(pixel[k]) * weight[k];
                    }

                    Vector128<int> bytes = ToBytes(sum);
                    Vector128<ushort> halves = Vector128.Narrow(bytes.AsUInt32(), bytes.AsUInt32());
                    *to++ = Vector128.Narrow(halves, halves).AsUInt32().ToScalar();
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void MixRows(byte* from, int stride, int firstRow, in ResamplingCoefficients rows, byte* to, int bytesPerPixel)
    {
        Span<byte> spare = stackalloc byte[16];
        int width = stride / 4;
        for (int y = 0; y < rows.Starts.Length; y++, to += width * bytesPerPixel)
        {
            byte* row = from + (nint)(rows.Starts[y] - firstRow) * stride;
            ReadOnlySpan<int> weights = rows.Weights.AsSpan(y * rows.Stride, rows.Counts[y]);
            for (int x = 0; x < width; x += 4)
            {
                Vector128<int> rounding = Vector128.Create(1 << (ResamplingCoefficients.PrecisionBits - 1));
                Vector128<int> a = rounding, b = rounding, c = rounding, d = rounding;
                byte* pixels = row + x * 4;
                foreach (int weight in weights)
                {
                    (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.Load(pixels));
                    (Vector128<uint> first, Vector128<uint> second) = Vector128.Widen(low);
                    (Vector128<uint> third, Vector128<uint> fourth) = Vector128.Widen(high);
                    a += first.AsInt32() * weight;
                    b += second.AsInt32() * weight;
                    c += third.AsInt32() * weight;
                    d += fourth.AsInt32() * weight;
                    pixels += stride;
                }

                Vector128<byte> four = Vector128.Narrow(
                    Vector128.Narrow(ToBytes(a).AsUInt32(), ToBytes(b).AsUInt32()),
                    Vector128.Narrow(ToBytes(c).AsUInt32(), ToBytes(d).AsUInt32()));
                if (bytesPerPixel == 3)
                {
                    four = Vector128.Shuffle(four, Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 15, 15, 15, 15));
                }

                // A whole vector may only be stored where it stays inside of the row.
                byte* target = to + x * bytesPerPixel;
                int left = (width - x) * bytesPerPixel;
                if (left >= 16)
                {
                    four.Store(target);
                }
                else
                {
                    four.CopyTo(spare);
                    spare[..Math.Min(left, 4 * bytesPerPixel)].CopyTo(new Span<byte>(target, left));
                }
            }
        }
    }

    private static unsafe void PickNearest(
        uint* from, int fromWidth, int fromHeight, int width, int height, int left, int top, int windowWidth, int windowHeight, byte* to,
        int bytesPerPixel)
    {
        int[] columns = NearestPlaces(fromWidth, width, left, windowWidth);
        int[] rows = NearestPlaces(fromHeight, height, top, windowHeight);
        foreach (int y in rows)
        {
            uint* row = from + (nint)y * fromWidth;
            foreach (int x in columns)
            {
                uint pixel = row[x];
                to[0] = (byte)pixel;
                to[1] = (byte)(pixel >> 8);
                to[2] = (byte)(pixel >> 16);
                if (bytesPerPixel == 4)
                {
                    to[3] = 255;
                }

                to += bytesPerPixel;
            }
        }
    }

    // Pillow adds the scale up instead of multiplying, which decides where the sum meets a whole number.
    private static int[] NearestPlaces(int fromLength, int length, int first, int count)
    {
        var places = new int[count];
        double scale = (double)fromLength / length;
        double place = scale * 0.5;
        for (int i = 0; i < first + count; i++, place += scale)
        {
            if (i >= first)
            {
                places[i - first] = Math.Min((int)place, fromLength - 1);
            }
        }

        return places;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Widen(uint pixel) =>
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(pixel).AsByte())).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> ToBytes(Vector128<int> sum) =>
        Vector128.Max(Vector128.Min(sum >> ResamplingCoefficients.PrecisionBits, Vector128.Create(255)), Vector128<int>.Zero);
}
