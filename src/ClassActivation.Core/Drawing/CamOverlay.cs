using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Drawing;

/// <summary>Draws class activation maps over the photos they explain.</summary>
public static class CamOverlay
{
    /// <summary>Draws a map over its photo.</summary>
    /// <param name="map">The map.</param>
    /// <param name="source">Where the photo's bytes are.</param>
    /// <param name="options">How to draw.</param>
    /// <param name="maxSize">The longest side in pixels that the photo is drawn at; null draws it at its own size.</param>
    /// <exception cref="PhotoException">The photo cannot be read, or has another size than the one that the map explains.</exception>
    public static Photo Draw(ClassActivationMap map, PhotoSource source, OverlayOptions options, int? maxSize = null)
    {
        using SharedPhoto.Use decoded = RecentPhotos.Decode(source, longerSideAtLeast: maxSize);
        Photo whole = map.Check(decoded.Photo, source);
        Photo photo = maxSize is { } limit ? whole.ShrinkToFit(limit) : whole;
        if (options.Layout == OverlayLayout.SideBySide && 8L * photo.Width * photo.Height > Array.MaxLength)
        {
            throw source.Failed(
                PhotoFailure.TooLarge,
                $"is too large to be drawn side by side with its {photo.Width}×{photo.Height} pixels; draw it smaller");
        }

        StageClock.Mark("decoding");
        Photo picture = OverlayRenderer.Draw(photo, map.Values, map.Rows, map.Columns, options with { Covered = map.Coverage });
        if (photo != whole)
        {
            photo.Recycle();
        }

        StageClock.Mark("drawing");
        return picture;
    }

    /// <summary>Draws a map over its photo at a given size, from as few of the photo's pixels as that needs.</summary>
    /// <param name="map">The map.</param>
    /// <param name="source">Where the photo's bytes are.</param>
    /// <param name="options">How to draw.</param>
    /// <param name="width">The width in pixels that the photo is drawn at, in whatever shape.</param>
    /// <param name="height">The height in pixels that the photo is drawn at.</param>
    /// <exception cref="PhotoException">The photo cannot be read, or has another size than the one that the map explains.</exception>
    public static Photo Draw(ClassActivationMap map, PhotoSource source, OverlayOptions options, int width, int height)
    {
        Photo photo = map.Check(PhotoDecoder.Decode(source, longerSideAtLeast: 2 * Math.Max(width, height)), source);
        return OverlayRenderer.Draw(
            SrgbColors.Of(Resampler.Resize(photo, width, height, Resampling.Bicubic), source), map.Values, map.Rows, map.Columns,
            options with { Covered = map.Coverage });
    }
}
