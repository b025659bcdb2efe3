using System.Globalization;
using System.Text.RegularExpressions;

namespace ClassActivation.Methods;

/// <summary>What takes the place of the pixels that are covered.</summary>
public enum MaskBaseline
{
    /// <summary>The mean colour of what the network sees of the photo.</summary>
    Mean,

    /// <summary>Grey: 128 in each channel.</summary>
    Gray,

    /// <summary>Black.</summary>
    Black,
}

/// <summary>How <see cref="CamMethod.Occlusion"/> and <see cref="CamMethod.Rise"/> cover parts of a photo.</summary>
public sealed partial record MaskingSettings
{
    /// <summary>The side in pixels of the square that Occlusion covers.</summary>
    public int Window { get; init; } = 32;

    /// <summary>The pixels of the network's input from one square to the next.</summary>
    public int Stride { get; init; } = 16;

    /// <summary>How many random masks Rise shows the photo through.</summary>
    public int MaskCount { get; init; } = 1000;

    /// <summary>What is shown in place of covered pixels.</summary>
    public MaskBaseline Baseline { get; init; }

    /// <summary>The settings that a method heeds, as a text; empty for methods that cover nothing.</summary>
    public string ToText(CamMethod method) => method switch
    {
        CamMethod.Occlusion => string.Create(CultureInfo.InvariantCulture, $"window {Window} stride {Stride} {Baseline}"),
        CamMethod.Rise => string.Create(CultureInfo.InvariantCulture, $"{MaskCount} masks {Baseline}"),
        _ => "",
    };

    /// <summary>The settings whose text this is; those that it does not name are the usual ones.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static MaskingSettings Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length == 0)
        {
            return new MaskingSettings();
        }

        Match match = Form().Match(text);
        if (!match.Success || !Enum.TryParse(match.Groups["baseline"].Value, out MaskBaseline baseline))
        {
            throw new FormatException($"'{text}' does not say how a photo is covered.");
        }

        var settings = new MaskingSettings { Baseline = baseline };
        return match.Groups["masks"].Success
            ? settings with { MaskCount = Number("masks") }
            : settings with { Window = Number("window"), Stride = Number("stride") };

        int Number(string group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(
        "^(window (?<window>[1-9][0-9]{0,4}) stride (?<stride>[1-9][0-9]{0,4})|(?<masks>[1-9][0-9]{0,6}) masks) (?<baseline>[A-Z][a-z]+)$")]
    private static partial Regex Form();
}
