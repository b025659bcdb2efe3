using System.Collections.Concurrent;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Methods;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Maps;

/// <summary>Asks a network what it sees in photos, and where. Safe for use by many threads.</summary>
public sealed class PhotoExplainer
{
    private readonly CamModel _model;
    private readonly InputSettings _settings;
    private readonly ConcurrentDictionary<PhotoSource, Lazy<float[]>> _features = new(ReferenceEqualityComparer.Instance);

    /// <summary>Makes an explainer.</summary>
    /// <param name="model">The network to ask.</param>
    /// <param name="settings">How photos become its input.</param>
    public PhotoExplainer(CamModel model, InputSettings settings)
    {
        _model = model;
        _settings = settings.For(model.Info);
    }

    /// <summary>The most probable classes of a photo, best first.</summary>
    /// <param name="source">The photo.</param>
    /// <param name="top">How many.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="PhotoException">The photo cannot be read.</exception>
    /// <exception cref="ModelException">The network cannot be run on it.</exception>
    public IReadOnlyList<Prediction> Predict(PhotoSource source, int top, CancellationToken cancellationToken = default) =>
        Predict(source, top, expected: null, cancellationToken);

    /// <summary>The most probable classes of a photo, best first, and the expected one where it is not among them.</summary>
    /// <param name="source">The photo.</param>
    /// <param name="top">How many.</param>
    /// <param name="expected">What the photo should show; of several classes the most probable one is given.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="PhotoException">The photo cannot be read.</exception>
    /// <exception cref="ModelException">The network cannot be run on it.</exception>
    public IReadOnlyList<Prediction> Predict(
        PhotoSource source, int top, ExpectedAnswer? expected, CancellationToken cancellationToken = default)
    {
        source = source.WithReading(_settings.Reading);
        using ForwardPass pass = Run(ReadInput(source), cancellationToken);
        float[] logits = pass.Logits();
        float[] probabilities = pass.Probabilities.ToArray();
        IReadOnlyList<int> ranking = ClassRanking.Top(probabilities, Math.Max(top, AnswerDoubt.RunnerUps) + 1);
        double doubt = AnswerDoubt.Of(ranking, logits, _model, pass);
        double? entropy = _model.Info.Activation == ClassifierActivation.Softmax ? EntropyOf(probabilities) : null;
        PhotoIdentity photo = source.Identify();
        List<Prediction> predictions =
        [
            .. ranking.Take(top).Select((classIndex, i) => Of(classIndex, i + 1, i + 1 < ranking.Count ? ranking[i + 1] : null))
        ];
        if (expected is not null && !predictions.Exists(static prediction => prediction.IsExpected == true))
        {
            int classIndex = expected.ClassIndexes.MaxBy(index => (probabilities[index], -index));
            int rank = ClassRanking.RankOf(probabilities, classIndex);
            predictions.Add(Of(classIndex, rank, rank < probabilities.Length ? ClassRanking.Top(probabilities, rank + 1)[rank] : null));
        }

        return predictions;

        Prediction Of(int classIndex, int rank, int? next)
        {
            ImageClass imageClass = _model.Classes[classIndex];
            return new Prediction(photo, _model.Ask(_settings, classIndex, imageClass.WordNetId, imageClass.Label))
            {
                Rank = rank,
                Probability = probabilities[classIndex],
                Logit = logits[classIndex],
                Margin = next is { } behind ? (double)probabilities[classIndex] - probabilities[behind] : null,
                Entropy = entropy,
                Doubt = doubt,
                Expected = expected?.Label,
                IsExpected = expected?.ClassIndexes.Contains(classIndex),
                Source = source,
            };
        }
    }

    /// <summary>The probabilities of concepts in a photo, most probable first.</summary>
    /// <param name="source">The photo.</param>
    /// <param name="concepts">Concepts of the network's own <see cref="ClassTable.Concepts"/>; they may overlap.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="PhotoException">The photo cannot be read.</exception>
    /// <exception cref="ModelException">The network cannot be run on it.</exception>
    public IReadOnlyList<Prediction> PredictConcepts(
        PhotoSource source, IReadOnlyList<Concept> concepts, CancellationToken cancellationToken = default)
    {
        source = source.WithReading(_settings.Reading);
        using ForwardPass pass = Run(ReadInput(source), cancellationToken);
        IEnumerable<ConceptScore> ranked =
            ConceptScore.Of(concepts, pass).OrderByDescending(static score => score.Probability);
        PhotoIdentity photo = source.Identify();
        return [.. ranked.Select((score, index) => new Prediction(
            photo, _model.Ask(_settings, Concept.NoClassIndex, score.Concept.WordNetId, score.Concept.Name))
        {
            Rank = index + 1,
            Probability = score.Probability,
            Logit = score.Logit,
            Source = source,
        })];
    }

    /// <summary>
    /// The class activation maps of a photo, in the order of the request, from one forward pass for each scale (two with
    /// <see cref="MapRequest.Flip"/>), however many maps are asked for.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The request names no scale, or one that makes the input too small or too large, or a contrast for a method that has none.
    /// </exception>
    /// <exception cref="PhotoException">The photo cannot be read.</exception>
    /// <exception cref="ModelException">The network cannot be run on it.</exception>
    public IReadOnlyList<ClassActivationMap> Explain(
        PhotoSource source, MapRequest request, CancellationToken cancellationToken = default) => Explain(source, [request],
        cancellationToken)[0];

    /// <summary>The maps of several requests for one photo, from the forward passes that one of them needs.</summary>
    /// <param name="source">The photo.</param>
    /// <param name="requests">One or more requests of the same scales, with or without <see cref="MapRequest.Flip"/>.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The maps of each request, as if it had been asked alone.</returns>
    internal IReadOnlyList<ClassActivationMap>[] Explain(
        PhotoSource source, IReadOnlyList<MapRequest> requests, CancellationToken cancellationToken)
    {
        if (requests.Any(static request => request.Contrast is not null && request.Methods.Contains(CamMethod.SoftmaxCam)))
        {
            throw new ArgumentException("SoftmaxCam sets a class against all others already and takes no contrast.", nameof(requests));
        }

        source = source.WithReading(_settings.Reading);
        requests = [.. requests.Select(Known)];
        (IReadOnlyList<double> scales, bool flip) = (requests[0].Scales, requests[0].Flip);
        MapPlaces[] places = [.. requests.Select(request => new MapPlaces(_model, request))];
        IReadOnlyList<NetworkTail> tails = MapPlaces.TailsOf(places);
        using SharedPhoto.Use decoded = Decode(source, _settings.At(scales.DefaultIfEmpty(1).Max()));
        Photo photo = decoded.Photo;
        MapBuilder[] builders = [];
        foreach (double scale in scales)
        {
            NetworkInput input = ToInput(photo, _settings.At(scale));
            NetworkInput? mirrored = flip ? input.Flip() : null;
            Add(input, isMirrored: false);
            if (mirrored is not null)
            {
                Add(mirrored, isMirrored: true);
            }
        }

        return builders.Length > 0
            ? Array.ConvertAll(builders, static builder => builder.Build())
            : throw new ArgumentException("The request names no scale.", nameof(requests));

        void Add(NetworkInput input, bool isMirrored)
        {
            using ForwardPass pass = _model.Run(input, tails, cancellationToken);
            StageClock.Mark("inference");
            if (builders.Length == 0)
            {
                builders =
                [
                    .. requests.Zip(places, (request, own) => new MapBuilder(_model, _settings, request, own, source, photo, input, pass))
                ];
            }

            IReadOnlyDictionary<string, LayerPass> given = MapPlaces.PassesAt(_model, tails, pass, input);
            Array.ForEach(builders, builder => builder.Add(pass, given, input, isMirrored, cancellationToken));
            input.Recycle();
            StageClock.Mark("maps");
        }
    }

    // The other photo is shown once, however many are compared with it.
    private MapRequest Known(MapRequest request) => request.SimilarTo is not { } photo ? request : request with
    {
        Likeness = new Likeness(photo, _features.GetOrAdd(photo, _ => new Lazy<float[]>(() =>
        {
            using ForwardPass pass = Run(ReadInput(photo), CancellationToken.None);
            return pass.PooledFeatures();
        })).Value),
    };

    /// <summary>Single feature maps of a photo, in the order of their indexes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The network has no feature map of that index.</exception>
    /// <exception cref="PhotoException">The photo cannot be read.</exception>
    /// <exception cref="ModelException">The network cannot be run on it.</exception>
    public IReadOnlyList<FeatureMap> GetFeatureMaps(
        PhotoSource source, IReadOnlyList<int> indexes, CancellationToken cancellationToken = default)
    {
        source = source.WithReading(_settings.Reading);
        using ForwardPass pass = Run(ReadInput(source), cancellationToken);
        var maps = new List<FeatureMap>(indexes.Count);
        (PhotoIdentity photo, CamQuestion question) = (source.Identify(), _model.Ask(_settings));
        foreach (int index in indexes)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, pass.FeatureCount, nameof(indexes));
            ReadOnlySpan<float> values = pass.Activation(index);
            (float minimum, float maximum) = FloatSpans.Extremes(values);
            maps.Add(new FeatureMap(photo, question)
            {
                Index = index,
                Rows = pass.Rows,
                Columns = pass.Columns,
                Minimum = minimum,
                Maximum = maximum,
                Mean = FloatSpans.Sum(values) / values.Length,
                Map = Grid.ToRows(values, pass.Columns),
            });
        }

        return maps;
    }

    /// <summary>
    /// Reads a photo on another thread, so that it is at hand when the network is ready. A photo that cannot be read is
    /// no matter here: reading it again says so.
    /// </summary>
    public static void Prefetch(PhotoSource source, InputSettings settings)
    {
        RecentPhotos.Prefetch(source.WithReading(settings.Reading), shorterSideAtLeast: LeastSide(settings), longerSideAtLeast: null);
        // What resizes the photo is compiled meanwhile, too.
        Task.Run(
            () => NetworkInput.Create(new Photo(1, 1, [0, 0, 0, 255]), InputFit.FullFrame, InputGeometry.MinResolution, settings.Resampling)
                .Recycle());
    }

    /// <summary>
    /// Reads a photo on another thread as drawing will want it, where the network is shown a smaller scale of it.
    /// </summary>
    internal static void PrefetchForDrawing(PhotoSource source, InputSettings settings, int? maxSize) =>
        RecentPhotos.Prefetch(
            source.WithReading(settings.Reading),
            shorterSideAtLeast: null,
            longerSideAtLeast: maxSize,
            isReadElsewhere: true,
            shorterSideElsewhere: LeastSide(settings));

    /// <summary>A photo as the network sees it.</summary>
    /// <exception cref="PhotoException">The photo cannot be read.</exception>
    internal NetworkInput ReadInput(PhotoSource source)
    {
        using SharedPhoto.Use photo = Decode(source.WithReading(_settings.Reading), _settings);
        return ToInput(photo.Photo, _settings);
    }

    // Null for all pixels: a reduced scale gives others, however much larger than the input it is.
    private static int? LeastSide(InputSettings settings) => settings.Decoding == PhotoDecoding.Fast ? 2 * settings.Resolution : null;

    private static SharedPhoto.Use Decode(PhotoSource source, InputSettings settings)
    {
        SharedPhoto.Use photo = RecentPhotos.Decode(source, shorterSideAtLeast: LeastSide(settings));
        StageClock.Mark("decoding");
        return photo;
    }

    // Shannon's, in nats.
    private static double EntropyOf(float[] probabilities) =>
        -probabilities.Sum(static probability => probability > 0 ? probability * Math.Log(probability) : 0);

    /// <summary>Runs the network on an input that is not used again.</summary>
    private ForwardPass Run(NetworkInput input, CancellationToken cancellationToken)
    {
        ForwardPass pass = _model.Run(input, cancellationToken);
        input.Recycle();
        StageClock.Mark("inference");
        return pass;
    }

    private static NetworkInput ToInput(Photo photo, InputSettings settings)
    {
        NetworkInput input = settings.Show(photo);
        StageClock.Mark("resizing");
        return input;
    }
}
