using SkiaSharp;

namespace ClassActivation.Drawing;

/// <summary>Draws the colours of a map from low to high, with what threshold and level line do to them.</summary>
internal static class ColorBar
{
    private static readonly SKColor Frame = new(0x80, 0x80, 0x80);
    private static readonly SKColor Untinted = new(0xf2, 0xf2, 0xf2);

    /// <param name="canvas">Where to draw.</param>
    /// <param name="place">The bar's place.</param>
    /// <param name="colormap">The colours.</param>
    /// <param name="threshold">The share of the bar that is left without colour, 0 to 1.</param>
    /// <param name="contour">Where on the bar a level line is marked, 0 to 1.</param>
    public static void Draw(SKCanvas canvas, SKRect place, Colormap colormap, double? threshold = null, double? contour = null)
    {
        place = SKRect.Create(
            MathF.Round(place.Left),
            MathF.Round(place.Top),
            MathF.Max(1, MathF.Round(place.Width)),
            MathF.Max(3, MathF.Round(place.Height)));
        using var paint = new SKPaint { IsAntialias = false };
        int width = (int)place.Width;
        for (int i = 0; i < width; i++)
        {
            double value = (i + 0.5) / width;
            (byte red, byte green, byte blue) = colormap[(int)(value * Colormap.Size)];
            paint.Color = value < threshold ? Untinted : new SKColor(red, green, blue);
            canvas.DrawRect(place.Left + i, place.Top, 1, place.Height, paint);
        }

        float line = MathF.Max(1, MathF.Round(place.Height / 12));
        Border(canvas, place, line, paint);
        if (contour is { } level)
        {
            // As on the photo: white with a dark edge.
            float x = place.Left + MathF.Round((float)level * (width - line));
            paint.Color = SKColors.Black;
            canvas.DrawRect(x - line, place.Top - line, 3 * line, place.Height + 2 * line, paint);
            paint.Color = SKColors.White;
            canvas.DrawRect(x, place.Top - line, line, place.Height + 2 * line, paint);
        }
    }

    private static void Border(SKCanvas canvas, SKRect place, float line, SKPaint paint)
    {
        paint.Color = Frame;
        canvas.DrawRect(place.Left, place.Top, place.Width, line, paint);
        canvas.DrawRect(place.Left, place.Bottom - line, place.Width, line, paint);
        canvas.DrawRect(place.Left, place.Top, line, place.Height, paint);
        canvas.DrawRect(place.Right - line, place.Top, line, place.Height, paint);
    }
}
