using ClassActivation.Imaging;
using ClassActivation.Models;

namespace ClassActivation.Explanation;

/// <summary>Makes the maps of one photo from its forward passes; the first decides what is explained.</summary>
internal sealed class MapBuilder
{
    private readonly CamModel _model;
    private readonly InputSettings _settings;
    private readonly MapRequest _request;
    private readonly PhotoSource _source;
    private readonly Photo _photo;
    private readonly NetworkInput _input;
    private readonly float[][][]? _activation;
    private readonly List<Entry> _entries = [];

    /// <summary>Decides from the first forward pass what the maps explain.</summary>
    public MapBuilder(
        CamModel model, InputSettings settings, MapRequest request, PhotoSource source, Photo photo, NetworkInput input, ForwardPass first)
    {
        (_model, _settings, _request, _source, _photo, _input) = (model, settings, request, source, photo, input);
        _activation = request.IncludeActivation ? CopyActivation(first) : null;
        if (request.Methods.Any(static method => method != CamMethod.ReciproCam))
        {
            // All other methods stand on the weights; a network without them says so.
            _ = model.Classifier;
        }

        foreach (MapTarget target in MapTargets.Of(request, model, first))
        {
            _entries.AddRange(request.Methods.Select(method => new Entry(target, method, new MapFusion())));
        }
    }

    /// <summary>Adds the maps of one forward pass.</summary>
    public void Add(ForwardPass pass, bool isMirrored, CancellationToken cancellationToken)
    {
        float[]? logitsOfPlaces = _entries.Exists(static entry => entry.Method == CamMethod.ReciproCam)
            ? _model.Head.LogitsOfPlaces(pass, cancellationToken)
            : null;
        foreach (Entry entry in _entries)
        {
            entry.Fusion.Add(logitsOfPlaces is not null && entry.Method == CamMethod.ReciproCam ? Combine(logitsOfPlaces, entry.Target.Shares) : Compute(entry, pass), pass.Rows, pass.Columns, isMirrored);
        }
    }

    /// <summary>The maps, in the order of the request.</summary>
    public IReadOnlyList<ClassActivationMap> Build() => _entries.ConvertAll(ToMap);

    private float[] Compute(Entry entry, ForwardPass pass) => entry.Method switch
    {
        CamMethod.EigenCam => PrincipalComponent.Of(pass, Ones(pass.FeatureCount), ActivationSum.Of(pass, entry.Target.Weights)),
        CamMethod.EigenGradCam => PrincipalComponent.Of(pass, ChannelWeights.Gradient(entry.Target, pass), ActivationSum.Of(pass, entry.Target.Weights)),
        _ => ActivationSum.Of(pass, ChannelWeights.Of(entry.Method, entry.Target, _model.Classifier, pass)),
    };

    private static float[] Combine(float[] logitsOfPlaces, float[] shares)
    {
        var map = new float[logitsOfPlaces.Length / shares.Length];
        for (int place = 0; place < map.Length; place++)
        {
            map[place] = FloatSpans.Dot(logitsOfPlaces.AsSpan(place * shares.Length, shares.Length), shares);
        }

        return map;
    }

    private static float[] Ones(int count)
    {
        var ones = new float[count];
        Array.Fill(ones, 1);
        return ones;
    }

    private ClassActivationMap ToMap(Entry entry)
    {
        float[] values = entry.Fusion.ToMap();
        (float minimum, float maximum) = FloatSpans.Extremes(values);
        return new ClassActivationMap
        {
            Path = _source.DisplayPath,
            Rank = entry.Target.Rank,
            ClassIndex = entry.Target.ClassIndex,
            WordNetId = entry.Target.WordNetId,
            Label = entry.Target.Label,
            Probability = entry.Target.Probability,
            Logit = entry.Target.Logit,
            Bias = entry.Target.Bias,
            Method = entry.Method,
            Contrast = entry.Target.Contrast,
            Model = _model.Name,
            Fit = _settings.Fit,
            Resampling = _settings.Resampling,
            Scale = MapFusion.Describe(_request.Scales),
            Flip = _request.Flip,
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

    private static float[][][] CopyActivation(ForwardPass pass)
    {
        var maps = new float[pass.FeatureCount][][];
        for (int k = 0; k < maps.Length; k++)
        {
            maps[k] = Grid.ToRows(pass.Activation(k), pass.Columns);
        }

        return maps;
    }

    private sealed record Entry(MapTarget Target, CamMethod Method, MapFusion Fusion);
}
