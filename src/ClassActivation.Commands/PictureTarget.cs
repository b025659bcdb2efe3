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
    private readonly PlannedPictures _planned;

    /// <summary>Makes a target.</summary>
    /// <param name="paths">The full paths that the picture may have, the plain one first.</param>
    /// <param name="mark">What it shows.</param>
    /// <param name="format">The format that it is written in.</param>
    /// <param name="liesAsPhotosDo">Whether its folder holds the pictures of one folder of photos only.</param>
    /// <param name="force">Whether to replace write-protected files, and files without a mark.</param>
    /// <param name="noClobber">Whether to leave existing pictures as they are.</param>
    /// <param name="planned">The pictures of the same run that are not written yet.</param>
    public PictureTarget(
        IReadOnlyList<string> paths, PictureMark mark, PictureFormat format, bool liesAsPhotosDo, bool force, bool noClobber,
        PlannedPictures planned) =>
        (_paths, _mark, Format, _liesAsPhotosDo, _force, _noClobber, _planned) = (
            paths, mark, format, liesAsPhotosDo, force, noClobber, planned);

    /// <summary>The format that the picture is written in.</summary>
    public PictureFormat Format { get; }

    /// <summary>The path that the picture is to be written to; further pictures of the same run get others.</summary>
    /// <exception cref="PictureException">It may not be written.</exception>
    public string Choose()
    {
        string path = Find().Path;
        _planned.Add(path, _mark);
        return path;
    }

    /// <summary>Writes the picture with its mark and its photo's colour profile; its folder is made where it is missing.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="photo">The photo's bytes, whose hash and profile the file gets.</param>
    /// <param name="quality">The quality of JPEG and WebP.</param>
    /// <returns>Where it was written, with which mark, and how many bytes.</returns>
    /// <exception cref="PictureException">It may not or cannot be written.</exception>
    /// <exception cref="PhotoException">The photo cannot be read any more.</exception>
    public (string Path, PictureMark Mark, long Length) Write(Photo picture, PhotoSource photo, int quality)
    {
        foreach (string path in _paths)
        {
            ShownPhotos.Check(path, photo.Path);
        }

        return Write(picture, _mark with { PhotoHash = photo.HashContent() }, quality, photo.ReadProfile());
    }

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
                _planned.Remove(path);
                return (path, mark, file.Length);
            }
            catch (PictureException e) when (e.Failure == PictureFailure.Exists && attempt < Attempts)
            {
                // Another process took the name meanwhile: whose picture it is decides.
            }
        }
    }

    private (string Path, bool IsThere) Find() => OwnedFile.Choose(_paths, OwnerOf, _force, _noClobber, new OwnedFile.Refusals(
        PictureFailure.Unmarked,
        "is no picture that this module wrote",
        _mark.Kind == PictureKind.Sheet ? PictureFailure.OfOtherMaps : PictureFailure.OfOtherQuestion,
        _mark.Kind == PictureKind.Sheet ? "is no sheet of the same maps of the same photos" : "shows another photo or another question"));

    private FileOwner OwnerOf(string path) =>
        !File.Exists(path) ? _planned.IsOfOther(path, IsSame) ? FileOwner.Other : FileOwner.Nobody
        : PictureMarks.TryRead(path) is not { } mark ? FileOwner.Stranger
        : IsSame(mark) || (_force && _mark.Kind == PictureKind.Sheet) ? FileOwner.Same
        : FileOwner.Other;

    private bool IsSame(PictureMark mark) => mark.IsOfSamePictureAs(_mark, _liesAsPhotosDo);
}
