using ClassActivation.Drawing;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>Writes picture files, whole or not at all, under the rules of <c>-NoClobber</c> and <c>-Force</c>.</summary>
internal static class PictureFile
{
    /// <summary>The extensions of the pictures that are written.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg", ".png", ".webp"];

    /// <summary>The format that a path's extension stands for.</summary>
    /// <exception cref="PictureException">The extension stands for none.</exception>
    public static PictureFormat FormatOf(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".JPG" or ".JPEG" => PictureFormat.Jpeg,
        ".PNG" => PictureFormat.Png,
        ".WEBP" => PictureFormat.Webp,
        _ => throw new PictureException(
            PictureFailure.UnknownFormat, path, $"'{path}' does not end in .jpg, .jpeg, .png or .webp, so its format is unknown."),
    };

    /// <summary>Says why a picture may not be written to a path, before any work is done for it.</summary>
    /// <exception cref="PictureException">The file exists and must stay, or is write-protected, or its folder is a file.</exception>
    public static void CheckMayWrite(string path, bool force, bool noClobber)
    {
        if (FilePlace.ObstacleAbove(path) is { } obstacle)
        {
            throw new PictureException(PictureFailure.FolderIsFile, path, obstacle);
        }

        if (Directory.Exists(path))
        {
            throw new PictureException(PictureFailure.NotWritten, path, $"'{path}' is a folder, where a file is to be written.");
        }

        var existing = new FileInfo(path);
        if (!existing.Exists)
        {
            return;
        }

        if (noClobber)
        {
            throw new PictureException(PictureFailure.Exists, path, $"'{path}' exists, and -NoClobber was given.");
        }

        if (existing.IsReadOnly && !force)
        {
            throw new PictureException(PictureFailure.ReadOnly, path, $"'{path}' is write-protected.");
        }
    }

    /// <summary>Writes a picture; its folder is made where it is missing.</summary>
    /// <returns>The file's size in bytes.</returns>
    /// <exception cref="PictureException">The format cannot hold it, or the file exists and must stay, or cannot be written.</exception>
    public static long Write(
        string path, bool force, bool noClobber, Photo picture, PictureFormat format, int quality, PictureMark mark, byte[]? profile = null)
    {
        byte[] file = Encode(path, picture, format, quality, mark, profile);
        return Write(path, force, noClobber, stream => stream.Write(file));
    }

    /// <summary>A picture's file with its mark and the colour profile that its pixels are meant in.</summary>
    /// <exception cref="PictureException">The format cannot hold it.</exception>
    public static byte[] Encode(string path, Photo picture, PictureFormat format, int quality, PictureMark mark, byte[]? profile = null)
    {
        if (Math.Max(picture.Width, picture.Height) > PhotoEncoder.LongestSide(format))
        {
            throw new PictureException(
                PictureFailure.TooLarge, path,
                $"A picture of {picture.Width}×{picture.Height} pixels is too large for '{path}': {format} takes"
                + $" {PhotoEncoder.LongestSide(format):N0} pixels a side at most.");
        }

        return PictureMarks.Encode(picture, format, quality, mark, profile);
    }

    /// <summary>Writes a file; its folder is made where it is missing.</summary>
    /// <returns>The file's size in bytes.</returns>
    /// <exception cref="PictureException">The file exists and must stay, or cannot be written.</exception>
    public static long Write(string path, bool force, bool noClobber, Action<Stream> encode)
    {
        long length = 0;
        try
        {
            if (force && File.Exists(path))
            {
                File.SetAttributes(path, FileAttributes.Normal);
            }

            AtomicFile.Write(path, overwrite: !noClobber, stream =>
            {
                encode(stream);
                length = stream.Length;
            });
            return length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            CheckMayWrite(path, force, noClobber);
            throw new PictureException(PictureFailure.NotWritten, path, $"'{path}' could not be written: {e.Message}", e);
        }
    }

    /// <summary>Removes a file.</summary>
    /// <exception cref="PictureException">It cannot be removed.</exception>
    public static void Remove(string path)
    {
        try
        {
            File.SetAttributes(path, FileAttributes.Normal);
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PictureException(PictureFailure.NotWritten, path, $"'{path}' could not be removed: {e.Message}", e);
        }
    }
}
