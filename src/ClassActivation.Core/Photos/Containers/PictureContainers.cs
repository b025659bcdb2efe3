namespace ClassActivation.Photos.Containers;

/// <summary>Reads and writes the metadata of JPEG, PNG and WebP files without touching their pixels.</summary>
internal static class PictureContainers
{
    private const int StartLength = 12;

    private static readonly IPictureContainer[] All = [new JpegContainer(), new PngContainer(), new WebpContainer()];

    /// <summary>The metadata of a file; none where it is damaged or of another format.</summary>
    /// <param name="picture">A stream that can seek, at the start of the file.</param>
    /// <param name="parts">What to read.</param>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static PictureMetadata Read(Stream picture, PictureParts parts = PictureParts.All)
    {
        Span<byte> start = stackalloc byte[StartLength];
        long position = picture.Position;
        int read = picture.ReadAtLeast(start, StartLength, throwOnEndOfStream: false);
        picture.Position = position;
        return Find(start[..read])?.Read(picture, parts) ?? new PictureMetadata();
    }

    /// <summary>The metadata of a file in memory; none where it is damaged or of another format.</summary>
    public static unsafe PictureMetadata Read(ReadOnlySpan<byte> picture, PictureParts parts = PictureParts.All)
    {
        if (picture.IsEmpty)
        {
            return new PictureMetadata();
        }

        fixed (byte* bytes = picture)
        {
            using var stream = new UnmanagedMemoryStream(bytes, picture.Length);
            return Read(stream, parts);
        }
    }

    /// <summary>The file with other metadata; the pixels' bytes stay as they are.</summary>
    /// <param name="picture">A whole, sound JPEG, PNG or WebP.</param>
    /// <param name="xmp">The XMP packet to set, at most <see cref="PictureMetadata.LongestXmp"/> bytes; null leaves the file's.</param>
    /// <param name="icc">
    /// The colour profile to set, at most <see cref="PictureMetadata.LongestProfile"/> bytes; null leaves the file's.
    /// </param>
    /// <exception cref="InvalidDataException">The file is damaged or of another format.</exception>
    public static byte[] With(ReadOnlySpan<byte> picture, byte[]? xmp = null, byte[]? icc = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(xmp?.Length ?? 0, PictureMetadata.LongestXmp, nameof(xmp));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(icc?.Length ?? 0, PictureMetadata.LongestProfile, nameof(icc));
        IPictureContainer container = Find(picture) ?? throw new InvalidDataException("The picture is no JPEG, PNG or WebP.");
        return xmp is null && icc is null ? picture.ToArray() : container.With(picture, xmp, icc);
    }

    private static IPictureContainer? Find(ReadOnlySpan<byte> start)
    {
        foreach (IPictureContainer container in All)
        {
            if (start.Length >= StartLength && container.Recognizes(start))
            {
                return container;
            }
        }

        return null;
    }
}
