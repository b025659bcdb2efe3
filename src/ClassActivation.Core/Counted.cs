using System.Globalization;

namespace ClassActivation;

/// <summary>Numbers with what they count, in the singular or the plural.</summary>
internal static class Counted
{
    /// <summary>A number with its noun in the current culture: <c>1 photo</c>, <c>1,000 photos</c>.</summary>
    /// <param name="count">The number.</param>
    /// <param name="one">The noun in the singular.</param>
    /// <param name="several">The noun in the plural; null where an s is added.</param>
    public static string Of(long count, string one, string? several = null) =>
        string.Create(CultureInfo.CurrentCulture, $"{count:N0} {(count == 1 ? one : several ?? one + "s")}");
}
