namespace ClassActivation.Photos;

/// <summary>From the size of a photo to the size of a network's input, and back to the part of the photo which that input covers.</summary>
/// <param name="ResizedWidth">Width to which the whole photo is resized.</param>
/// <param name="ResizedHeight">Height to which the whole photo is resized.</param>
/// <param name="CropLeft">First column of the resized photo that is part of the input; below 0 for a margin left of the photo.</param>
/// <param name="CropTop">First row of the resized photo that is part of the input; below 0 for a margin above the photo.</param>
/// <param name="InputWidth">Width of the input.</param>
/// <param name="InputHeight">Height of the input.</param>
/// <param name="Covered">
/// The part of the full-size photo that the input covers; it reaches beyond the photo where the input has a margin.
/// </param>
public readonly record struct InputGeometry(
    int ResizedWidth, int ResizedHeight, int CropLeft, int CropTop, int InputWidth, int InputHeight, PhotoRegion Covered)
{
    /// <summary>The smallest resolution: at 32 pixels a network that halves its input five times has one cell left.</summary>
    public const int MinResolution = 32;

    /// <summary>The largest resolution.</summary>
    public const int MaxResolution = 4096;

    /// <summary>The longest side of an input with <see cref="InputFit.FullFrame"/>, in resolutions.</summary>
    public const int MaxAspect = 4;

    /// <summary>Computes the geometry.</summary>
    /// <param name="photoWidth">Width of the full-size upright photo.</param>
    /// <param name="photoHeight">Height of the full-size upright photo.</param>
    /// <param name="fit">
    /// How the photo is fitted. With <see cref="InputFit.FullFrame"/> the longer side is at most
    /// <see cref="MaxAspect"/> resolutions: a panorama beyond that is still covered from edge to edge, but squeezed along
    /// its longer side, so that its shorter side keeps the resolution (and the map its rows) and the cost stays bounded.
    /// </param>
    /// <param name="resolution">The shorter side of the input in pixels, 32 to 4096.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or the resolution is out of its range.</exception>
    public static InputGeometry Compute(int photoWidth, int photoHeight, InputFit fit, int resolution)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(photoWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(photoHeight);
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, MinResolution);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(resolution, MaxResolution);
        var whole = new PhotoRegion(0, 0, photoWidth, photoHeight);
        switch (fit)
        {
            case InputFit.FullFrame:
                double ratio = (double)Math.Max(photoWidth, photoHeight) / Math.Min(photoWidth, photoHeight);
                int longer = ratio >= MaxAspect
                    ? MaxAspect * resolution
                    : (int)Math.Round((double)Math.Max(photoWidth, photoHeight) * resolution / Math.Min(photoWidth, photoHeight));
                (int width, int height) = photoWidth >= photoHeight ? (longer, resolution) : (resolution, longer);
                return new InputGeometry(width, height, 0, 0, width, height, whole);
            case InputFit.Stretch:
                return new InputGeometry(resolution, resolution, 0, 0, resolution, resolution, whole);
            case InputFit.CenterCrop:
                return CenterCrop(photoWidth, photoHeight, resolution, (int)Math.Round(resolution * 256 / 224.0));
            case InputFit.CenterSquare:
                return CenterCrop(photoWidth, photoHeight, resolution, resolution);
            case InputFit.Letterbox:
                return Letterbox(photoWidth, photoHeight, resolution);
            default:
                throw new ArgumentOutOfRangeException(nameof(fit));
        }
    }

    private static InputGeometry CenterCrop(int photoWidth, int photoHeight, int resolution, int shorter)
    {
        int longer = (int)Math.Min(
            Math.Round((double)shorter * Math.Max(photoWidth, photoHeight) / Math.Min(photoWidth, photoHeight)), int.MaxValue);
        (int width, int height) = photoWidth >= photoHeight ? (longer, shorter) : (shorter, longer);
        return Square(photoWidth, photoHeight, width, height, (width - resolution) / 2, (height - resolution) / 2, resolution);
    }

    // What is left over is halved; of an odd rest the greater half is right and below.
    private static InputGeometry Letterbox(int photoWidth, int photoHeight, int resolution)
    {
        int shorter = Math.Max(
            1, (int)Math.Round((double)resolution * Math.Min(photoWidth, photoHeight) / Math.Max(photoWidth, photoHeight)));
        (int width, int height) = photoWidth >= photoHeight ? (resolution, shorter) : (shorter, resolution);
        return Square(photoWidth, photoHeight, width, height, -((resolution - width) / 2), -((resolution - height) / 2), resolution);
    }

    private static InputGeometry Square(int photoWidth, int photoHeight, int width, int height, int left, int top, int resolution)
    {
        double acrossX = (double)photoWidth / width;
        double acrossY = (double)photoHeight / height;
        var covered = new PhotoRegion(left * acrossX, top * acrossY, resolution * acrossX, resolution * acrossY);
        return new InputGeometry(width, height, left, top, resolution, resolution, covered);
    }
}
