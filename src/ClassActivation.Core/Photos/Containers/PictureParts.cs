namespace ClassActivation.Photos.Containers;

/// <summary>Which parts of a picture's metadata to read.</summary>
[Flags]
internal enum PictureParts
{
    /// <summary>The XMP packet.</summary>
    Xmp = 1,

    /// <summary>The EXIF data.</summary>
    Exif = 2,

    /// <summary>The colour profile.</summary>
    Icc = 4,

    /// <summary>Everything.</summary>
    All = Xmp | Exif | Icc,
}
