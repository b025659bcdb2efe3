using ClassActivation.Photos.Containers;

namespace ClassActivation.Tests.Seams;

/// <summary>Windows bitmaps, which have no place for descriptions: there is nothing to read, and nothing can be added.</summary>
internal sealed class ExamplePictureContainer : IPictureContainer
{
    public bool Recognizes(ReadOnlySpan<byte> start) => start.StartsWith("BM"u8);

    public PictureMetadata Read(Stream picture, PictureParts parts) => new();

    public byte[] With(ReadOnlySpan<byte> picture, byte[]? xmp, byte[]? icc) =>
        throw new InvalidDataException("A bitmap has no place for descriptions.");
}
