using ClassActivation.Identity;
using ClassActivation.Maps;

namespace ClassActivation.Drawing;

/// <summary>Makes the legends of drawn maps.</summary>
public static class CamLegend
{
    /// <summary>The legend of a map: label, probability, and the raw values that the colours stand for.</summary>
    /// <param name="map">The map.</param>
    /// <param name="options">How it is drawn.</param>
    public static Legend For(ClassActivationMap map, OverlayOptions options) => new()
    {
        Title = Title(map),
        Detail = CamText.Percent(map.Probability),
        Scale = ColorScale.Of(map.Minimum, map.Maximum, options.Normalization),
        Colormap = options.Colormap,
        Threshold = options.Threshold,
        Contour = options.Contour,
    };

    // What is as usual needs no words.
    private static string Title(ClassActivationMap map)
    {
        // Of what is said, labels alone have words to part.
        IReadOnlyList<string> words = QuestionWords.Of(map.Question with { Contrast = CamText.Label(map.Contrast) });
        return CamText.Label(map.Label) + (words.Count == 0 ? "" : $" ({string.Join(", ", words)})");
    }
}
