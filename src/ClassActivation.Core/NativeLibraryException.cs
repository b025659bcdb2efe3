using System.Diagnostics.CodeAnalysis;

namespace ClassActivation;

/// <summary>
/// A native library that the work needs cannot be loaded: it is missing or damaged, the system has not what it needs, or may
/// not run code from where it lies. It is not tried again in the same process.
/// </summary>
public sealed class NativeLibraryException : Exception
{
    private NativeLibraryException(string library, string reason, Exception innerException)
        : base(ShownText.Of($"The native library '{library}' cannot be loaded: {reason}."), innerException)
    {
        Library = library;
        Reason = ShownText.Of(reason);
    }

    /// <summary>The library's name, without prefix and extension.</summary>
    public string Library { get; }

    /// <summary>What the system says, without the full stop.</summary>
    public string Reason { get; }

    /// <summary>Finds the native library that an exception came of.</summary>
    /// <param name="exception">Any exception; what the first use of a library throws hides the cause in itself.</param>
    /// <param name="failure">The same in the words of this library; null where no native library is at fault.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryFind(Exception exception, [NotNullWhen(true)] out NativeLibraryException? failure)
    {
        ArgumentNullException.ThrowIfNull(exception);
        string? library = null;
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is NativeLibraryException found)
            {
                failure = found;
                return true;
            }

            // The name of the type whose first use failed begins with that of its assembly.
            library ??= LibraryOf((cause as TypeInitializationException)?.TypeName ?? cause.TargetSite?.DeclaringType?.FullName)
                ?? LibraryOf(cause.StackTrace);
            if (cause is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
            {
                library ??= LibraryOf(cause.Message);
                failure = library is null ? null : new NativeLibraryException(library, ReasonOf(cause), exception);
                return failure is not null;
            }
        }

        failure = null;
        return false;
    }

    /// <summary>Throws the exception that <see cref="TryFind"/> finds; does nothing where there is none.</summary>
    internal static void ThrowIfCauseOf(Exception exception)
    {
        if (exception is not NativeLibraryException && TryFind(exception, out NativeLibraryException? failure))
        {
            throw failure;
        }
    }

    private static string? LibraryOf(string? text) =>
        text is null ? null
        : text.Contains("onnxruntime", StringComparison.OrdinalIgnoreCase) ? "onnxruntime"
        : text.Contains("skiasharp", StringComparison.OrdinalIgnoreCase) ? "libSkiaSharp"
        : null;

    // On Unix the first line is .NET's advice, and one line for each place that was looked at follows, as the system puts
    // it: path, colon, reason. Elsewhere there is one line, which ends in the reason.
    private static string ReasonOf(Exception cause)
    {
        string[] lines = cause.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] places = lines is [_, .. var rest] ? rest : [];
        string reason = places.FirstOrDefault(static line => !line.Contains("No such file", StringComparison.Ordinal))
            ?? (places.Length > 0 ? places[0] : lines[0]);
        return reason.TrimEnd('.');
    }
}
