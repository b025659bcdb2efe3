using ClassActivation.Photos;

namespace ClassActivation.Drawing;

/// <summary>Outlines a box: a white line between two dark ones, so that it shows on any background, all of it within the box.</summary>
internal static class BoxPainter
{
    private const uint White = 0xFFFFFFFF;
    private const uint Black = 0xFF000000;

    /// <param name="picture">The picture's pixels from the photo's first column on.</param>
    /// <param name="stride">Pixels from one row of the picture to the next.</param>
    /// <param name="width">The photo's width, which also decides the width of the line.</param>
    /// <param name="height">The photo's height.</param>
    /// <param name="box">The box in pixels of the photo.</param>
    public static void Paint(Span<uint> picture, int stride, int width, int height, PhotoRegion box)
    {
        int left = (int)Math.Clamp(Math.Round(box.Left), 0, width - 1);
        int top = (int)Math.Clamp(Math.Round(box.Top), 0, height - 1);
        int right = (int)Math.Clamp(Math.Round(box.Left + box.Width), left + 1, width);
        int bottom = (int)Math.Clamp(Math.Round(box.Top + box.Height), top + 1, height);
        int core = Math.Max(2, (int)Math.Round(Math.Max(width, height) / 200.0));
        int edge = Math.Max(1, core / 2);
        for (int y = top; y < bottom; y++)
        {
            int inwardY = Math.Min(y - top, bottom - 1 - y);
            Span<uint> row = picture.Slice(y * stride, right);
            for (int x = left; x < right; x++)
            {
                int inward = Math.Min(inwardY, Math.Min(x - left, right - 1 - x));
                if (inward < core + (2 * edge))
                {
                    row[x] = inward >= edge && inward < edge + core ? White : Black;
                }
            }
        }
    }
}
