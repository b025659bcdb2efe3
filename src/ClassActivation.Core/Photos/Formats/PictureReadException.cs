namespace ClassActivation.Photos.Formats;

/// <summary>Why a picture of a further format cannot be read.</summary>
public enum PictureReadFailure
{
    /// <summary>The file is damaged.</summary>
    Damaged,

    /// <summary>The file ends before the picture does.</summary>
    Truncated,

    /// <summary>The picture is of a kind that the reader does not know.</summary>
    UnknownKind,

    /// <summary>The picture takes more memory or time than it may.</summary>
    TooLarge,

    /// <summary>The reader itself does not work on this computer.</summary>
    NoReader,
}

/// <summary>A picture cannot be read. The message ends a sentence that begins with the picture's name.</summary>
public sealed class PictureReadException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="failure">Why it cannot be read.</param>
    /// <param name="message">The end of a sentence that begins with the picture's name, without the full stop.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public PictureReadException(PictureReadFailure failure, string message, Exception? innerException = null)
        : base(ShownText.Of(message), innerException) => Failure = failure;

    /// <summary>Why it cannot be read.</summary>
    public PictureReadFailure Failure { get; }
}
