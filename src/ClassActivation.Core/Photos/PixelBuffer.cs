namespace ClassActivation.Photos;

/// <summary>
/// The bytes of pixels: in an array of somebody's own, or in one that the <see cref="PixelPool"/> lends, which may be longer.
/// </summary>
internal readonly struct PixelBuffer
{
    private readonly byte[] _array;
    private readonly bool _isRented;

    private PixelBuffer(byte[] array, int length, bool isRented)
    {
        _array = array;
        Length = length;
        _isRented = isRented;
    }

    /// <summary>The number of bytes.</summary>
    public int Length { get; }

    /// <summary>The bytes.</summary>
    public Span<byte> Span => _array.AsSpan(0, Length);

    /// <summary>The bytes.</summary>
    public Memory<byte> Memory => _array.AsMemory(0, Length);

    /// <summary>Wraps an array; nothing is copied.</summary>
    public static PixelBuffer Of(byte[] pixels) => new(pixels, pixels.Length, isRented: false);

    /// <summary>A number of bytes from the pool, with any content.</summary>
    public static PixelBuffer Rent(int length) => new(PixelPool.Rent(length), length, isRented: true);

    /// <summary>An array of exactly these bytes, which the pool does not have: the wrapped one, or a copy of a lent one.</summary>
    public byte[] ToArray() => _isRented ? Span.ToArray() : _array;

    /// <summary>Gives a lent array back to the pool; nobody may use the bytes from now on.</summary>
    public void Return()
    {
        if (_isRented)
        {
            PixelPool.Return(_array);
        }
    }
}
