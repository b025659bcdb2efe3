using ClassActivation.Photos;

namespace ClassActivation.Localization;

/// <summary>Cuts regions out of their photos.</summary>
public static class RegionCrop
{
    /// <summary>Cuts out the box of a region.</summary>
    /// <param name="photo">The upright photo at its full size.</param>
    /// <param name="region">The region.</param>
    /// <param name="padding">How much of the photo to keep around the box, as a share of its width and height on each side.</param>
    /// <param name="square">Whether to lengthen the shorter side to a square, as far as the photo permits.</param>
    /// <exception cref="ArgumentException">The photo does not have the size of the one that the region was found in.</exception>
    public static Photo Cut(Photo photo, CamRegion region, double padding = 0, bool square = false)
    {
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentNullException.ThrowIfNull(region);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        if (photo.Width != region.ActivationMap.PhotoWidth || photo.Height != region.ActivationMap.PhotoHeight)
        {
            throw new ArgumentException(
                $"The region was found in a photo of {region.ActivationMap.PhotoWidth}×{region.ActivationMap.PhotoHeight} pixels, not"
                + $" {photo.Width}×{photo.Height}.", nameof(photo));
        }

        double width = region.Width * (1 + (2 * padding));
        double height = region.Height * (1 + (2 * padding));
        if (square)
        {
            width = height = Math.Max(width, height);
        }

        (int left, int columns) = Span(region.Left + (region.Width / 2.0), width, photo.Width, staysWhole: square);
        (int top, int rows) = Span(region.Top + (region.Height / 2.0), height, photo.Height, staysWhole: square);
        var pixels = GC.AllocateUninitializedArray<byte>(columns * rows * 4);
        for (int row = 0; row < rows; row++)
        {
            photo.Bytes.Slice((((top + row) * photo.Width) + left) * 4, columns * 4).CopyTo(pixels.AsSpan(row * columns * 4));
        }

        return new Photo(columns, rows, pixels);
    }

    // Beyond an edge of the photo there is nothing: a square is shifted inwards, another crop becomes smaller.
    private static (int First, int Length) Span(double center, double length, int limit, bool staysWhole)
    {
        int wanted = (int)Math.Min(Math.Round(length), int.MaxValue / 2);
        int first = (int)Math.Round(center - (wanted / 2.0));
        if (staysWhole)
        {
            wanted = Math.Min(wanted, limit);
            return (Math.Clamp(first, 0, limit - wanted), wanted);
        }

        int last = Math.Min(first + wanted, limit);
        first = Math.Max(first, 0);
        return (first, last - first);
    }
}
