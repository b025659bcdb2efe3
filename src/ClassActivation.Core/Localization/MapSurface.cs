using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Localization;

/// <summary>
/// A map spread over its photo, pixel by pixel, and the values that count as 0 and 1. Photos of more than
/// <see cref="MaxPixels"/> are worked on at a smaller size of the same shape, so that the work stays bounded.
/// </summary>
internal sealed class MapSurface
{
    /// <summary>The largest number of pixels that are worked on.</summary>
    public const int MaxPixels = 1 << 20;

    private readonly double _zero;
    private readonly double _one;

    /// <summary>Spreads a map. The part of the photo that the network did not see holds NaN.</summary>
    /// <param name="map">The map; what the normalisation cuts off is cut off before, as when the map is drawn.</param>
    /// <param name="normalization">Which values are 0 and 1.</param>
    /// <param name="upsampling">Where the map's cells lie in the photo.</param>
    public MapSurface(ClassActivationMap map, HeatmapNormalization normalization, Upsampling upsampling)
    {
        double shrink = Math.Min(1, Math.Sqrt(MaxPixels / ((double)map.PhotoWidth * map.PhotoHeight)));
        Width = Math.Max(1, (int)(map.PhotoWidth * shrink));
        Height = Math.Max(1, (int)(map.PhotoHeight * shrink));
        PixelWidth = (double)map.PhotoWidth / Width;
        PixelHeight = (double)map.PhotoHeight / Height;
        float[] cells = Array.ConvertAll(map.Values, value => normalization switch
        {
            HeatmapNormalization.Positive => Math.Max(value, 0),
            HeatmapNormalization.None => Math.Clamp(value, 0, 1),
            _ => value,
        });
        PhotoRegion covered = map.Coverage;
        Values = GridUpsampler.Upsample(
            cells,
            map.Rows,
            map.Columns,
            Width,
            Height,
            upsampling,
            new PhotoRegion(
                covered.Left / PixelWidth, covered.Top / PixelHeight, covered.Width / PixelWidth, covered.Height / PixelHeight));
        (float smallest, float largest) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (float value in Values)
        {
            if (!float.IsNaN(value))
            {
                smallest = Math.Min(smallest, value);
                largest = Math.Max(largest, value);
            }
        }

        float farthest = Math.Max(Math.Abs(smallest), Math.Abs(largest));
        (_zero, _one) = normalization switch
        {
            HeatmapNormalization.MinMax => (smallest, largest),
            HeatmapNormalization.Positive => (0, largest),
            HeatmapNormalization.Symmetric => (-farthest, farthest),
            _ => (0, 1),
        };
    }

    /// <summary>The columns of <see cref="Values"/>.</summary>
    public int Width { get; }

    /// <summary>The rows of <see cref="Values"/>.</summary>
    public int Height { get; }

    /// <summary>The width of one value in pixels of the photo, 1 or more.</summary>
    public double PixelWidth { get; }

    /// <summary>The height of one value in pixels of the photo, 1 or more.</summary>
    public double PixelHeight { get; }

    /// <summary>The map's values, in its own units, row by row.</summary>
    public float[] Values { get; }

    /// <summary>Whether no place stands out: all values are equal, or none is above what counts as 0.</summary>
    public bool IsFlat => !(_one > _zero);

    /// <summary>The value in the map's units of a threshold from 0 to 1.</summary>
    public double LevelOf(double threshold) => _zero + (threshold * (_one - _zero));

    /// <summary>A value from 0 to 1 of one in the map's units; NaN stays NaN.</summary>
    public double Normalize(float value) => (value - _zero) / (_one - _zero);

    /// <summary>The smallest box of whole pixels of the photo that holds a component.</summary>
    public Box BoxOf(Component component) => new(
        (int)(component.Left * PixelWidth),
        (int)(component.Top * PixelHeight),
        (int)Math.Ceiling(component.Right * PixelWidth),
        (int)Math.Ceiling(component.Bottom * PixelHeight));
}
