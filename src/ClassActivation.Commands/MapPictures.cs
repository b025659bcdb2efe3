using ClassActivation.Drawing;
using ClassActivation.Localization;
using ClassActivation.Maps;

namespace ClassActivation.Commands;

/// <summary>Decides where the pictures go that one run of a cmdlet makes of maps.</summary>
/// <param name="basePath">The full path of the folder below which photos keep their tree; null for none.</param>
/// <param name="format">The format, where the destination is no file.</param>
/// <param name="force">Whether to replace write-protected files, and files without a mark.</param>
/// <param name="noClobber">Whether to leave existing pictures as they are.</param>
internal sealed class MapPictures(string? basePath, PictureFormat format, bool force, bool noClobber)
{
    private readonly HashSet<string> _files = [];
    private readonly PlannedPictures _planned = new();

    /// <summary>Where a map's picture goes.</summary>
    /// <param name="map">The map.</param>
    /// <param name="destination">The full path of a folder or, by its extension, of a file; null for beside the photo.</param>
    /// <param name="kind">What kind of picture it is.</param>
    /// <param name="look">How it differs from the plain picture, in words.</param>
    /// <param name="region">The region that is cut out, or the first of those whose boxes are drawn; null for none.</param>
    /// <exception cref="PictureException">There is no place for it.</exception>
    public PictureTarget TargetFor(
        ClassActivationMap map, string? destination, PictureKind kind, IReadOnlyList<string> look, CamRegion? region = null)
    {
        int number = kind == PictureKind.Crop ? region?.Number ?? 0 : 0;
        PictureMark mark = PictureMark.Of(kind, map, number, string.Join(", ", look));
        if (destination is not null && FileDestination.IsFile(destination, PictureFile.Extensions, PictureFailure.UnknownFormat))
        {
            return _files.Add(destination)
                ? new PictureTarget(
                    [destination], mark, PictureFile.FormatOf(destination), liesAsPhotosDo: false, force, noClobber, _planned)
                : throw FileDestination.Second(destination, map);
        }

        string end = kind == PictureKind.Crop ? number == 1 ? "crop" : $"crop-{number}" : "cam";
        string folder = FolderFor(map, destination, basePath);
        return new PictureTarget(
            [.. PictureNames.For(map, format.Extension(), end, look, region).Select(name => Path.Combine(folder, name))],
            mark, format, liesAsPhotosDo: destination is null || basePath is not null, force, noClobber, _planned);
    }

    /// <summary>
    /// The folder of a map's file: the destination, with the photo's folders below the base path; that of the photo where there
    /// is none.
    /// </summary>
    /// <exception cref="PictureException">There is no such folder.</exception>
    public static string FolderFor(ClassActivationMap map, string? destination, string? basePath)
    {
        bool isFile = !map.Photo.IsFromMemory && Path.IsPathFullyQualified(map.Path);
        string? photoFolder = isFile ? Path.GetDirectoryName(map.Path) : null;
        if (destination is null || basePath is null || photoFolder is null)
        {
            return destination ?? photoFolder ?? throw new PictureException(
                PictureFailure.NoFolder, map.Path, $"The photo '{map.Path}' came from memory, so its picture needs a -DestinationPath.");
        }

        string relative = Path.GetRelativePath(basePath, photoFolder);
        return relative.Split(Path.DirectorySeparatorChar)[0] != ".." && !Path.IsPathRooted(relative)
            ? Path.GetFullPath(Path.Combine(destination, relative))
            : throw new PictureException(PictureFailure.OutsideBase, map.Path, $"The photo '{map.Path}' does not lie below '{basePath}'.");
    }
}
