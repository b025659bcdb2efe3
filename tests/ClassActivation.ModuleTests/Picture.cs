namespace ClassActivation.ModuleTests;

/// <summary>A written picture, decoded by the module itself.</summary>
internal sealed class Picture
{
    private readonly byte[] _pixels;

    private Picture(int width, int height, byte[] pixels) => (Width, Height, _pixels) = (width, height, pixels);

    public int Width { get; }

    public int Height { get; }

    public static Picture Read(Engine engine, string path)
    {
        dynamic photo = engine.Run(
            "[ClassActivation.Photos.PhotoDecoder]::Decode([ClassActivation.Photos.PhotoSource]::FromFile($path))",
            ("path", path)).Single().BaseObject;
        return new Picture(photo.Width, photo.Height, photo.Pixels);
    }

    public (int Red, int Green, int Blue) At(int x, int y)
    {
        int i = 4 * (y * Width + x);
        return (_pixels[i], _pixels[i + 1], _pixels[i + 2]);
    }

    /// <summary>The pixels of some rows.</summary>
    public byte[] Rows(int first, int count) => _pixels.AsSpan(4 * Width * first, 4 * Width * count).ToArray();

    /// <summary>How many pixels of some rows are darker than half.</summary>
    public int DarkPixels(int first, int count) => Enumerable.Range(Width * first, Width * count)
        .Count(i => _pixels[4 * i] < 128 && _pixels[4 * i + 1] < 128 && _pixels[4 * i + 2] < 128);
}
