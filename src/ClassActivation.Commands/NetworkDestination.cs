using ClassActivation.Networks;

namespace ClassActivation.Commands;

/// <summary>The two files that a network is written to: its graph, and its weights beside it.</summary>
internal static class NetworkDestination
{
    /// <summary>Finds out whether a network may be written, before any work is done for it.</summary>
    /// <param name="path">The full path of the <c>.onnx</c> file.</param>
    /// <param name="force">Whether to replace write-protected files, and files of strangers.</param>
    /// <param name="noClobber">Whether to leave existing files as they are.</param>
    /// <exception cref="PictureException">A file may not be written.</exception>
    public static void CheckMayWrite(string path, bool force, bool noClobber)
    {
        foreach (string file in Files(path))
        {
            OwnedFile.CheckMayWrite(file, CamModelFile.IsOwn, force, noClobber);
        }
    }

    /// <summary>Takes the write protection from the files that are there.</summary>
    public static void Unprotect(string path)
    {
        foreach (string file in Files(path).Where(File.Exists))
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }
    }

    private static string[] Files(string path) => [path, path + ".data"];
}
