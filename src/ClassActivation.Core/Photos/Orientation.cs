using SkiaSharp;

namespace ClassActivation.Photos;

/// <summary>The eight EXIF orientations (TIFF 6.0, tag 274): from the stored rows and columns to the upright picture.</summary>
internal static class Orientation
{
    // A tile of 32×32 pixels is 4 KB on either side, so that both stay in the first-level cache while turning.
    private const int Tile = 32;

    public static (int Width, int Height) UprightSize(int width, int height, SKEncodedOrigin origin) =>
        SwapsSides(origin) ? (height, width) : (width, height);

    public static unsafe void TurnUpright(uint* stored, int storedWidth, int storedHeight, SKEncodedOrigin origin, uint* upright)
    {
        // The stored pixel of upright (x, y) is first + x · alongX + y · alongY.
        nint w = storedWidth, right = storedWidth - 1, bottom = (nint)(storedHeight - 1) * storedWidth;
        (nint first, nint alongX, nint alongY) = origin switch
        {
            SKEncodedOrigin.TopRight => (right, -1, w),
            SKEncodedOrigin.BottomRight => (bottom + right, -1, -w),
            SKEncodedOrigin.BottomLeft => (bottom, 1, -w),
            SKEncodedOrigin.LeftTop => (0, w, 1),
            SKEncodedOrigin.RightTop => (bottom, -w, (nint)1),
            SKEncodedOrigin.RightBottom => (bottom + right, -w, -1),
            SKEncodedOrigin.LeftBottom => (right, w, -1),
            _ => ((nint)0, (nint)1, w),
        };
        (int width, int height) = UprightSize(storedWidth, storedHeight, origin);
        for (int top = 0; top < height; top += Tile)
        {
            int tileBottom = Math.Min(top + Tile, height);
            for (int left = 0; left < width; left += Tile)
            {
                int tileRight = Math.Min(left + Tile, width);
                for (int y = top; y < tileBottom; y++)
                {
                    uint* from = stored + first + left * alongX + y * alongY;
                    uint* to = upright + (nint)y * width + left;
                    for (int x = left; x < tileRight; x++, from += alongX)
                    {
                        *to++ = *from;
                    }
                }
            }
        }
    }

    private static bool SwapsSides(SKEncodedOrigin origin) => origin >= SKEncodedOrigin.LeftTop;
}
