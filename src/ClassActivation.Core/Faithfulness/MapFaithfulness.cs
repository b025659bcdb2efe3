using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Faithfulness;

/// <summary>Measures class activation maps on the network they are of.</summary>
public static class MapFaithfulness
{
    /// <summary>
    /// Whether two maps are of the same class in the same input of the same network, so that one set of baselines does for
    /// both.
    /// </summary>
    public static bool HaveSameSubject(ClassActivationMap one, ClassActivationMap other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return one.Photo == other.Photo
            && one.Question.Subject == other.Question.Subject
            && (one.Rows, one.Columns) == (other.Rows, other.Columns);
    }

    /// <summary>
    /// The classes whose probability a map explains: its class, or those of its concept; none where the network lacks them.
    /// </summary>
    public static IReadOnlyList<int> ClassesOf(ClassActivationMap map, CamModel model) =>
        map.ClassIndex == Concept.NoClassIndex
            ? model.Classes.Concepts.FirstOrDefault(concept => concept.WordNetId == map.WordNetId)?.ClassIndexes ?? []
            : map.ClassIndex < model.Classes.Count ? [map.ClassIndex] : [];

    /// <summary>The probability of classes together in an input, 0 to 1.</summary>
    internal static double ProbabilityOf(
        IReadOnlyList<int> classes, CamModel model, NetworkInput input, CancellationToken cancellationToken)
    {
        using ForwardPass pass = model.Run(input, cancellationToken);
        double sum = 0;
        foreach (int index in classes)
        {
            sum += pass.Probabilities[index];
        }

        return sum;
    }

    /// <summary>Measures maps of the same subject, then the baselines; each result comes as soon as it is there.</summary>
    /// <param name="model">The network.</param>
    /// <param name="source">Where the photo's bytes are.</param>
    /// <param name="maps">One or more maps of the same class in the same input.</param>
    /// <param name="options">How to measure.</param>
    /// <param name="cancellationToken">Ends the measuring.</param>
    /// <exception cref="ArgumentException">The network has no such class.</exception>
    /// <exception cref="PhotoException">The photo cannot be read.</exception>
    /// <exception cref="ModelException">The network cannot be run on it.</exception>
    /// <exception cref="OperationCanceledException">The measuring was cancelled.</exception>
    public static IEnumerable<CamFaithfulness> Measure(
        CamModel model, PhotoSource source, IReadOnlyList<ClassActivationMap> maps, FaithfulnessOptions options,
        CancellationToken cancellationToken = default)
    {
        ClassActivationMap first = maps[0];
        IReadOnlyList<int> classes = ClassesOf(first, model);
        if (classes.Count == 0)
        {
            throw new ArgumentException($"The network '{model.Name}' has no class or concept '{first.Label}'.", nameof(maps));
        }

        // The input that the map was computed on, which its first scale decides.
        InputSettings settings = first.Question.Input with { Resolution = Math.Min(first.InputWidth, first.InputHeight) };
        NetworkInput input = new PhotoExplainer(model, settings).ReadInput(source);
        var meter = new FaithfulnessMeter(input, Score, options, cancellationToken);
        foreach (ClassActivationMap map in maps)
        {
            yield return Row(NameOf(map), meter.Measure(
                GridUpsampler.Upsample(map.Values, map.Rows, map.Columns, input.Width, input.Height, Upsampling.AlignCorners)));
        }

        if (options.Baselines.HasFlag(Baselines.Center))
        {
            yield return Row(CamFaithfulness.CenterMap, meter.MeasureCenter());
        }

        if (options.Baselines.HasFlag(Baselines.Random))
        {
            yield return Row(CamFaithfulness.RandomMap, meter.MeasureRandom(first.Rows, first.Columns));
        }

        double Score(NetworkInput picture) => ProbabilityOf(classes, model, picture, cancellationToken);

        CamFaithfulness Row(string name, FaithfulnessScores scores) => new(first, scores)
        {
            Map = name,
            Probability = meter.Probability,
        };
    }

    private static string NameOf(ClassActivationMap map) =>
        map.Method
        + (map.Contrast.Length > 0 ? " not " + map.Contrast : "")
        + (map.Scale != "1" ? " at " + map.Scale : "")
        + (map.Flip ? " flipped" : "");
}
