using ClassActivation.Imaging;

namespace ClassActivation.Commands;

/// <summary>Finds the photo of an object again, which may have come through CLIXML, a job or remoting.</summary>
internal static class MapPhoto
{
    /// <summary>The photo's bytes.</summary>
    /// <param name="source">The source, where the object still has it.</param>
    /// <param name="path">The photo's full path, or the name given to a photo from memory.</param>
    /// <param name="maxPixels">The most pixels that it may have; null for what the object's source allows, or the default.</param>
    /// <exception cref="PictureException">The photo came from memory, or from a computer with other paths.</exception>
    public static PhotoSource Find(PhotoSource? source, string path, long? maxPixels)
    {
        PhotoSource photo = source
            ?? (Path.IsPathFullyQualified(path) ? PhotoSource.FromFile(path) : null)
            ?? throw new PictureException(
                PictureFailure.PhotoGone, path, $"The photo '{path}' is not at hand any more: it came from memory, or from another computer.");
        return maxPixels is { } limit ? photo.WithMaxPixels(limit) : photo;
    }
}
