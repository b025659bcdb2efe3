using System.IO.Enumeration;
using ClassActivation.Photos;

namespace ClassActivation.Batch;

/// <summary>Lists the photos of a folder by their names, in memory that does not grow with their number.</summary>
internal static class PhotoFolder
{
    /// <summary>How many names of a folder are put in order; those beyond come as the file system gives them.</summary>
    internal const int Sorted = 1 << 16;

    /// <summary>
    /// The full paths of the photos in a folder, then of those in the folders below it; links to folders are not followed.
    /// </summary>
    /// <param name="folder">The folder's full path.</param>
    /// <param name="recurse">Whether to look into the folders below.</param>
    /// <param name="refuse">Takes a folder that cannot be listed, and why; the others are listed all the same.</param>
    public static IEnumerable<string> Photos(string folder, bool recurse, Action<string, Exception> refuse)
    {
        var below = new List<string>();
        foreach (string photo in InOrder(Readable(folder, below, recurse, refuse)))
        {
            yield return photo;
        }

        below.Sort(StringComparer.Ordinal);
        foreach (string photo in below.SelectMany(next => Photos(next, recurse, refuse)))
        {
            yield return photo;
        }
    }

    private static IEnumerable<string> InOrder(IEnumerable<string> photos)
    {
        using IEnumerator<string> next = photos.GetEnumerator();
        var first = new List<string>();
        while (first.Count < Sorted && next.MoveNext())
        {
            first.Add(next.Current);
        }

        first.Sort(StringComparer.Ordinal);
        foreach (string photo in first)
        {
            yield return photo;
        }

        first.Clear();
        first.TrimExcess();
        while (next.MoveNext())
        {
            yield return next.Current;
        }
    }

    private static IEnumerable<string> Readable(string folder, List<string> below, bool recurse, Action<string, Exception> refuse)
    {
        using IEnumerator<(string Path, bool IsFolder)>? entries = Open();
        while (entries is not null && MoveNext())
        {
            if (!entries.Current.IsFolder)
            {
                yield return entries.Current.Path;
            }
            else if (recurse)
            {
                below.Add(entries.Current.Path);
            }
        }

        bool MoveNext()
        {
            try
            {
                return entries.MoveNext();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                refuse(folder, e);
                return false;
            }
        }

        IEnumerator<(string Path, bool IsFolder)>? Open()
        {
            try
            {
                return new FileSystemEnumerable<(string, bool)>(
                    folder, static (ref FileSystemEntry entry) => (entry.ToFullPath(), entry.IsDirectory),
                    new EnumerationOptions { IgnoreInaccessible = false })
                {
                    ShouldIncludePredicate = static (ref FileSystemEntry entry) =>
                        entry.IsDirectory ? !entry.Attributes.HasFlag(FileAttributes.ReparsePoint) : PhotoFileNames.IsPhoto(entry.FileName),
                }.GetEnumerator();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                refuse(folder, e);
                return null;
            }
        }
    }
}
