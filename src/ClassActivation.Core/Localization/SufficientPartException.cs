namespace ClassActivation.Localization;

/// <summary>No part of a photo decides whether a class is on top.</summary>
public sealed class SufficientPartException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="isOnTop">Whether the class is on top without any part, and not below another in the whole photo.</param>
    /// <param name="message">What is the matter.</param>
    public SufficientPartException(bool isOnTop, string message)
        : base(message) => IsOnTop = isOnTop;

    /// <summary>Whether the class is on top without any part, and not below another in the whole photo.</summary>
    public bool IsOnTop { get; }
}
