using ClassActivation.Inference;
using ClassActivation.Methods;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Maps;

/// <summary>
/// Where in a network the maps of a request are made: in closed form at a linear end, at layers that are named, or at the pixels.
/// </summary>
internal sealed class MapPlaces
{
    private readonly CamModel _model;
    private readonly IReadOnlyList<NetworkTail> _layers;
    private readonly NetworkTail? _pixels;

    /// <summary>Finds them.</summary>
    /// <param name="model">The network.</param>
    /// <param name="request">What is asked.</param>
    /// <exception cref="ModelException">There is no such layer, or no way to the pixels.</exception>
    public MapPlaces(CamModel model, MapRequest request)
    {
        _model = model;
        _layers = request.Layers.Count == 0 && model.Info.IsLinear ? [] : model.Layers.Find(request.Layers);
        _pixels = request.Methods.Any(LayerMethods.IsAtPixels) ? model.Layers.Pixels : null;
    }

    /// <summary>The ends of the network behind these places, whose values the forward pass must keep.</summary>
    public IEnumerable<NetworkTail> Tails => _pixels is null ? _layers : _layers.Append(_pixels);

    /// <summary>Whether the map of a method has a closed form here.</summary>
    public bool HasClosedForm(CamMethod method) => _layers.Count == 0 && !LayerMethods.IsAtPixels(method);

    /// <summary>What a network gave at the places of several requests.</summary>
    /// <returns>By the names of the layers.</returns>
    public static IReadOnlyDictionary<string, LayerPass> Given(
        CamModel model, IEnumerable<NetworkTail> tails, ForwardPass pass, NetworkInput input) => tails
        .DistinctBy(static tail => tail.Layer)
        .ToDictionary(static tail => tail.Layer, tail => model.At(tail, pass, input), StringComparer.Ordinal);

    /// <summary>The maps of one forward pass.</summary>
    /// <param name="pass">The pass, with the values of <see cref="Tails"/>.</param>
    /// <param name="given">What it gave there.</param>
    /// <param name="wanted">What to explain, and how.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public IReadOnlyList<PassMap> Maps(
        ForwardPass pass,
        IReadOnlyDictionary<string, LayerPass> given,
        IReadOnlyList<(MapTarget Target, CamMethod Method)> wanted,
        CancellationToken cancellationToken)
    {
        var maps = new PassMap[wanted.Count];
        foreach (IGrouping<bool, int> place in Enumerable.Range(0, wanted.Count).GroupBy(i => LayerMethods.IsAtPixels(wanted[i].Method)))
        {
            IReadOnlyList<NetworkTail> tails = place.Key ? [_pixels!] : _layers;
            int[] indexes = [.. place];
            PassMap[] found = tails.Count == 0
                ? Array.ConvertAll(indexes, i => ClosedForm(wanted[i].Target, wanted[i].Method, pass))
                : AtLayers([.. tails.Select(tail => given[tail.Layer])], pass, [.. indexes.Select(i => wanted[i])], cancellationToken);
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
        using ForwardPass pass = model.Run(input, [.. places.Tails], cancellationToken);
        return places.Maps(
            pass,
            Given(model, places.Tails, pass, input),
            [(MapTargets.Of(request, model, pass)[0], request.Methods[0])],
            cancellationToken)[0];
    }

    private PassMap ClosedForm(MapTarget target, CamMethod method, ForwardPass pass) =>
        new(MapValues.Of(method, target, _model.Classifier, pass), pass.Rows, pass.Columns, target.Bias);

    private PassMap[] AtLayers(
        IReadOnlyList<LayerPass> layers, ForwardPass pass, (MapTarget Target, CamMethod Method)[] wanted, CancellationToken cancellationToken)
    {
        (float[] Values, double? BiasPart)[] maps = LayerMaps.Of(
            _model, pass, layers, Array.ConvertAll(wanted, map => (map.Target, LayerMethods.Of(map.Method, _model.Name))), cancellationToken);
        LayerPass finest = LayerMaps.Finest(layers);
        float[] logits = pass.Logits();
        // A concept's logit is no combination of its classes' alone.
        return [.. maps.Zip(wanted, (map, asked) => new PassMap(
            map.Values, finest.Rows, finest.Columns, map.BiasPart + asked.Target.Logit - FloatSpans.Dot(asked.Target.Shares, logits)))];
    }
}
