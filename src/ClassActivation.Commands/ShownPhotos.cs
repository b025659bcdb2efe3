using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>The photos that files are made of, which none of these files may replace: there would be nothing left that it shows.</summary>
internal sealed class ShownPhotos
{
    private readonly Dictionary<string, string> _byPlace = new(FilePaths.Comparer);
    private readonly HashSet<string> _added = new(StringComparer.Ordinal);
    private readonly List<string> _unplaced = [];

    /// <summary>Adds a photo; those from memory lie nowhere.</summary>
    public void Add(PhotoIdentity photo)
    {
        if (!photo.IsFromMemory)
        {
            Add(photo.Path);
        }
    }

    /// <summary>Adds a photo by its full path; other names of photos lie nowhere.</summary>
    public void Add(string photo)
    {
        if (Path.IsPathFullyQualified(photo) && _added.Add(photo))
        {
            _unplaced.Add(photo);
        }
    }

    /// <summary>Finds out that a file does not take the place of a photo.</summary>
    /// <param name="path">The full path of the file.</param>
    /// <exception cref="PictureException">It would, and not even force allows that.</exception>
    public void CheckIsNone(string path)
    {
        // Links are followed only where there is something that could be a photo.
        if (!File.Exists(path))
        {
            return;
        }

        foreach (string photo in _unplaced)
        {
            foreach (string place in FilePlace.Needed(photo))
            {
                _byPlace.TryAdd(place, photo);
            }
        }

        _unplaced.Clear();
        if (_byPlace.TryGetValue(FilePlace.Of(path), out string? same))
        {
            throw new PictureException(
                PictureFailure.IsPhoto, path,
                $"'{path}' is the photo {(FilePaths.Comparer.Equals(path, same) ? "" : $"'{same}' ")}itself, which is not"
                + " replaced by what is made of it.");
        }
    }

    /// <summary>Finds out that a file does not take the place of one photo.</summary>
    /// <param name="path">The full path of the file.</param>
    /// <param name="photo">The photo's full path; null for one from memory.</param>
    /// <exception cref="PictureException">It would, and not even force allows that.</exception>
    public static void Check(string path, string? photo)
    {
        if (photo is not null && File.Exists(path))
        {
            var shown = new ShownPhotos();
            shown.Add(photo);
            shown.CheckIsNone(path);
        }
    }
}
