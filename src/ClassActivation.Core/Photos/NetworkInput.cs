namespace ClassActivation.Photos;

/// <summary>What a network sees of a photo: packed RGB bytes, <c>1 × Height × Width × 3</c>.</summary>
public sealed class NetworkInput
{
    private readonly PixelBuffer _buffer;
    private byte[]? _pixels;

    internal NetworkInput(int width, int height, byte[] pixels)
        : this(width, height, PixelBuffer.Of(pixels))
    {
    }

    private NetworkInput(int width, int height, PixelBuffer pixels)
    {
        Width = width;
        Height = height;
        _buffer = pixels;
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>RGB bytes, row-major, <c>Height × Width × 3</c>; to be read, not changed.</summary>
    public byte[] Pixels => _pixels ??= _buffer.ToArray();

    /// <summary>The bytes of <see cref="Pixels"/> themselves.</summary>
    internal Memory<byte> Memory => _buffer.Memory;

    /// <summary>Fits and resizes a photo. The size depends on the full-size photo only, not on the scale at which it was decoded.</summary>
    /// <param name="photo">The photo.</param>
    /// <param name="fit">How the photo is fitted, see <see cref="InputGeometry.Compute"/>.</param>
    /// <param name="resolution">The shorter side of the input in pixels, 32 to 4096.</param>
    /// <param name="resampling">The filter.</param>
    /// <param name="margin">The colour of the margin that <see cref="InputFit.Letterbox"/> leaves.</param>
    public static NetworkInput Create(Photo photo, InputFit fit, int resolution, Resampling resampling, MarginColor margin = default)
    {
        ArgumentNullException.ThrowIfNull(photo);
        InputGeometry geometry = InputGeometry.Compute(photo.FullWidth, photo.FullHeight, fit, resolution);
        var pixels = PixelBuffer.Rent(geometry.InputWidth * geometry.InputHeight * 3);
        if (geometry.ResizedWidth < geometry.InputWidth || geometry.ResizedHeight < geometry.InputHeight)
        {
            Pad(photo, geometry, resampling, margin, pixels.Span);
            return new NetworkInput(geometry.InputWidth, geometry.InputHeight, pixels);
        }

        Resampler.ResizeToRgb(
            photo,
            geometry.ResizedWidth,
            geometry.ResizedHeight,
            geometry.CropLeft,
            geometry.CropTop,
            geometry.InputWidth,
            geometry.InputHeight,
            resampling,
            pixels.Span);
        return new NetworkInput(geometry.InputWidth, geometry.InputHeight, pixels);
    }

    /// <summary>A copy mirrored left to right.</summary>
    public NetworkInput Flip()
    {
        ReadOnlySpan<byte> pixels = Memory.Span;
        var flipped = PixelBuffer.Rent(pixels.Length);
        for (int y = 0; y < Height; y++)
        {
            ReadOnlySpan<byte> from = pixels.Slice(y * Width * 3, Width * 3);
            Span<byte> to = flipped.Span.Slice(y * Width * 3, Width * 3);
            for (int x = 0; x < to.Length; x += 3)
            {
                int mirrored = to.Length - 3 - x;
                to[x] = from[mirrored];
                to[x + 1] = from[mirrored + 1];
                to[x + 2] = from[mirrored + 2];
            }
        }

        return new NetworkInput(Width, Height, flipped);
    }

    private static void Pad(Photo photo, InputGeometry geometry, Resampling resampling, MarginColor margin, Span<byte> pixels)
    {
        (int width, int height) = (geometry.ResizedWidth, geometry.ResizedHeight);
        var resized = PixelBuffer.Rent(width * height * 3);
        Resampler.ResizeToRgb(photo, width, height, 0, 0, width, height, resampling, resized.Span);
        for (int i = 0; i < pixels.Length; i += 3)
        {
            (pixels[i], pixels[i + 1], pixels[i + 2]) = (margin.Red, margin.Green, margin.Blue);
        }

        for (int y = 0; y < height; y++)
        {
            int first = ((y - geometry.CropTop) * geometry.InputWidth) - geometry.CropLeft;
            resized.Span.Slice(y * width * 3, width * 3).CopyTo(pixels[(first * 3)..]);
        }

        resized.Return();
    }

    /// <summary>Lets another input have the memory of this one, which nobody may use from now on.</summary>
    internal void Recycle() => _buffer.Return();
}
