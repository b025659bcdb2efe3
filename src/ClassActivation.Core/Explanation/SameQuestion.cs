using ClassActivation.Imaging;
using ClassActivation.Models;

namespace ClassActivation.Explanation;

/// <summary>What a map was asked for, to ask it again of another input, scale or network.</summary>
internal static class SameQuestion
{
    /// <summary>The request for the same class or concept by the same method; null where the network has none, or the map is set against others.</summary>
    public static MapRequest? Of(ClassActivationMap map, CamModel model)
    {
        var request = new MapRequest { Methods = [map.Method] };
        if (map.Contrast.Length > 0 || map.Normalization == HeatmapNormalization.Symmetric)
        {
            return null;
        }

        if (map.ClassIndex != Concept.NoClassIndex)
        {
            return map.ClassIndex < model.Classes.Count && model.Classes[map.ClassIndex].Label == map.Label
                ? request with { ClassIndexes = [map.ClassIndex] }
                : null;
        }

        return model.Classes.Concepts.Find(map.WordNetId) is { Count: 1 } concepts ? request with { Concepts = concepts } : null;
    }

    /// <summary>How the photo became the network's input, at the first scale; null where the map's sizes say something else.</summary>
    public static InputSettings? SettingsOf(ClassActivationMap map)
    {
        // Of every fit the shorter side of the input is the resolution.
        int resolution = Math.Min(map.InputWidth, map.InputHeight);
        if (resolution is < InputGeometry.MinResolution or > InputGeometry.MaxResolution)
        {
            return null;
        }

        InputGeometry geometry = InputGeometry.Compute(map.PhotoWidth, map.PhotoHeight, map.Fit, resolution);
        return geometry.InputWidth == map.InputWidth && geometry.InputHeight == map.InputHeight
            ? new InputSettings(map.Fit, resolution, map.Resampling)
            : null;
    }
}
