namespace ClassActivation.Gradients;

/// <summary>The gradient of a network cannot be written; the message says at which operator, and what is left to do.</summary>
internal sealed class GradientException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What went wrong.</param>
    public GradientException(string message)
        : this(message, [])
    {
    }

    public GradientException(string message, IReadOnlyList<string> operators)
        : base(message) => Operators = operators;

    /// <summary>The operators that have no rule; none where a rule does not cover how its operator is used.</summary>
    public IReadOnlyList<string> Operators { get; }
}
