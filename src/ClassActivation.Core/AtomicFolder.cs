namespace ClassActivation;

/// <summary>Makes folders that are whole when they appear under their name.</summary>
internal static class AtomicFolder
{
    /// <summary>Gives a filled folder its name, in one step; it is removed where another one has that name already.</summary>
    /// <param name="temporary">The folder, beside where it is to be.</param>
    /// <param name="path">The full path that it gets.</param>
    /// <returns>Whether it is the one that has the name now.</returns>
    /// <exception cref="IOException">It cannot be renamed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be renamed.</exception>
    public static bool TryPublish(string temporary, string path)
    {
        try
        {
            Directory.Move(temporary, path);
            return true;
        }
        catch (IOException) when (Directory.Exists(path))
        {
            TryDelete(temporary);
            return false;
        }
    }

    /// <summary>Removes a folder with all that is in it, if that can be done.</summary>
    public static void TryDelete(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is left of it has a temporary name, and a later run removes it.
        }
    }
}
