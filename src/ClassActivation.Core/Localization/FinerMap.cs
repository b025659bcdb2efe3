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

    /// <summary>
    /// Whether a map can become finer: it is of one scale, is no difference of two maps, and its resolution may be doubled.
    /// </summary>
    /// <param name="map">The map.</param>
    public static bool IsPossible(ClassActivationMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return !MapFusion.IsAverage(map.Scale, map.Flip) && map.Reference.Length == 0
            && SameQuestion.SettingsOf(map) is { } settings && settings.At(Scales[^1]).Resolution <= InputGeometry.MaxResolution;
    }

    /// <summary>Whether both become finer by the same forward passes: they are of one photo, shown alike to the same network.</summary>
    /// <param name="one">A map for which <see cref="IsPossible"/>.</param>
    /// <param name="other">Another one.</param>
    public static bool HaveSamePasses(ClassActivationMap one, ClassActivationMap other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return one.Photo == other.Photo && (ReferenceEquals(one.Source, other.Source) || !one.Photo.IsFromMemory)
            && (one.Question.Model, one.Question.ModelHash, one.Question.Input) == (
                other.Question.Model, other.Question.ModelHash, other.Question.Input)
            && (one.PhotoWidth, one.PhotoHeight) == (other.PhotoWidth, other.PhotoHeight);
    }

    /// <summary>Computes the finer map.</summary>
    /// <param name="map">The map to make finer, one for which <see cref="IsPossible"/>.</param>
    /// <param name="model">The map's network.</param>
    /// <param name="photo">The map's photo.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>
    /// The map of the same class or concept by the same method; null where the network has no such class, or takes photos of
    /// one size only.
    /// </returns>
    /// <exception cref="PhotoException">The photo cannot be read, or is another one now.</exception>
    /// <exception cref="ModelException">The network cannot be run on it.</exception>
    public static ClassActivationMap? Of(
        ClassActivationMap map, CamModel model, PhotoSource photo, CancellationToken cancellationToken = default) =>
        Of([map], model, photo, cancellationToken)[0];

    /// <summary>Computes the finer maps of one photo, by the same forward passes.</summary>
    /// <param name="maps">One or more maps that <see cref="HaveSamePasses"/>.</param>
    /// <param name="model">The maps' network.</param>
    /// <param name="photo">The maps' photo.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>For each map what <see cref="Of(ClassActivationMap, CamModel, PhotoSource, CancellationToken)"/> gives.</returns>
    /// <exception cref="PhotoException">The photo cannot be read, or is another one now.</exception>
    /// <exception cref="ModelException">The network cannot be run on it.</exception>
    public static ClassActivationMap?[] Of(
        IReadOnlyList<ClassActivationMap> maps, CamModel model, PhotoSource photo, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(photo);
        foreach (ClassActivationMap map in maps)
        {
            if (map.Source?.FirstVersion is { } first && first != map.Source.ReadVersion())
            {
                throw photo.Failed(PhotoFailure.Changed, "was written again since its map was computed, and may be another photo now");
            }
        }

        InputSettings settings = SameQuestion.SettingsOf(maps[0])
            ?? throw new ArgumentException("The map's resolution is not known.", nameof(maps));
        var finer = new ClassActivationMap?[maps.Count];
        int[] asked = model.Info.IsFixedSize
            ? []
            : [.. Enumerable.Range(0, maps.Count).Where(i => SameQuestion.Of(maps[i].Question, model) is not null)];
        if (asked.Length == 0)
        {
            return finer;
        }

        IReadOnlyList<ClassActivationMap>[] answers = new PhotoExplainer(model, settings).Explain(
            photo, [.. asked.Select(i => SameQuestion.Of(maps[i].Question, model)! with { Scales = Scales })], cancellationToken);
        for (int i = 0; i < asked.Length; i++)
        {
            (ClassActivationMap map, ClassActivationMap answer) = (maps[asked[i]], answers[i].Single());
            finer[asked[i]] = answer.PhotoWidth == map.PhotoWidth && answer.PhotoHeight == map.PhotoHeight ? answer : throw photo.Failed(
                PhotoFailure.Changed,
                $"is another photo now: it has {answer.PhotoWidth}×{answer.PhotoHeight} pixels, and the map explains one of"
                + $" {map.PhotoWidth}×{map.PhotoHeight}");
        }

        return finer;
    }
}
