namespace ClassActivation.Commands;

/// <summary>
/// Tells the cmdlets before it in a pipeline that a cmdlet will read the same photos again, larger than the network sees
/// them: of the first photo that can then be done while the network runs. All cmdlets of a pipeline share its thread, and
/// all begin before the first object flows.
/// </summary>
internal sealed class PhotoReadAhead : IDisposable
{
    [ThreadStatic]
    private static PhotoReadAhead? _ofThread;

    private readonly PhotoReadAhead? _outer = Current;
    private bool _isOver;

    /// <summary>Announces it until its disposal.</summary>
    /// <param name="longerSideAtLeast">The longer side in pixels that photos are wanted at; null for all their pixels.</param>
    public PhotoReadAhead(int? longerSideAtLeast)
    {
        LongerSideAtLeast = longerSideAtLeast;
        _ofThread = this;
    }

    /// <summary>What is wanted in the pipeline of this thread, if anything.</summary>
    public static PhotoReadAhead? Current
    {
        get
        {
            while (_ofThread is { _isOver: true })
            {
                _ofThread = _ofThread._outer;
            }

            return _ofThread;
        }
    }

    /// <summary>The longer side in pixels that photos are wanted at; null for all their pixels.</summary>
    public int? LongerSideAtLeast { get; }

    public void Dispose() => _isOver = true;
}
