using System.Globalization;
using System.Text;
using ClassActivation.Photos.Formats;

namespace ClassActivation.Tests.Seams;

/// <summary>Portable grey maps of 8 bits without comments, as their manual page pgm(5) has them: <c>P5 width height 255</c>.</summary>
internal sealed class ExamplePictureReader : IPictureReader
{
    public (int Width, int Height) ReadSize(byte[] file)
    {
        string[] header = Encoding.ASCII.GetString(file, 0, Math.Min(file.Length, 40)).Split((char[]?)null, 5);
        return header is ["P5", var width, var height, "255", _]
            ? (int.Parse(width, CultureInfo.InvariantCulture), int.Parse(height, CultureInfo.InvariantCulture))
            : throw new PictureReadException(PictureReadFailure.Damaged, "has no header of a grey map");
    }

    public DecodedPicture Read(byte[] file)
    {
        (int width, int height) = ReadSize(file);
        byte[] greys = file[^(width * height)..];
        return new DecodedPicture(width, height, [.. greys.SelectMany(static grey => new[] { grey, grey, grey, byte.MaxValue })]);
    }
}
