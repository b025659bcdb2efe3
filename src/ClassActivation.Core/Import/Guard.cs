namespace ClassActivation.Import;

/// <summary>Turns the failures of reading a description of an unknown form into one that says so.</summary>
internal static class Guard
{
    /// <summary>Reads a part of a network's description.</summary>
    /// <param name="action">Reads it.</param>
    /// <param name="complaint">What is said where it cannot be read.</param>
    public static T Description<T>(Func<T> action, Func<string> complaint)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException
            or IndexOutOfRangeException or InvalidCastException or ArithmeticException)
        {
            throw new ModelImportException(complaint(), e);
        }
    }
}
