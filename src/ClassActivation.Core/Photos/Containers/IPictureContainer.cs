namespace ClassActivation.Photos.Containers;

/// <summary>A file format that keeps pixels and metadata in parts of their own.</summary>
internal interface IPictureContainer
{
    /// <summary>Whether a file with these first bytes, 12 or more, is of the format.</summary>
    bool Recognizes(ReadOnlySpan<byte> start);

    /// <summary>Reads the metadata and passes over the pixels. A damaged file gives what can be read of it.</summary>
    /// <param name="picture">A stream that can seek, at the start of the file.</param>
    /// <param name="parts">What to read. A reader that has all it was asked for goes no further.</param>
    PictureMetadata Read(Stream picture, PictureParts parts);

    /// <summary>The file with other metadata; the pixels' bytes stay as they are.</summary>
    /// <param name="picture">A whole, sound file.</param>
    /// <param name="xmp">The XMP packet to set, at most <see cref="PictureMetadata.LongestXmp"/> bytes; null leaves the file's.</param>
    /// <param name="icc">
    /// The colour profile to set, at most <see cref="PictureMetadata.LongestProfile"/> bytes; null leaves the file's.
    /// </param>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    byte[] With(ReadOnlySpan<byte> picture, byte[]? xmp, byte[]? icc);
}
