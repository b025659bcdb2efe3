using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>
/// Tells by its end whether a destination is a file or a folder: what ends as files do is none, so that a slip of the
/// pen makes no folder of that name.
/// </summary>
internal static class FileDestination
{
    private static readonly HashSet<string> OfFiles = new(
        [
            .. PhotoFileNames.Extensions, .. PhotoFileNames.CompanionExtensions, ".jxl", ".jp2", ".svg", ".ico", ".psd", ".pdf", ".mp4",
            ".npy", ".npz", ".json", ".csv", ".txt", ".xml", ".htm", ".html", ".xlsx", ".zip",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a destination is a file.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="extensions">The extensions of the files that are written.</param>
    /// <param name="failure">What it is where it ends as a file of another kind does.</param>
    /// <exception cref="PictureException">It ends as a file of another kind does, or as a file and a folder.</exception>
    public static bool IsFile(string path, IReadOnlyList<string> extensions, PictureFailure failure = PictureFailure.WrongExtension)
    {
        string name = Path.TrimEndingDirectorySeparator(path);
        string extension = Path.GetExtension(name);
        bool isWritten = extensions.Contains(extension, StringComparer.OrdinalIgnoreCase);
        if (!isWritten && !OfFiles.Contains(extension))
        {
            return false;
        }

        if (!isWritten)
        {
            throw new PictureException(
                failure, path,
                $"'{path}' ends as a file does, and what is written here is"
                + $" {(extensions.Count == 0 ? "" : $"a file that ends in {string.Join(" or ", extensions)}, or ")}a folder.");
        }

        if (name.Length < path.Length)
        {
            throw new PictureException(
                failure, path, $"'{path}' ends in {extension} as a file does, and in '{path[^1]}' as a folder does.");
        }

        return true;
    }

    /// <summary>The error for a second map whose file is to be the same.</summary>
    public static PictureException Second(string path, ClassActivationMap map) =>
        new(PictureFailure.SecondForFile, path, $"'{path}' is one file, and there is a second map for it: {map}.");
}
