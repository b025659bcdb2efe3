using ClassActivation.Explanation;
using ClassActivation.Imaging;
using ClassActivation.Models;

namespace ClassActivation.Faithfulness;

/// <summary>Measures class activation maps on the network they are of.</summary>
public static class MapFaithfulness
{
    /// <summary>Whether two maps are of the same class in the same input of the same network, so that one set of baselines does for both.</summary>
    public static bool HaveSameSubject(ClassActivationMap one, ClassActivationMap other) =>
        (one.Path, one.Model, one.ClassIndex, one.WordNetId, one.InputWidth, one.InputHeight, one.Fit, one.Resampling, one.Rows, one.Columns)
            == (other.Path, other.Model, other.ClassIndex, other.WordNetId, other.InputWidth, other.InputHeight, other.Fit, other.Resampling, other.Rows, other.Columns)
        && Equals(one.Source, other.Source);

    /// <summary>The classes whose probability a map explains: its class, or those of its concept; none where the network lacks them.</summary>
    public static IReadOnlyList<int> ClassesOf(ClassActivationMap map, CamModel model) =>
        map.ClassIndex == Concept.NoClassIndex
            ? model.Classes.Concepts.FirstOrDefault(concept => concept.WordNetId == map.WordNetId)?.ClassIndexes ?? []
            : map.ClassIndex < model.Classes.Count ? [map.ClassIndex] : [];

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
        CamModel model, PhotoSource source, IReadOnlyList<ClassActivationMap> maps, FaithfulnessOptions options, CancellationToken cancellationToken = default)
    {
        ClassActivationMap first = maps[0];
        IReadOnlyList<int> classes = ClassesOf(first, model);
        if (classes.Count == 0)
        {
            throw new ArgumentException($"The network '{model.Name}' has no class or concept '{first.Label}'.", nameof(maps));
        }

        // Of every fit the shorter side of the input is the resolution.
        var settings = new InputSettings(first.Fit, Math.Min(first.InputWidth, first.InputHeight), first.Resampling);
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

        double Score(NetworkInput picture)
        {
            using ForwardPass pass = model.Run(picture, cancellationToken);
            double sum = 0;
            foreach (int index in classes)
            {
                sum += pass.Probabilities[index];
            }

            return sum;
        }

        CamFaithfulness Row(string name, FaithfulnessScores scores) => new(scores)
        {
            Path = first.Path,
            ClassIndex = first.ClassIndex,
            Label = first.Label,
            Map = name,
            Probability = meter.Probability,
            Model = model.Name,
        };
    }

    private static string NameOf(ClassActivationMap map) =>
        map.Method + (map.Contrast.Length > 0 ? " not " + map.Contrast : "") + (map.Scale != "1" ? " at " + map.Scale : "") + (map.Flip ? " flipped" : "");
}
