namespace ClassActivation.Photos;

/// <summary>The frames of photos' files that are asked about.</summary>
internal static class PhotoFrames
{
    /// <summary>The photos in a file: its frames of these numbers, or all of them where none is named.</summary>
    /// <param name="file">The file.</param>
    /// <param name="numbers">The numbers, 1 for the first.</param>
    public static IEnumerable<PhotoSource> Of(PhotoSource file, IReadOnlyList<int> numbers) =>
        (numbers.Count > 0 ? numbers : Enumerable.Range(1, CountOrOne(file))).Select(file.WithFrame);

    // Of a photo that cannot be read the decoder says so, when its turn comes.
    private static int CountOrOne(PhotoSource file)
    {
        try
        {
            return PhotoDecoder.CountFrames(file);
        }
        catch (Exception e) when (e is PhotoException or OutOfMemoryException or NativeLibraryException)
        {
            return 1;
        }
    }
}
