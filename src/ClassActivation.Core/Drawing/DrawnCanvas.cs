using System.Runtime.InteropServices;
using ClassActivation.Photos;
using SkiaSharp;

namespace ClassActivation.Drawing;

/// <summary>White pictures to draw on.</summary>
internal static class DrawnCanvas
{
    /// <summary>Makes a white picture and draws on it.</summary>
    /// <param name="width">The picture's width in pixels.</param>
    /// <param name="height">The picture's height in pixels.</param>
    /// <param name="draw">What to draw.</param>
    public static unsafe Photo Create(int width, int height, Action<SKCanvas> draw)
    {
        byte[] pixels = GC.AllocateUninitializedArray<byte>(checked(width * height * 4));
        Array.Fill(pixels, (byte)255);
        fixed (byte* start = pixels)
        {
            using var surface = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque), (nint)start);
            draw(surface.Canvas);
            surface.Flush();
        }

        return new Photo(width, height, pixels);
    }

    /// <summary>Copies a picture's pixels as they are.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="to">The picture to copy into.</param>
    /// <param name="left">The column of its left edge.</param>
    /// <param name="top">The row of its top edge.</param>
    public static void Copy(Photo picture, Photo to, int left, int top)
    {
        ReadOnlySpan<uint> from = MemoryMarshal.Cast<byte, uint>(picture.Bytes);
        Span<uint> target = MemoryMarshal.Cast<byte, uint>(to.Bytes);
        for (int row = 0; row < picture.Height; row++)
        {
            from.Slice(row * picture.Width, picture.Width).CopyTo(target[((top + row) * to.Width + left)..]);
        }
    }
}
