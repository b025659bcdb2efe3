using System.Runtime.InteropServices;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Drawing;

/// <summary>
/// Draws a map over a photo: <c>h · colour(value) + (1 − h) · (i · photo + (1 − i) · white)</c> with the opacities h of
/// the map and i of the photo.
/// </summary>
public static class OverlayRenderer
{
    private const uint White = 0xFFFFFFFF;

    // Two threads draw 2 megapixels in less time than one; of a smaller picture the second only takes another photo's place.
    private const int PixelsWorthAThread = 1_000_000;

    /// <summary>Draws a map over a photo.</summary>
    /// <param name="photo">The photo; not changed.</param>
    /// <param name="grid">The map's raw values, row-major, <c>rows × columns</c>.</param>
    /// <param name="rows">Rows of the map.</param>
    /// <param name="columns">Columns of the map.</param>
    /// <param name="options">How it is drawn.</param>
    /// <returns>A picture of the photo's decoded size, or twice its width for <see cref="OverlayLayout.SideBySide"/>.</returns>
    /// <exception cref="ArgumentException">
    /// The map does not fit its size or holds a value that is not finite; an opacity is not within 0 … 1.
    /// </exception>
    public static Photo Draw(Photo photo, ReadOnlySpan<float> grid, int rows, int columns, OverlayOptions options)
    {
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentNullException.ThrowIfNull(options);
        GridUpsampler.CheckGrid(grid, rows, columns);
        CheckOpacity(options.HeatmapOpacity, nameof(options.HeatmapOpacity));
        CheckOpacity(options.ImageOpacity, nameof(options.ImageOpacity));
        if (options.Interpolation == Interpolation.Bicubic)
        {
            (float[] fine, rows, columns) = SmoothGrid.Refine(grid, rows, columns, options.Upsampling);
            grid = fine;
        }

        PhotoRegion covered = InDecodedPixels(photo, options.Covered);
        var x = new GridAxis(columns, photo.Width, covered.Left, covered.Width, options.Upsampling);
        var y = new GridAxis(rows, photo.Height, covered.Top, covered.Height, options.Upsampling);
        double[] cells = HeatmapNormalizer.Normalize(grid, columns, x, y, options.Normalization);
        int left = options.Layout == OverlayLayout.SideBySide ? photo.Width : 0;
        int width = left + photo.Width;
        var pixels = PixelBuffer.Rent(checked(width * photo.Height * 4));
        bool heatmapOnly = options.Layout == OverlayLayout.Heatmap;
        var blend = new HeatmapBlend(options.Colormap, heatmapOnly ? 1 : options.HeatmapOpacity, options.ImageOpacity);
        double threshold = options.Threshold ?? double.NegativeInfinity;
        int bands = Math.Clamp(photo.Width * photo.Height / PixelsWorthAThread, 1, Environment.ProcessorCount);
        if (bands == 1)
        {
            DrawRows(0, photo.Height);
        }
        else
        {
            Parallel.For(0, bands, band => DrawRows(Row(band), Row(band + 1)));
        }

        Span<uint> picture = MemoryMarshal.Cast<byte, uint>(pixels.Span);
        if (options.Contour is { } level)
        {
            ContourPainter.Paint(picture[left..], width, cells, columns, x, y, level, Math.Max(photo.Width, photo.Height));
        }

        foreach (PhotoRegion box in options.Boxes)
        {
            BoxPainter.Paint(picture[left..], width, photo.Width, photo.Height, InDecodedPixels(photo, box));
        }

        return new Photo(width, photo.Height, pixels);

        int Row(int band) => (int)((long)photo.Height * band / bands);

        void DrawRows(int first, int end)
        {
            var line = new GridLine(cells, columns);
            Span<uint> picture = MemoryMarshal.Cast<byte, uint>(pixels.Span);
            ReadOnlySpan<uint> original = MemoryMarshal.Cast<byte, uint>(photo.Bytes);
            for (int row = first; row < end; row++)
            {
                ReadOnlySpan<uint> from = original.Slice(row * photo.Width, photo.Width);
                Span<uint> to = picture.Slice(row * width + left, photo.Width);
                if (left > 0)
                {
                    from.CopyTo(picture[(row * width)..]);
                }

                if (heatmapOnly)
                {
                    to.Fill(White);
                }
                else
                {
                    from.CopyTo(to);
                }

                if (row >= y.First && row < y.First + y.Length)
                {
                    line.MoveTo(y, row - y.First);
                    blend.Tint(from[x.First..], line, x, threshold, to[x.First..]);
                }
            }
        }
    }

    private static PhotoRegion InDecodedPixels(Photo photo, PhotoRegion? covered)
    {
        if (covered is not { } region)
        {
            return new PhotoRegion(0, 0, photo.Width, photo.Height);
        }

        double acrossX = (double)photo.Width / photo.FullWidth;
        double acrossY = (double)photo.Height / photo.FullHeight;
        return new PhotoRegion(region.Left * acrossX, region.Top * acrossY, region.Width * acrossX, region.Height * acrossY);
    }

    private static void CheckOpacity(double opacity, string name)
    {
        if (opacity is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(name, opacity, "An opacity lies between 0 and 1.");
        }
    }
}
