namespace ClassActivation.Commands;

/// <summary>
/// Decides which file may be written: one that this module did not write is never replaced unless that is forced, and
/// what it wrote is replaced by a newer version of the same thing only.
/// </summary>
internal static class OwnedFile
{
    /// <summary>The first of some paths that is free or the thing's own.</summary>
    /// <param name="paths">The full paths that the file may have, the plain one first.</param>
    /// <param name="ownerOf">Whose the file at a path is.</param>
    /// <param name="force">Whether to replace write-protected files, and files of strangers.</param>
    /// <param name="noClobber">Whether to leave existing files as they are.</param>
    /// <param name="refusals">What to say where there is none.</param>
    /// <returns>The path, and whether there is a file to be replaced.</returns>
    /// <exception cref="PictureException">There is none, or it may not be written.</exception>
    public static (string Path, bool IsThere) Choose(
        IReadOnlyList<string> paths, Func<string, FileOwner> ownerOf, bool force, bool noClobber, Refusals refusals)
    {
        if (FilePlace.FileAbove(paths[0]) is not null)
        {
            PictureFile.CheckMayWrite(paths[0], force, noClobber);
        }

        string? free = null;
        bool isPlainOfStranger = false;
        foreach (string path in paths)
        {
            if (Directory.Exists(path))
            {
                PictureFile.CheckMayWrite(path, force, noClobber);
            }

            switch (ownerOf(path))
            {
                case FileOwner.Nobody:
                    free ??= path;
                    break;
                case FileOwner.Same:
                    PictureFile.CheckMayWrite(path, force, noClobber);
                    return (path, File.Exists(path));
                case FileOwner.Stranger:
                    isPlainOfStranger |= path == paths[0];
                    break;
            }
        }

        if (isPlainOfStranger)
        {
            PictureFile.CheckMayWrite(paths[0], force, noClobber);
            return force
                ? (paths[0], true)
                : throw new PictureException(refusals.OfStranger, paths[0], $"'{paths[0]}' exists, and {refusals.IsOfStranger}.");
        }

        return free is not null ? (free, false)
            : throw new PictureException(refusals.OfOther, paths[0], $"'{paths[0]}' exists, and {refusals.IsOfOther}.");
    }

    /// <summary>
    /// Finds out whether one file may be written whose path is the user's own, and any file of its kind that this module wrote
    /// is replaced.
    /// </summary>
    /// <param name="path">The full path.</param>
    /// <param name="isOwn">Whether this module wrote the file that is there.</param>
    /// <param name="force">Whether to replace write-protected files, and files of strangers.</param>
    /// <param name="noClobber">Whether to leave an existing file as it is.</param>
    /// <exception cref="PictureException">It may not be written.</exception>
    public static void CheckMayWrite(string path, Func<string, bool> isOwn, bool force, bool noClobber) => Choose(
        [path],
        path => !File.Exists(path) ? FileOwner.Nobody : noClobber || force || isOwn(path) ? FileOwner.Same : FileOwner.Stranger,
        force, noClobber, Refusals.OfFile);

    /// <summary>What is said where no file may be written.</summary>
    /// <param name="OfStranger">The failure where this module did not write the file.</param>
    /// <param name="IsOfStranger">What the file is then.</param>
    /// <param name="OfOther">The failure where this module wrote it for something else.</param>
    /// <param name="IsOfOther">What the file is where this module wrote it for something else.</param>
    public sealed record Refusals(PictureFailure OfStranger, string IsOfStranger, PictureFailure OfOther, string IsOfOther)
    {
        /// <summary>Those of files that are no pictures.</summary>
        public static Refusals OfFile { get; } = new(
            PictureFailure.FileUnmarked, "this module did not write it, or it was changed since", PictureFailure.OfOtherQuestion,
            "is that of another photo or another question");
    }
}
