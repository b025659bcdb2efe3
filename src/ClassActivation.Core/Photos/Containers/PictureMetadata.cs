namespace ClassActivation.Photos.Containers;

/// <summary>What a picture file says beside its pixels. What a file lacks is null.</summary>
/// <param name="Xmp">The XMP packet: XML in UTF-8 (ISO 16684-1).</param>
/// <param name="Exif">The EXIF data from its TIFF header on: the first bytes are <c>II</c> or <c>MM</c>.</param>
/// <param name="Icc">The ICC colour profile.</param>
internal sealed record PictureMetadata(byte[]? Xmp = null, byte[]? Exif = null, byte[]? Icc = null)
{
    /// <summary>The longest XMP packet, in bytes, that every format can hold: a JPEG's segment takes no more.</summary>
    public const int LongestXmp = 65_502;

    /// <summary>The longest EXIF data or XMP packet that is read.</summary>
    public const int LongestText = 1 << 20;

    /// <summary>The longest colour profile: what the 255 segments of a JPEG can hold.</summary>
    public const int LongestProfile = 255 * 65_519;

    private static ReadOnlySpan<byte> ExifMark => "Exif\0\0"u8;

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => Xmp is null && Exif is null && Icc is null;

    /// <summary>
    /// EXIF data from their TIFF header on: some programs write the mark of a JPEG's segment before it in other formats too.
    /// </summary>
    public static byte[]? WithoutExifMark(byte[]? exif)
    {
        while (exif.AsSpan().StartsWith(ExifMark))
        {
            exif = exif![ExifMark.Length..];
        }

        return exif;
    }
}
