namespace ClassActivation.Photos;

/// <summary>Why a photo could not be used.</summary>
public enum PhotoFailure
{
    /// <summary>There is no file at the path.</summary>
    NotFound,

    /// <summary>The path is a directory.</summary>
    IsDirectory,

    /// <summary>The path is that of a pipe or a device.</summary>
    NotAFile,

    /// <summary>The file has no content.</summary>
    Empty,

    /// <summary>The user may not read the file.</summary>
    AccessDenied,

    /// <summary>The file could not be read for another reason, for example because another program holds it open.</summary>
    Unreadable,

    /// <summary>The content is no picture in a supported format.</summary>
    NotAPhoto,

    /// <summary>The content is a picture of a supported format, but of a rare kind that cannot be read.</summary>
    UnknownKind,

    /// <summary>The file has fewer frames than the one that was asked for.</summary>
    NoSuchFrame,

    /// <summary>The content is of a known format, or of a kind of it, that is not read, or only by the companion module.</summary>
    OtherFormat,

    /// <summary>The picture's data ends before the picture does.</summary>
    Truncated,

    /// <summary>The picture's data is damaged.</summary>
    Damaged,

    /// <summary>The file holds another picture than the one that a map explains.</summary>
    Changed,

    /// <summary>The picture has more pixels, or takes more work, than is allowed for it or fits in memory.</summary>
    TooLarge,

    /// <summary>The picture is an overlay or a sheet that this module drew, and not a photo.</summary>
    OwnPicture,
}

/// <summary>A photo could not be used. The message is one sentence that names the photo and says what to do.</summary>
public sealed class PhotoException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="failure">Why the photo could not be used.</param>
    /// <param name="message">One sentence that names the photo and says what to do.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public PhotoException(PhotoFailure failure, string message, Exception? innerException = null)
        : base(ShownText.Of(message), innerException) => Failure = failure;

    /// <summary>Why the photo could not be used.</summary>
    public PhotoFailure Failure { get; }
}
