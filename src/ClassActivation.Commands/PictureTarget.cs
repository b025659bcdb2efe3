using ClassActivation.Drawing;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>
/// Where a map's picture goes. A file that is there is asked by its mark whose picture it is: that of another photo or
/// question is never replaced, but that a sheet may be forced to, whose name is always the user's own; nor is a file
/// without a mark unless it is forced. Processes that write into one folder at
/// once keep to it too, since a free name is taken in one step.
/// </summary>
internal sealed class PictureTarget
{
    private const int Attempts = 100;

    private readonly IReadOnlyList<string> _paths;
    private readonly PictureMark _mark;
    private readonly bool _liesAsPhotosDo;
    private readonly bool _force;
    private readonly bool _noClobber;

    /// <summary>Makes a target.</summary>
    /// <param name="paths">The full paths that the picture may have, the plain one first.</param>
    /// <param name="mark">What it shows.</param>
    /// <param name="format">The format that it is written in.</param>
    /// <param name="liesAsPhotosDo">Whether its folder holds the pictures of one folder of photos only.</param>
    /// <param name="force">Whether to replace write-protected files, and files without a mark.</param>
    /// <param name="noClobber">Whether to leave existing pictures as they are.</param>
    public PictureTarget(IReadOnlyList<string> paths, PictureMark mark, PictureFormat format, bool liesAsPhotosDo, bool force, bool noClobber) =>
        (_paths, _mark, Format, _liesAsPhotosDo, _force, _noClobber) = (paths, mark, format, liesAsPhotosDo, force, noClobber);

    /// <summary>The format that the picture is written in.</summary>
    public PictureFormat Format { get; }

    /// <summary>The path that the picture would be written to now.</summary>
    /// <exception cref="PictureException">It may not be written.</exception>
    public string Choose() => Find().Path;

    /// <summary>Writes the picture with its mark and its photo's colour profile; its folder is made where it is missing.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="photo">The photo's bytes, whose hash and profile the file gets.</param>
    /// <param name="quality">The quality of JPEG and WebP.</param>
    /// <returns>Where it was written, with which mark, and how many bytes.</returns>
    /// <exception cref="PictureException">It may not or cannot be written.</exception>
    /// <exception cref="PhotoException">The photo cannot be read any more.</exception>
    public (string Path, PictureMark Mark, long Length) Write(Photo picture, PhotoSource photo, int quality) =>
        Write(picture, _mark with { PhotoHash = photo.HashContent() }, quality, photo.ReadProfile());

    /// <summary>Writes the picture with a mark that says more than was known before; its folder is made where it is missing.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="mark">What it shows: the same as before, with the hashes of the photos' bytes.</param>
    /// <param name="quality">The quality of JPEG and WebP.</param>
    /// <param name="profile">The colour profile that its pixels are meant in; null for none.</param>
    /// <returns>Where it was written, with which mark, and how many bytes.</returns>
    /// <exception cref="PictureException">It may not or cannot be written.</exception>
    public (string Path, PictureMark Mark, long Length) Write(Photo picture, PictureMark mark, int quality, byte[]? profile = null)
    {
        byte[]? file = null;
        for (int attempt = 1; ; attempt++)
        {
            (string path, bool isThere) = Find();
            file ??= PictureFile.Encode(path, picture, Format, quality, mark, profile);
            try
            {
                PictureFile.Write(path, _force, noClobber: !isThere, stream => stream.Write(file));
                return (path, mark, file.Length);
            }
            catch (PictureException e) when (e.Failure == PictureFailure.Exists && attempt < Attempts)
            {
                // Another process took the name meanwhile: whose picture it is decides.
            }
        }
    }

    private (string Path, bool IsThere) Find()
    {
        string? free = null;
        bool isPlainUnmarked = false;
        foreach (string path in _paths)
        {
            if (Directory.Exists(path))
            {
                throw new PictureException(PictureFailure.NotWritten, path, $"'{path}' is a folder, where a file is to be written.");
            }

            if (!File.Exists(path))
            {
                free ??= path;
            }
            else if (PictureMarks.TryRead(path) is not { } mark)
            {
                isPlainUnmarked |= path == _paths[0];
            }
            else if (mark.IsOfSamePictureAs(_mark, _liesAsPhotosDo) || (_force && _mark.Kind == PictureKind.Sheet))
            {
                PictureFile.CheckMayWrite(path, _force, _noClobber);
                return (path, true);
            }
        }

        if (isPlainUnmarked)
        {
            PictureFile.CheckMayWrite(_paths[0], _force, _noClobber);
            return _force ? (_paths[0], true) : throw new PictureException(
                PictureFailure.Unmarked, _paths[0], $"'{_paths[0]}' exists, and is no picture that this module wrote.");
        }

        return free is not null ? (free, false) : throw new PictureException(
            PictureFailure.OfOtherQuestion,
            _paths[0],
            _mark.Kind == PictureKind.Sheet ? $"'{_paths[0]}' exists, and is no sheet of the same maps of the same photos."
                : $"'{_paths[0]}' exists, and shows another photo or another question.");
    }
}
