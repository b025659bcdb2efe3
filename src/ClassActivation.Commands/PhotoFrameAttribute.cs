using System.Globalization;
using System.Management.Automation;

namespace ClassActivation.Commands;

/// <summary>Takes the number of a frame, 1 for the first, or the word for all of them.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PhotoFrameAttribute : ValidateArgumentsAttribute
{
    /// <summary>The word for all frames.</summary>
    public const string All = "All";

    /// <summary>The number that a valid argument names; null for all frames.</summary>
    public static int? NumberOf(string argument) => int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        string text = arguments?.ToString() ?? "";
        if (NumberOf(text) is not >= 1 && !text.Equals(All, StringComparison.OrdinalIgnoreCase))
        {
            throw new ValidationMetadataException(ShownText.Of($"'{text}' is no frame. Give a number, 1 for the first, or {All}."));
        }
    }
}
