namespace ClassActivation.Photos;

/// <summary>A decoded photo that several read at once; its pixels go back to the <see cref="PixelPool"/> when the last is done.</summary>
internal sealed class SharedPhoto
{
    private readonly Photo _photo;
    private int _users;

    public SharedPhoto(Photo photo) => _photo = photo;

    /// <summary>The size of the pixels in bytes.</summary>
    public int Length => _photo.Length;

    /// <summary>The photo's size: decoded in full or at a reduced scale.</summary>
    public (int Width, int Height) Size => (_photo.Width, _photo.Height);

    /// <summary>Another use of the photo; not to be asked for after the last one has ended.</summary>
    public Use Open()
    {
        Interlocked.Increment(ref _users);
        return new Use(this);
    }

    private void Close()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _photo.Recycle();
        }
    }

    /// <summary>One use of a photo, which ends with its disposal.</summary>
    public sealed class Use : IDisposable
    {
        private SharedPhoto? _shared;

        internal Use(SharedPhoto shared) => _shared = shared;

        /// <summary>The photo; its pixels must not be changed, nor read after the disposal.</summary>
        public Photo Photo => (_shared ?? throw new ObjectDisposedException(nameof(Use)))._photo;

        public void Dispose() => Interlocked.Exchange(ref _shared, null)?.Close();
    }
}
