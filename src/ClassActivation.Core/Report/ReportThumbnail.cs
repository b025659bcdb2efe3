using ClassActivation.Drawing;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Report;

/// <summary>Makes the small pictures of reports.</summary>
public static class ReportThumbnail
{
    /// <summary>Draws a photo small.</summary>
    /// <param name="photo">The photo as the report knows it.</param>
    /// <param name="source">Where the photo's bytes are.</param>
    /// <param name="longerSide">The longer side in pixels, at most.</param>
    /// <param name="format">The picture's format.</param>
    /// <param name="quality">0 to 100; without meaning for PNG.</param>
    /// <exception cref="PhotoException">The photo cannot be read, or is another one than its maps explain.</exception>
    public static ReportPicture Draw(ReportPhoto photo, PhotoSource source, int longerSide, PictureFormat format, int quality)
    {
        ArgumentNullException.ThrowIfNull(photo);
        Photo small = Shrink(photo, source, longerSide);
        ReportPicture picture = Encode(small, format, quality);
        small.Recycle();
        return picture;
    }

    /// <summary>Draws a photo small, and once more with a map over it.</summary>
    /// <param name="photo">The photo as the report knows it.</param>
    /// <param name="map">The map to draw.</param>
    /// <param name="source">Where the photo's bytes are.</param>
    /// <param name="longerSide">The longer side in pixels, at most.</param>
    /// <param name="options">How to draw the map.</param>
    /// <exception cref="PhotoException">The photo cannot be read, or is another one than its maps explain.</exception>
    internal static (ReportPicture Photo, ReportPicture Overlay) DrawWithMap(
        ReportPhoto photo, ClassActivationMap map, PhotoSource source, int longerSide, OverlayOptions options)
    {
        Photo small = Shrink(photo, source, longerSide);
        Photo overlay = OverlayRenderer.Draw(small, map.Values, map.Rows, map.Columns, options with { Covered = map.Coverage });
        (ReportPicture, ReportPicture) pictures = (Encode(small, PictureFormat.Png, 0), Encode(overlay, PictureFormat.Png, 0));
        small.Recycle();
        overlay.Recycle();
        return pictures;
    }

    private static Photo Shrink(ReportPhoto photo, PhotoSource source, int longerSide)
    {
        Photo decoded = PhotoDecoder.Decode(source, longerSideAtLeast: longerSide);
        foreach (ClassActivationMap map in photo.Maps)
        {
            map.Check(decoded, source);
        }

        Photo small = decoded.ShrinkToFit(longerSide);
        if (small != decoded)
        {
            decoded.Recycle();
        }

        return SrgbColors.Of(small, source);
    }

    private static ReportPicture Encode(Photo photo, PictureFormat format, int quality)
    {
        using var content = new MemoryStream();
        PhotoEncoder.Encode(photo, format, quality, content);
        return new ReportPicture(photo.Width, photo.Height, content.ToArray());
    }
}
