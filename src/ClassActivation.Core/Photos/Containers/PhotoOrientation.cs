using System.Text;

namespace ClassActivation.Photos.Containers;

/// <summary>
/// How a picture is to be turned, whatever its format: by its EXIF data. Where those of a PNG do not say, its XMP packet may: for
/// twenty years the format had no place for EXIF data.
/// </summary>
internal static class PhotoOrientation
{
    private const int Upright = 1;

    private static readonly byte[] XmpProperty = Encoding.ASCII.GetBytes("tiff:Orientation");

    /// <summary>The orientation, 1 to 8 as in EXIF (TIFF 6.0, tag 274); 1 where nothing says another.</summary>
    /// <param name="picture">The file.</param>
    public static int Of(ReadOnlySpan<byte> picture)
    {
        PictureParts parts = picture.StartsWith(PngStructure.Start) ? PictureParts.Exif | PictureParts.Xmp : PictureParts.Exif;
        PictureMetadata metadata = PictureContainers.Read(picture, parts);
        // The library is loaded for photos with EXIF data only: a first map waits for nothing that it does not need.
        int? orientation = metadata.Exif is { } exif ? ExifOrientation.Read(exif) : null;
        return (orientation ?? (metadata.Xmp is { } xmp ? InXmp(xmp) : null)) is >= 1 and <= 8 and int known ? known : Upright;
    }

    // An attribute or an element: tiff:Orientation="6", <tiff:Orientation>6.
    private static int? InXmp(ReadOnlySpan<byte> xmp)
    {
        for (int at; (at = xmp.IndexOf(XmpProperty)) >= 0;)
        {
            xmp = xmp[(at + XmpProperty.Length)..];
            ReadOnlySpan<byte> value = xmp.StartsWith("=\""u8) ? xmp[2..] : xmp.StartsWith(">"u8) ? xmp[1..] : default;
            if (value.Length > 0 && value[0] is >= (byte)'0' and <= (byte)'9')
            {
                return value[0] - '0';
            }
        }

        return null;
    }
}
