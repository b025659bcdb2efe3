using System.Globalization;

namespace ClassActivation.Photos;

/// <summary>The colour of the margin of <see cref="InputFit.Letterbox"/>.</summary>
/// <param name="Red">Red, 0 to 255.</param>
/// <param name="Green">Green, 0 to 255.</param>
/// <param name="Blue">Blue, 0 to 255.</param>
public readonly record struct MarginColor(byte Red, byte Green, byte Blue)
{
    /// <summary>The mean of ImageNet's photos, for networks that say nothing else.</summary>
    public static MarginColor ImageNetMean { get; } = new(124, 116, 104);

    /// <summary>The grey that YOLO's networks are trained with.</summary>
    public static MarginColor YoloGrey { get; } = new(114, 114, 114);

    /// <summary>Reads what <see cref="ToString"/> gives; null where a text is something else.</summary>
    public static MarginColor? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        byte[] parts = [.. text.Split(',').Select(static part =>
            byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out byte value) ? (byte?)value : null).OfType<byte>()];
        return parts is [byte red, byte green, byte blue] && text.Count(static c => c == ',') == 2
            ? new MarginColor(red, green, blue)
            : null;
    }

    /// <summary>Red, green and blue, with commas between.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Red},{Green},{Blue}");
}
