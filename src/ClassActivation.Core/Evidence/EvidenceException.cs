namespace ClassActivation.Evidence;

/// <summary>Why an evidence bundle cannot be written or tested.</summary>
public enum EvidenceFailure
{
    /// <summary>The folder holds no evidence.</summary>
    NotFound,

    /// <summary>The same evidence is there already.</summary>
    Exists,

    /// <summary>The document is damaged, or of a later version.</summary>
    Invalid,

    /// <summary>A file cannot be read.</summary>
    Unreadable,

    /// <summary>The bundle could not be written.</summary>
    NotWritten,

    /// <summary>The bundle holds no photo, and none was named.</summary>
    NoPhoto,

    /// <summary>The map is a difference, or of a class that the network does not have.</summary>
    NotRepeatable,
}

/// <summary>An evidence bundle cannot be written or tested. The message is one sentence that names it.</summary>
public sealed class EvidenceException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="path">The bundle's folder, or the photo.</param>
    /// <param name="message">One sentence that names it.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public EvidenceException(EvidenceFailure failure, string path, string message, Exception? innerException = null)
        : base(ShownText.Of(message), innerException) => (Failure, Path) = (failure, path);

    /// <summary>Why.</summary>
    public EvidenceFailure Failure { get; }

    /// <summary>The bundle's folder, or the photo.</summary>
    public string Path { get; }
}
