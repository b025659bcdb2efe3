using ClassActivation.Inference;
using ClassActivation.Methods;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Maps;

/// <summary>
/// Where in a network the maps of a request are made: in closed form at a linear end, at layers that are named, at the pixels, at
/// a transformer's tokens, or on the photo, of which parts are covered.
/// </summary>
internal sealed class MapPlaces
{
    private readonly CamModel _model;
    private readonly Dictionary<MapPlace, IReadOnlyList<NetworkTail>> _tails;
    private readonly MapRequest _request;
    private readonly bool _isLikeness;

    /// <summary>Finds them.</summary>
    /// <param name="model">The network.</param>
    /// <param name="request">What is asked.</param>
    /// <exception cref="ModelException">There is no such layer, no way to the pixels, or no attention.</exception>
    public MapPlaces(CamModel model, MapRequest request)
    {
        _model = model;
        _request = request;
        _isLikeness = request.SimilarTo is not null;
        string? scores = _isLikeness ? NetworkContract.Activations : null;
        _tails = request.Methods.GroupBy(LayerMethods.PlaceOf).ToDictionary(
            static place => place.Key,
            IReadOnlyList<NetworkTail> (place) => [.. TailsAt(place.Key, scores).Select(tail =>
                place.Any(LayerMethods.NeedsGradient) ? tail : tail with { Saved = [] })]);
    }

    private IReadOnlyList<NetworkTail> TailsAt(MapPlace place, string? scores) => place switch
    {
        MapPlace.Pixels => [_model.Layers.Pixels(scores)],
        MapPlace.Tokens => [_model.Layers.Tokens],
        MapPlace.Photo => [],
        _ when _request.Layers.Count == 0 && (_model.Info.IsLinear || _isLikeness) => [],
        _ => _model.Layers.Find(_request.Layers, scores),
    };

    /// <summary>The ends of the network behind these places, whose values the forward pass must keep.</summary>
    private IEnumerable<NetworkTail> Tails => _tails.Values.SelectMany(static tails => tails);

    /// <summary>The ends of the network behind some places, each once, whose values the forward pass must keep.</summary>
    public static IReadOnlyList<NetworkTail> TailsOf(params IReadOnlyList<MapPlaces> places) =>
        [
            .. places.SelectMany(static own => own.Tails).OrderByDescending(static tail => tail.Saved.Count)
                .DistinctBy(static tail => tail.Key)
        ];

    /// <summary>Whether the map of a method has a closed form here.</summary>
    public bool HasClosedForm(CamMethod method) =>
        LayerMethods.PlaceOf(method) is var place and not MapPlace.Photo && _tails[place].Count == 0;

    /// <summary>What a network gave at the places of several requests.</summary>
    /// <returns>By the keys of these ends.</returns>
    public static IReadOnlyDictionary<string, LayerPass> PassesAt(
        CamModel model, IReadOnlyList<NetworkTail> tails, ForwardPass pass, NetworkInput input) => tails
        .ToDictionary(static tail => tail.Key, tail => model.At(tail, pass, input), StringComparer.Ordinal);

    /// <summary>The maps of one forward pass.</summary>
    /// <param name="pass">The pass, with the values of <see cref="Tails"/>.</param>
    /// <param name="given">What it gave there.</param>
    /// <param name="input">What the network was shown.</param>
    /// <param name="wanted">What to explain, and how.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public IReadOnlyList<PassMap> Maps(
        ForwardPass pass,
        IReadOnlyDictionary<string, LayerPass> given,
        NetworkInput input,
        IReadOnlyList<(MapTarget Target, CamMethod Method)> wanted,
        CancellationToken cancellationToken)
    {
        var maps = new PassMap[wanted.Count];
        foreach (IGrouping<MapPlace, int> place in Enumerable.Range(0, wanted.Count).GroupBy(i => LayerMethods.PlaceOf(wanted[i].Method)))
        {
            IReadOnlyList<NetworkTail> tails = _tails[place.Key];
            int[] indexes = [.. place];
            PassMap[] found = place.Key == MapPlace.Photo ? OnPhoto(pass, input, [.. indexes.Select(i => wanted[i])], cancellationToken)
                : tails.Count == 0
                ? Array.ConvertAll(indexes, i => ClosedForm(wanted[i].Target, wanted[i].Method, pass))
                : AtLayers([.. tails.Select(tail => given[tail.Key])], pass, [.. indexes.Select(i => wanted[i])], cancellationToken);
            for (int i = 0; i < indexes.Length; i++)
            {
                maps[indexes[i]] = found[i];
            }
        }

        return maps;
    }

    /// <summary>One map of one input.</summary>
    /// <param name="model">The network.</param>
    /// <param name="input">What it is shown.</param>
    /// <param name="request">What is asked; the first target and method of it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static PassMap MapOf(CamModel model, NetworkInput input, MapRequest request, CancellationToken cancellationToken)
    {
        var places = new MapPlaces(model, request);
        IReadOnlyList<NetworkTail> tails = TailsOf(places);
        using ForwardPass pass = model.Run(input, tails, cancellationToken);
        return places.Maps(
            pass,
            PassesAt(model, tails, pass, input),
            input,
            [(MapTargets.Of(request, model, pass)[0], request.Methods[0])],
            cancellationToken)[0];
    }

    private PassMap[] OnPhoto(
        ForwardPass pass, NetworkInput input, (MapTarget Target, CamMethod Method)[] wanted, CancellationToken cancellationToken)
    {
        Dictionary<CamMethod, MaskedAnswers> answers = wanted.Select(static map => map.Method).Distinct().ToDictionary(
            static method => method,
            method => MaskedPasses.Run(
                _model, input, MaskingMethods.Find(method)!, _request.Masking, pass.Logits(), _request.Passes, cancellationToken));
        return Array.ConvertAll(wanted, map => new PassMap(
            MaskingMethods.Find(map.Method)!.Map(answers[map.Method], map.Target), input.Height, input.Width, BiasPart: null));
    }

    private PassMap ClosedForm(MapTarget target, CamMethod method, ForwardPass pass) =>
        new(MapValues.Of(method, target, _isLikeness ? null : _model.Classifier, pass), pass.Rows, pass.Columns, target.Bias);

    private PassMap[] AtLayers(
        IReadOnlyList<LayerPass> layers, ForwardPass pass, (MapTarget Target, CamMethod Method)[] wanted,
        CancellationToken cancellationToken)
    {
        MapTarget? likeness = _isLikeness ? Likeness.InActivations(wanted[0].Target, pass) : null;
        (float[] Values, double? BiasPart)[] maps = LayerMaps.Of(
            _model,
            pass,
            layers,
            Array.ConvertAll(wanted, map => (likeness ?? map.Target, LayerMethods.Of(map.Method, _model.Name))),
            _request.MaxStep,
            cancellationToken);
        LayerPass finest = LayerMaps.Finest(layers);
        float[] logits = pass.Logits();
        // A concept's logit is no combination of its classes' alone.
        return [.. maps.Zip(wanted, (map, asked) => new PassMap(
            map.Values,
            finest.Rows,
            finest.Columns,
            _isLikeness ? map.BiasPart : map.BiasPart + asked.Target.Logit - FloatSpans.Dot(asked.Target.Shares, logits)))];
    }
}
