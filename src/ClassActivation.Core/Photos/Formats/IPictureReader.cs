namespace ClassActivation.Photos.Formats;

/// <summary>Reads pictures of further formats. Used by many threads at once.</summary>
public interface IPictureReader
{
    /// <summary>Reads a picture's upright width and height, and decodes nothing more than that needs.</summary>
    /// <param name="file">The whole file.</param>
    /// <exception cref="PictureReadException">It cannot be read.</exception>
    (int Width, int Height) ReadSize(byte[] file);

    /// <summary>Decodes the first picture of a file.</summary>
    /// <param name="file">The whole file.</param>
    /// <exception cref="PictureReadException">It cannot be read.</exception>
    DecodedPicture Read(byte[] file);
}
