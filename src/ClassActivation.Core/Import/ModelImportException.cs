namespace ClassActivation.Import;

/// <summary>A model, a recipe or a package cannot be imported; the message says why and what can be done.</summary>
public sealed class ModelImportException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">One sentence for the user.</param>
    public ModelImportException(string message)
        : base(ShownText.Of(message))
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">One sentence for the user.</param>
    /// <param name="innerException">The cause.</param>
    public ModelImportException(string message, Exception innerException)
        : base(ShownText.Of(message), innerException)
    {
    }
}
