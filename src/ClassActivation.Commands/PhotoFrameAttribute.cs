using System.Globalization;
using System.Management.Automation;

namespace ClassActivation.Commands;

/// <summary>Takes numbers of frames, 1 for the first, or the word for all of them.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PhotoFrameAttribute : ValidateEnumeratedArgumentsAttribute
{
    /// <summary>The word for all frames.</summary>
    public const string All = "All";

    /// <summary>Whether valid arguments ask for all frames.</summary>
    public static bool IsAll(string[] arguments) => Array.Exists(arguments, static argument => NumberOf(argument) is null);

    /// <summary>The number that a valid argument names; null for all frames.</summary>
    public static int? NumberOf(string argument) => int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    /// <inheritdoc/>
    protected override void ValidateElement(object element)
    {
        string text = element?.ToString() ?? "";
        if (NumberOf(text) is not >= 1 && !text.Equals(All, StringComparison.OrdinalIgnoreCase))
        {
            throw new ValidationMetadataException(ShownText.Of($"'{text}' is no frame. Give numbers, 1 for the first, or {All}."));
        }
    }
}
