using ClassActivation.Drawing;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Faithfulness;

/// <summary>How trust is tested.</summary>
public sealed record TrustOptions
{
    /// <summary>The steps of the deletion and insertion curves, 1 or more.</summary>
    public int Steps { get; init; } = 8;

    /// <summary>The stages in which the network forgets; 0 leaves this test out.</summary>
    public int Stages { get; init; } = 4;

    /// <summary>What all chance is drawn from: the same seed gives the same figures.</summary>
    public int Seed { get; init; }

    /// <summary>How many forward passes run at once, 1 or more.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;
}

/// <summary>
/// Puts the maps of one network to the tests that explanations fail when they are not about the network: baselines that
/// know nothing, other classes, a network that forgets, noise, and whether the parts add up.
/// </summary>
public sealed class TrustTest
{
    private const int OtherClasses = 5;
    private const int Noises = 3;
    private const double NoiseDeviation = 0.02 * 255;
    private const int JpegQuality = 75;
    private const int Subsets = 20;

    private readonly CamModel _model;
    private readonly TrustOptions _options;
    private readonly List<Subject> _subjects = [];

    /// <summary>Makes a test.</summary>
    /// <param name="model">The network.</param>
    /// <param name="options">How to test.</param>
    public TrustTest(CamModel model, TrustOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        _model = model;
        _options = options;
    }

    /// <summary>
    /// Whether a map can be tested: of one scale, without the mirror image, of a class or concept and of layers of the network.
    /// </summary>
    /// <param name="map">The map.</param>
    public bool CanTest(ClassActivationMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return ObstacleOf(map) is null;
    }

    /// <summary>Why a map cannot be tested; null where it can.</summary>
    internal TrustObstacle? ObstacleOf(ClassActivationMap map) =>
        map.Question.Reference.Length > 0 ? TrustObstacle.Difference
        : map.Question.IsLikeness ? TrustObstacle.Likeness
        : MapFusion.IsAverage(map.Scale, map.Flip) ? TrustObstacle.Average
        : SameQuestion.SettingsOf(map) is null ? TrustObstacle.UnknownInput
        : SameQuestion.Of(map.Question, _model) is null ? TrustObstacle.OtherNetwork
        : null;

    /// <summary>Tests one map: about 190 forward passes.</summary>
    /// <param name="map">A map for which <see cref="CanTest"/>.</param>
    /// <param name="source">Its photo.</param>
    /// <param name="cancellationToken">Ends the testing.</param>
    /// <exception cref="PhotoException">The photo cannot be read.</exception>
    /// <exception cref="ModelException">The network cannot be run on it.</exception>
    /// <exception cref="OperationCanceledException">The testing was cancelled.</exception>
    public PhotoTrust Add(ClassActivationMap map, PhotoSource source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        MapRequest request = SameQuestion.Of(map.Question, _model)
            ?? throw new ArgumentException("The network has no such class.", nameof(map));
        InputSettings settings = SameQuestion.SettingsOf(map) ?? throw new ArgumentException("The map's input is not known.", nameof(map));
        NetworkInput input = new PhotoExplainer(_model, settings).ReadInput(source);
        IReadOnlyList<int> classes = MapFaithfulness.ClassesOf(map, _model);
        var meter = new FaithfulnessMeter(
            input,
            picture => MapFaithfulness.ProbabilityOf(classes, _model, picture, cancellationToken),
            new FaithfulnessOptions { Steps = _options.Steps, Seed = _options.Seed, Parallelism = _options.Parallelism, RandomMaps = 1 },
            cancellationToken);
        var places = new MapPlaces(_model, request);
        IReadOnlyList<NetworkTail> tails = MapPlaces.TailsOf(places);
        using ForwardPass whole = _model.Run(input, tails, cancellationToken);
        MapTarget target = MapTargets.Of(request, _model, whole)[0];
        IReadOnlyList<PassMap> maps = places.Maps(
            whole,
            MapPlaces.PassesAt(_model, tails, whole, input),
            input,
            [.. Others(target).Select(other => MapTargets.Of(new MapRequest { ClassIndexes = [other] }, _model, whole)[0])
                .Prepend(target).Select(explained => (explained, map.Question.Method))],
            cancellationToken);
        (float[] values, int rows, int columns) = (maps[0].Values, maps[0].Rows, maps[0].Columns);
        float[] spread = GridUpsampler.Upsample(values, rows, columns, input.Width, input.Height, Upsampling.AlignCorners);
        (double sensitivityN, double infidelity) = Subsample(input, request, target, values, rows, columns, cancellationToken);
        var photo = new PhotoTrust(map.Photo, map.Question)
        {
            Probability = meter.Probability,
            ProbabilityOfNothing = meter.ProbabilityOfNothing,
            Incompleteness = maps[0].Incompleteness(map.Question.Method, places.HasClosedForm(map.Question.Method), target.Logit),
            PermutedSimilarity = maps.Count == 1 ? 1 : maps.Skip(1).Average(other => Correlation(values, other.Values)),
            NoiseSensitivity = Enumerable.Range(0, Noises).Max(
                i => Change(
                    values, MapPlaces.MapOf(_model, WithNoise(input, unchecked(_options.Seed + i)), request, cancellationToken).Values)),
            JpegSensitivity = Change(values, MapPlaces.MapOf(_model, Recompressed(input), request, cancellationToken).Values),
            SensitivityN = sensitivityN,
            Infidelity = infidelity,
            Scores = new Dictionary<string, FaithfulnessScores>
            {
                ["Map"] = meter.Measure(spread),
                ["Random"] = meter.MeasureRandom(rows, columns),
                ["Center"] = meter.MeasureCenter(),
                ["Edges"] = meter.MeasureEdges(),
                ["BlurredEdges"] = meter.MeasureBlurredEdges(rows, columns),
            },
        };
        _subjects.Add(new Subject(photo, input, request, values));
        return photo;
    }

    /// <summary>Lets the network forget, and sums up.</summary>
    /// <param name="cancellationToken">Ends the testing.</param>
    /// <exception cref="InvalidOperationException">No map was added.</exception>
    /// <exception cref="ModelException">The network's file cannot be read any more.</exception>
    /// <exception cref="OperationCanceledException">The testing was cancelled.</exception>
    public CamTrust Conclude(CancellationToken cancellationToken = default)
    {
        if (_subjects.Count == 0)
        {
            throw new InvalidOperationException("No map was tested.");
        }

        var stages = new List<TrustStage>(_options.Stages);
        for (int stage = 1; stage <= _options.Stages; stage++)
        {
            double share = (double)stage / _options.Stages;
            using var shuffled = new ShuffledNetwork(_model.Info.Path, share, _options.Seed);
            double sum = 0;
            foreach (Subject subject in _subjects)
            {
                cancellationToken.ThrowIfCancellationRequested();
                sum += Correlation(
                    subject.Values, MapPlaces.MapOf(shuffled.Model, subject.Input, subject.Request, cancellationToken).Values);
            }

            stages.Add(new TrustStage { ShuffledShare = share, Similarity = sum / _subjects.Count });
        }

        CamQuestion question = _subjects[0].Photo.Question.WithoutTarget with { Model = _model.Name, ModelHash = _model.Hash };
        return TrustRules.Judge(question, _options, [.. _subjects.Select(static subject => subject.Photo)], [.. stages]);
    }

    // Some other classes, whose maps should differ.
    private IEnumerable<int> Others(MapTarget target)
    {
        var random = new Random(_options.Seed);
        int[] others = [.. Enumerable.Range(0, _model.Classes.Count).Except(target.Members)];
        random.Shuffle(others);
        return others.Take(OtherClasses);
    }

    private (double SensitivityN, double Infidelity) Subsample(
        NetworkInput input, MapRequest request, MapTarget target, float[] values, int rows, int columns,
        CancellationToken cancellationToken)
    {
        var perturbation = new PhotoPerturbation(input, _options.Seed);
        var lost = new float[Subsets];
        var shown = new float[Subsets];
        var subsets = new int[Subsets][];
        var random = new Random(_options.Seed);
        int[] cells = [.. Enumerable.Range(0, values.Length)];
        for (int i = 0; i < Subsets; i++)
        {
            random.Shuffle(cells);
            subsets[i] = [.. cells.Take(Math.Max(1, cells.Length / 5))];
            shown[i] = subsets[i].Sum(cell => values[cell]) / values.Length;
        }

        Parallel.For(
            0,
            Subsets,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = _options.Parallelism,
                CancellationToken = cancellationToken,
                TaskScheduler = InferenceThreads.Instance,
            },
            i =>
            {
                var isTaken = new bool[values.Length];
                foreach (int cell in subsets[i])
                {
                    isTaken[cell] = true;
                }

                int[] pixels = [.. Enumerable.Range(0, input.Width * input.Height).Where(
                    pixel => isTaken[(pixel / input.Width * rows / input.Height * columns) + (pixel % input.Width * columns / input.Width)])];
                using ForwardPass pass = _model.Run(perturbation.Remove(pixels, Replacement.Blur), cancellationToken);
                lost[i] = target.Logit - MapTargets.Of(request, _model, pass)[0].Logit;
            });
        double correlation = Correlation(shown, lost);
        return (correlation, 1 - (correlation * correlation));
    }

    private static NetworkInput WithNoise(NetworkInput input, int seed)
    {
        var random = new Random(seed);
        byte[] pixels = [.. input.Pixels];
        for (int i = 0; i < pixels.Length; i++)
        {
            // Box and Muller's normal distribution.
            double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            pixels[i] = (byte)Math.Clamp(Math.Round(pixels[i] + (NoiseDeviation * normal)), 0, 255);
        }

        return new NetworkInput(input.Width, input.Height, pixels);
    }

    private static NetworkInput Recompressed(NetworkInput input)
    {
        var pixels = new byte[input.Width * input.Height * 4];
        for (int i = 0; i < input.Width * input.Height; i++)
        {
            input.Pixels.AsSpan(3 * i, 3).CopyTo(pixels.AsSpan(4 * i));
            pixels[(4 * i) + 3] = 255;
        }

        using var stream = new MemoryStream();
        PhotoEncoder.Encode(new Photo(input.Width, input.Height, pixels), PictureFormat.Jpeg, JpegQuality, stream);
        using SharedPhoto.Use decoded = RecentPhotos.Decode(
            PhotoSource.FromMemory("recompressed", stream.ToArray()), shorterSideAtLeast: null);
        var compressed = new byte[input.Width * input.Height * 3];
        for (int i = 0; i < input.Width * input.Height; i++)
        {
            decoded.Photo.Bytes.Slice(4 * i, 3).CopyTo(compressed.AsSpan(3 * i));
        }

        return new NetworkInput(input.Width, input.Height, compressed);
    }

    // ‖changed − map‖ / ‖map‖
    private static double Change(float[] map, float[] changed)
    {
        double difference = 0, size = 0;
        for (int i = 0; i < map.Length; i++)
        {
            difference += Math.Pow(changed[i] - map[i], 2);
            size += (double)map[i] * map[i];
        }

        return size > 0 ? Math.Sqrt(difference / size) : difference > 0 ? double.PositiveInfinity : 0;
    }

    // A map that is the same everywhere is like no other.
    private static double Correlation(float[] one, float[] other) =>
        PearsonCorrelation.Of(one, other) is var found && double.IsNaN(found) ? 0 : found;

    private sealed record Subject(PhotoTrust Photo, NetworkInput Input, MapRequest Request, float[] Values);
}
