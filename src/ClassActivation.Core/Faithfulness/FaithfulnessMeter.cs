using System.Runtime.ExceptionServices;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Faithfulness;

/// <summary>
/// Measures how faithful maps of one photo are to a score, whatever computes it: by deletion and insertion (Petsiuk et al. 2018,
/// "RISE"), average drop and increase in confidence (Chattopadhay et al. 2018, "Grad-CAM++"), and ROAD (Rong et al. 2022).
/// </summary>
public sealed class FaithfulnessMeter
{
    /// <summary>The shares of the pixels, in tenths, that ROAD takes away.</summary>
    private const int RoadTenths = 9;

    private readonly NetworkInput _input;
    private readonly Func<NetworkInput, double> _score;
    private readonly FaithfulnessOptions _options;
    private readonly CancellationToken _cancellationToken;
    private readonly PhotoPerturbation _perturbation;
    private readonly double _withoutAny;

    /// <summary>Makes a meter and scores the whole photo, and the photo with all its pixels replaced.</summary>
    /// <param name="input">The photo as the network sees it.</param>
    /// <param name="score">The probability of the class in question, 0 to 1; called by several threads at once.</param>
    /// <param name="options">How to measure.</param>
    /// <param name="cancellationToken">Ends the measuring between two scores.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no steps, or nothing may run.</exception>
    public FaithfulnessMeter(
        NetworkInput input, Func<NetworkInput, double> score, FaithfulnessOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Steps, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Parallelism, 1, nameof(options));
        (_input, _score, _options, _cancellationToken) = (input, score, options, cancellationToken);
        _perturbation = new PhotoPerturbation(input, options.Seed);
        int[] all = [.. Enumerable.Range(0, PixelCount)];
        double[] scores = Score(
        [
            () => input,
            () => _perturbation.Remove(all, options.Replacement),
        ]);
        (Probability, _withoutAny) = (scores[0], scores[1]);
    }

    /// <summary>The score of the whole photo.</summary>
    public double Probability { get; }

    /// <summary>The score of the photo with all its pixels replaced.</summary>
    public double ProbabilityOfNothing => _withoutAny;

    private int PixelCount => _input.Width * _input.Height;

    /// <summary>Measures one map: 2 · (steps − 1) + 19 scores.</summary>
    /// <param name="map">One finite value a pixel of the input, row by row; the larger the more relevant.</param>
    /// <exception cref="ArgumentException">The number of values does not fit the input.</exception>
    public FaithfulnessScores Measure(float[] map)
    {
        if (map.Length != PixelCount)
        {
            throw new ArgumentException(
                $"An input of {_input.Width}×{_input.Height} pixels needs {PixelCount} values, not {map.Length}.", nameof(map));
        }

        int[] order = PixelRanking.MostRelevantFirst(map, _options.Seed);
        int between = _options.Steps - 1;
        IEnumerable<Func<NetworkInput>> pictures =
        [
            .. Enumerable.Range(1, between).Select(i => Without(..Share(i, _options.Steps), _options.Replacement)),
            .. Enumerable.Range(1, between).Select(i => Without(Share(i, _options.Steps).., _options.Replacement)),
            .. Enumerable.Range(1, RoadTenths).Select(i => Without(..Share(i, 10), Replacement.Imputation)),
            .. Enumerable.Range(1, RoadTenths).Select(i => Without(^Share(i, 10).., Replacement.Imputation)),
            () => _perturbation.Mask(
                Array.ConvertAll(HeatmapNormalizer.Normalize(map, HeatmapNormalization.Positive), static v => (float)v)),
        ];
        double[] scores = Score([.. pictures]);
        return new FaithfulnessScores
        {
            DeletionCurve = [Probability, .. scores[..between], _withoutAny],
            InsertionCurve = [_withoutAny, .. scores[between..(2 * between)], Probability],
            RoadMostRelevantFirst = scores.AsSpan(2 * between, RoadTenths).ToArray().Average(),
            RoadLeastRelevantFirst = scores.AsSpan((2 * between) + RoadTenths, RoadTenths).ToArray().Average(),
            AverageDrop = Probability > 0 ? Math.Max(0, Probability - scores[^1]) / Probability : 0,
            IncreaseInConfidence = scores[^1] > Probability ? 1 : 0,
        };

        int Share(int part, int parts) => (int)Math.Round((double)PixelCount * part / parts);
        Func<NetworkInput> Without(Range ranks, Replacement replacement) =>
            () => _perturbation.Remove(order.AsSpan()[ranks], replacement);
    }

    /// <summary>Measures a map that knows nothing: the mean of several random ones.</summary>
    /// <param name="rows">The rows of the maps' cells.</param>
    /// <param name="columns">The columns of the maps' cells.</param>
    public FaithfulnessScores MeasureRandom(int rows, int columns) => FaithfulnessScores.Mean(
        [.. Enumerable.Range(0, _options.RandomMaps).Select(
            i => Measure(BaselineMap.Random(rows, columns, _input.Width, _input.Height, unchecked(_options.Seed + i))))]);

    /// <summary>Measures a map that shows the middle of every photo: a Gaussian as wide as a quarter of each side.</summary>
    public FaithfulnessScores MeasureCenter() => Measure(BaselineMap.Center(_input.Width, _input.Height));

    /// <summary>Measures a map that marks the photo's edges, whatever the network: the strength of its Sobel gradients.</summary>
    public FaithfulnessScores MeasureEdges() => Measure(BaselineMap.Edges(_input));

    /// <summary>Measures a map that marks where the photo has much detail: its edges, as blurred as a map's cells are.</summary>
    /// <param name="rows">The rows of the maps' cells.</param>
    /// <param name="columns">The columns of the maps' cells.</param>
    public FaithfulnessScores MeasureBlurredEdges(int rows, int columns) => Measure(BaselineMap.BlurredEdges(_input, rows, columns));

    private double[] Score(Func<NetworkInput>[] pictures)
    {
        var scores = new double[pictures.Length];
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = _options.Parallelism,
            CancellationToken = _cancellationToken,
            // Each worker keeps one thread for all its scores, where an inference would otherwise start one of its own.
            TaskScheduler = InferenceThreads.Instance,
        };
        try
        {
            Parallel.For(0, pictures.Length, parallel, i => scores[i] = _score(pictures[i]()));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        return scores;
    }
}
