using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>Finds the photo of an object again, which may have come through CSV, JSON, CLIXML, a job or remoting.</summary>
internal static class MapPhoto
{
    /// <summary>The photo's bytes.</summary>
    /// <param name="source">The source, where the object still has it.</param>
    /// <param name="identity">Which photo it is.</param>
    /// <param name="reading">What became of the orientation and the transparency that its file states.</param>
    /// <param name="maxPixels">The most pixels that it may have; null for what the object's source allows, or the default.</param>
    /// <exception cref="PictureException">The photo came from memory, or from a computer with other paths.</exception>
    public static PhotoSource Find(PhotoSource? source, PhotoIdentity identity, PhotoReading reading, long? maxPixels)
    {
        PhotoSource photo = (source
            ?? (!identity.IsFromMemory && Path.IsPathFullyQualified(identity.Path) ? PhotoSource.FromIdentity(identity) : null)
            ?? throw new PictureException(
                PictureFailure.PhotoGone, identity.Path,
                $"The photo '{identity.Path}' is not at hand any more: it came from memory,"
                + " or from another computer.")).WithReading(reading);
        return maxPixels is { } limit ? photo.WithMaxPixels(limit) : photo;
    }

    /// <summary>The bytes of the photo that a map explains, for asking a network about it again.</summary>
    /// <exception cref="PictureException">The photo came from memory, or from a computer with other paths.</exception>
    /// <exception cref="PhotoException">The photo was written again since the map was computed.</exception>
    public static PhotoSource FindUnchanged(ClassActivationMap map, long? maxPixels)
    {
        PhotoSource photo = Find(map.Source, map.Photo, map.Question.Reading, maxPixels);
        photo.CheckUnchanged();
        return photo;
    }
}
