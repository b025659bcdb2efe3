using SkiaSharp;

namespace ClassActivation.Photos;

/// <summary>
/// Turns the colours of photos into those of sRGB, for pictures that show several photos, or are shown where profiles are
/// not heeded. What the network sees is never turned: its training photos were not.
/// </summary>
internal static class SrgbColors
{
    /// <summary>A photo in sRGB; itself where its file says nothing else of its colours.</summary>
    /// <param name="photo">The photo's pixels, of any size; given back where others take their place.</param>
    /// <param name="source">Where the photo's bytes are.</param>
    /// <exception cref="PhotoException">The file cannot be read.</exception>
    public static unsafe Photo Of(Photo photo, PhotoSource source)
    {
        using SKColorSpaceIccProfile? profile = source.ReadProfile() is { } bytes ? SKColorSpaceIccProfile.Create(bytes) : null;
        using SKColorSpace? meant = profile is null ? null : SKColorSpace.CreateIcc(profile);
        if (meant is null || meant.IsSrgb)
        {
            return photo;
        }

        using var srgb = SKColorSpace.CreateSrgb();
        var info = new SKImageInfo(photo.Width, photo.Height, SKColorType.Rgba8888, SKAlphaType.Opaque, meant);
        PixelBuffer pixels = PixelBuffer.Rent(photo.Length);
        fixed (byte* from = photo.Bytes, to = pixels.Span)
        {
            using var pixmap = new SKPixmap(info, (nint)from, info.RowBytes);
            if (!pixmap.ReadPixels(info.WithColorSpace(srgb), (nint)to, info.RowBytes))
            {
                pixels.Return();
                return photo;
            }
        }

        var turned = new Photo(photo.Width, photo.Height, pixels, photo.FullWidth, photo.FullHeight);
        photo.Recycle();
        return turned;
    }
}
