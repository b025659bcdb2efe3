using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Methods;
using ClassActivation.Photos;

namespace ClassActivation.Maps;

/// <summary>Makes the maps of one photo from its forward passes; the first decides what is explained.</summary>
internal sealed class MapBuilder
{
    private readonly CamModel _model;
    private readonly InputSettings _settings;
    private readonly MapRequest _request;
    private readonly MapPlaces _places;
    private readonly PhotoSource _source;
    private readonly PhotoIdentity _identity;
    private readonly Photo _photo;
    private readonly NetworkInput _input;
    private readonly float[][][]? _activation;
    private readonly List<Entry> _entries = [];

    /// <summary>Decides from the first forward pass what the maps explain.</summary>
    public MapBuilder(
        CamModel model,
        InputSettings settings,
        MapRequest request,
        MapPlaces places,
        PhotoSource source,
        Photo photo,
        NetworkInput input,
        ForwardPass first)
    {
        (_model, _settings, _request, _places, _source, _photo, _input) = (model, settings, request, places, source, photo, input);
        _identity = source.Identify();
        _activation = request.IncludeActivation ? CopyActivation(first) : null;
        foreach (MapTarget target in MapTargets.Of(request, model, first))
        {
            _entries.AddRange(request.Methods.Select(method => new Entry(target, method, new MapFusion())));
        }
    }

    /// <summary>Adds the maps of one forward pass.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="given">What it gave at the places to explain.</param>
    /// <param name="input">What the network was shown.</param>
    /// <param name="isMirrored">Whether it was of the mirror image.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public void Add(
        ForwardPass pass,
        IReadOnlyDictionary<string, LayerPass> given,
        NetworkInput input,
        bool isMirrored,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<PassMap> maps = _places.Maps(
            pass, given, input, _entries.ConvertAll(static entry => (entry.Target, entry.Method)), cancellationToken);
        foreach ((Entry entry, PassMap map) in _entries.Zip(maps))
        {
            entry.BiasPart ??= map.BiasPart;
            entry.Fusion.Add(map.Values, map.Rows, map.Columns, isMirrored);
        }
    }

    /// <summary>The maps, in the order of the request.</summary>
    public IReadOnlyList<ClassActivationMap> Build() => _entries.ConvertAll(ToMap);

    private ClassActivationMap ToMap(Entry entry)
    {
        float[] values = entry.Fusion.ToMap();
        (float minimum, float maximum) = FloatSpans.Extremes(values);
        return new ClassActivationMap(_identity, QuestionOf(entry))
        {
            Rank = entry.Target.Rank,
            Probability = entry.Target.Probability,
            Logit = entry.Target.Logit,
            Bias = entry.BiasPart ?? 0,
            Incompleteness = MapFusion.IsAverage(MapFusion.Describe(_request.Scales), _request.Flip) || entry.BiasPart is not { } bias
                ? null
                : new PassMap(values, entry.Fusion.Rows, entry.Fusion.Columns, bias)
                    .Incompleteness(entry.Method, _places.HasClosedForm(entry.Method), entry.Target.Logit),
            Rows = entry.Fusion.Rows,
            Columns = entry.Fusion.Columns,
            Minimum = minimum,
            Maximum = maximum,
            InputWidth = _input.Width,
            InputHeight = _input.Height,
            PhotoWidth = _photo.FullWidth,
            PhotoHeight = _photo.FullHeight,
            Coverage = InputGeometry.Compute(_photo.FullWidth, _photo.FullHeight, _settings.Fit, _settings.Resolution).Covered,
            Values = values,
            Activation = _activation,
            Source = _source,
        };
    }

    private CamQuestion QuestionOf(Entry entry) =>
        _model.Ask(_settings, entry.Target.ClassIndex, entry.Target.WordNetId, entry.Target.Label) with
        {
            Method = entry.Method,
            // Other methods have places of their own.
            Layer = _request.Layers.Count == 0 || LayerMethods.PlaceOf(entry.Method) != MapPlace.Layers
            ? null
            : string.Join(',', _request.Layers),
            SimilarTo = _request.SimilarTo?.DisplayPath ?? "",
            SimilarToHash = _request.SimilarTo?.HashContent() ?? "",
            MaxStep = entry.Method == CamMethod.IntegratedGradients ? _request.MaxStep : 0,
            Contrast = entry.Target.Contrast,
            ContrastClass = string.Join(',', entry.Target.ContrastClasses),
            ContrastStrength = entry.Target.ContrastClasses.Count == 0 ? 0 : _request.Contrast!.Strength,
            ContrastAuto = _request.Contrast is { ClassIndexes.Count: 0, Concepts.Count: 0 },
            Masking = _request.Masking.ToText(entry.Method),
            Scale = MapFusion.Describe(_request.Scales),
            Flip = _request.Flip,
        };

    private static float[][][] CopyActivation(ForwardPass pass)
    {
        var maps = new float[pass.FeatureCount][][];
        for (int k = 0; k < maps.Length; k++)
        {
            maps[k] = Grid.ToRows(pass.Activation(k), pass.Columns);
        }

        return maps;
    }

    private sealed record Entry(MapTarget Target, CamMethod Method, MapFusion Fusion)
    {
        /// <summary>What the biases add to the score, where that is known.</summary>
        public double? BiasPart { get; set; }
    }
}
