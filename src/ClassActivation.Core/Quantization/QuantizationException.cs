namespace ClassActivation.Quantization;

/// <summary>A network cannot be made 8-bit; the message is one sentence that says why and what can be done.</summary>
public sealed class QuantizationException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">One sentence for the user.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public QuantizationException(string message, Exception? innerException = null)
        : base(ShownText.Of(message), innerException)
    {
    }
}
