namespace ClassActivation.Photos;

/// <summary>The upright pixels of a picture in memory.</summary>
public sealed class Photo
{
    private readonly PixelBuffer _buffer;
    private byte[]? _pixels;

    /// <summary>Wraps pixels.</summary>
    /// <param name="width">Width in pixels, 1 or more.</param>
    /// <param name="height">Height in pixels, 1 or more.</param>
    /// <param name="pixels">Row-major RGBA, <c>width · height · 4</c> bytes, every alpha 255; not copied.</param>
    /// <param name="fullWidth">Width of the photo as stored; 0 means <paramref name="width"/>.</param>
    /// <param name="fullHeight">Height of the photo as stored; 0 means <paramref name="height"/>.</param>
    /// <exception cref="ArgumentException">The number of bytes does not fit the size.</exception>
    public Photo(int width, int height, byte[] pixels, int fullWidth = 0, int fullHeight = 0)
        : this(width, height, PixelBuffer.Of(pixels ?? throw new ArgumentNullException(nameof(pixels))), fullWidth, fullHeight)
    {
    }

    /// <summary>Takes over pixels; <see cref="Recycle"/> gives them back.</summary>
    internal Photo(int width, int height, PixelBuffer pixels, int fullWidth = 0, int fullHeight = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegative(fullWidth);
        ArgumentOutOfRangeException.ThrowIfNegative(fullHeight);
        if (pixels.Length != 4L * width * height)
        {
            throw new ArgumentException(
                $"A photo of {width}×{height} has {4L * width * height} bytes, not {pixels.Length}.", nameof(pixels));
        }

        Width = width;
        Height = height;
        _buffer = pixels;
        FullWidth = fullWidth == 0 ? width : fullWidth;
        FullHeight = fullHeight == 0 ? height : fullHeight;
    }

    /// <summary>Width of <see cref="Pixels"/>.</summary>
    public int Width { get; }

    /// <summary>Height of <see cref="Pixels"/>.</summary>
    public int Height { get; }

    /// <summary>
    /// sRGB bytes, row-major, 4 bytes per pixel (red, green, blue, 255), <c>Height × Width × 4</c>; to be read, not changed.
    /// </summary>
    public byte[] Pixels => _pixels ??= _buffer.ToArray();

    /// <summary>The bytes of <see cref="Pixels"/> themselves.</summary>
    internal Span<byte> Bytes => _buffer.Span;

    /// <summary>The number of <see cref="Bytes"/>.</summary>
    internal int Length => _buffer.Length;

    /// <summary>The upright width of the photo as stored; larger than <see cref="Width"/> after decoding at reduced scale.</summary>
    public int FullWidth { get; }

    /// <summary>The upright height of the photo as stored; larger than <see cref="Height"/> after decoding at reduced scale.</summary>
    public int FullHeight { get; }

    /// <summary>Lets another photo have the memory of this one, which nobody may use from now on.</summary>
    internal void Recycle() => _buffer.Return();

    /// <summary>The photo with its longer side at most a given length and its shape kept; itself where it is small enough.</summary>
    /// <param name="longerSideAtMost">The largest allowed side in pixels, 1 or more.</param>
    public Photo ShrinkToFit(int longerSideAtMost)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(longerSideAtMost);
        double scale = (double)longerSideAtMost / Math.Max(Width, Height);
        return scale >= 1
            ? this
            : Resampler.Resize(
                this,
                Math.Max(1, (int)Math.Round(Width * scale)),
                Math.Max(1, (int)Math.Round(Height * scale)),
                Resampling.Bicubic);
    }
}
