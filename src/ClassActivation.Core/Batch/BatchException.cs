namespace ClassActivation.Batch;

/// <summary>Why a batch cannot be made, worked on or read.</summary>
public enum BatchFailure
{
    /// <summary>The folder holds no batch.</summary>
    NotFound,

    /// <summary>There is something where the batch is to be made.</summary>
    Exists,

    /// <summary>A file of the batch is damaged, or of a later version.</summary>
    Invalid,

    /// <summary>A file of the batch cannot be read.</summary>
    Unreadable,

    /// <summary>What was computed could not be written.</summary>
    NotWritten,

    /// <summary>The batch has no shard of that number.</summary>
    NoSuchShard,

    /// <summary>The network here is another than the one that the batch asks.</summary>
    OtherNetwork,

    /// <summary>The photo that the batch compares with is gone, or another one is in its place.</summary>
    OtherPhoto,

    /// <summary>No photo was given.</summary>
    NoPhoto,
}

/// <summary>A batch cannot be made, worked on or read. The message is one sentence that names the file.</summary>
public sealed class BatchException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="path">The folder or file that it is about.</param>
    /// <param name="message">One sentence that names it.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public BatchException(BatchFailure failure, string path, string message, Exception? innerException = null)
        : base(ShownText.Of(message), innerException) => (Failure, Path) = (failure, path);

    /// <summary>Why.</summary>
    public BatchFailure Failure { get; }

    /// <summary>The folder or file that it is about.</summary>
    public string Path { get; }
}
