using System.Globalization;
using System.Management.Automation;

namespace ClassActivation.Commands;

/// <summary>Takes numbers of frames, 1 for the first, or the word for all of them.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PhotoFrameAttribute : ValidateEnumeratedArgumentsAttribute
{
    /// <summary>The word for all frames.</summary>
    public const string All = "All";

    /// <summary>The numbers that valid arguments name; none for all frames.</summary>
    public static int[] NumbersOf(string[] arguments) => Array.Exists(arguments, static argument => NumberOf(argument) is null)
        ? []
        : [.. arguments.Select(static argument => NumberOf(argument)!.Value).Distinct()];

    private static int? NumberOf(string argument) =>
        int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

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
