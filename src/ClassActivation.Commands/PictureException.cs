namespace ClassActivation.Commands;

/// <summary>Why a picture was not written.</summary>
internal enum PictureFailure
{
    Exists,
    ReadOnly,
    NoFolder,
    PhotoGone,
    NotWritten,

    /// <summary>There is a file where the folder is to be.</summary>
    FolderIsFile,

    /// <summary>The path is that of the photo that the picture is of.</summary>
    IsPhoto,
    TooLarge,
    UnknownFormat,
    NotMarked,
    Unmarked,
    FileUnmarked,
    WrongExtension,
    OfOtherQuestion,
    OfOtherMaps,
    SecondForFile,
    OutsideBase,
}

/// <summary>A picture was not written; the message names the file.</summary>
internal sealed class PictureException(PictureFailure failure, string path, string message, Exception? innerException = null)
    : Exception(ShownText.Of(message), innerException)
{
    public PictureFailure Failure { get; } = failure;

    public string Path { get; } = path;
}
