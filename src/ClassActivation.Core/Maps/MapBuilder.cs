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
    private readonly PhotoSource _source;
    private readonly PhotoIdentity _identity;
    private readonly Photo _photo;
    private readonly NetworkInput _input;
    private readonly float[][][]? _activation;
    private readonly List<Entry> _entries = [];

    /// <summary>Decides from the first forward pass what the maps explain.</summary>
    public MapBuilder(
        CamModel model, InputSettings settings, MapRequest request, PhotoSource source, Photo photo, NetworkInput input, ForwardPass first)
    {
        (_model, _settings, _request, _source, _photo, _input) = (model, settings, request, source, photo, input);
        _identity = source.Identify();
        _activation = request.IncludeActivation ? CopyActivation(first) : null;
        foreach (MapTarget target in MapTargets.Of(request, model, first))
        {
            _entries.AddRange(request.Methods.Select(method => new Entry(target, method, new MapFusion(), model.Info.IsLinear && request.Layers.Count == 0)));
        }
    }

    /// <summary>Adds the maps of one forward pass.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="layers">What it gave at the layers to explain; none for a linear head's own, whose maps have closed forms.</param>
    /// <param name="pixels">What the network takes of the photo; null where no method looks from there.</param>
    /// <param name="input">What the network is shown; null where no method covers parts of it.</param>
    /// <param name="isMirrored">Whether it was of the mirror image.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public void Add(
        ForwardPass pass, IReadOnlyList<LayerPass> layers, LayerPass? pixels, NetworkInput? input, bool isMirrored, CancellationToken cancellationToken)
    {
        ILookup<IMaskingMethod?, Entry> byMask = _entries.ToLookup(static entry => MaskingMethods.Find(entry.Method));
        foreach (IGrouping<IMaskingMethod?, Entry> masked in byMask.Where(group => group.Key is not null && input is not null))
        {
            AddMasked(pass, masked, input!, isMirrored, cancellationToken);
        }

        ILookup<bool, Entry> isAtPixels = byMask[null].ToLookup(static entry => LayerMethods.IsAtPixels(entry.Method));
        if (pixels is not null)
        {
            AddAt([pixels], [.. isAtPixels[true]]);
        }

        if (layers.Count > 0)
        {
            AddAt(layers, [.. isAtPixels[false]]);
            return;
        }

        foreach (Entry entry in isAtPixels[false])
        {
            entry.BiasPart ??= entry.Target.Bias;
            entry.Fusion.Add(MapValues.Of(entry.Method, entry.Target, _model.Classifier, pass), pass.Rows, pass.Columns, isMirrored);
        }

        void AddAt(IReadOnlyList<LayerPass> at, List<Entry> entries)
        {
            (float[] Values, double? BiasPart)[] maps = LayerMaps.Of(
                _model, pass, at, entries.ConvertAll(entry => (entry.Target, LayerMethods.Of(entry.Method, _model.Name))), cancellationToken);
            LayerPass finest = LayerMaps.Finest(at);
            for (int i = 0; i < maps.Length; i++)
            {
                // A concept's logit is no combination of its classes' alone.
                MapTarget target = entries[i].Target;
                entries[i].BiasPart ??= maps[i].BiasPart + target.Logit - FloatSpans.Dot(target.Shares, pass.Logits());
                entries[i].Fusion.Add(maps[i].Values, finest.Rows, finest.Columns, isMirrored);
            }
        }
    }

    private void AddMasked(
        ForwardPass pass, IGrouping<IMaskingMethod?, Entry> entries, NetworkInput input, bool isMirrored, CancellationToken cancellationToken)
    {
        MaskedAnswers answers = MaskedPasses.Run(
            _model, input, entries.Key!, _request.Masking, pass.Logits(), _request.Passes, cancellationToken);
        foreach (Entry entry in entries)
        {
            entry.Fusion.Add(entries.Key!.Map(answers, entry.Target), input.Height, input.Width, isMirrored);
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
                : Incompleteness(entry, values, bias),
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

    /// <summary>How far a map and the biases are from the logit; null for methods that do not promise to be it.</summary>
    private static double? Incompleteness(Entry entry, float[] values, double bias)
    {
        double sum = values.Sum(static value => (double)value);
        return entry.Method switch
        {
            CamMethod.Cam => Of(sum / values.Length),
            CamMethod.HiResCam or CamMethod.InputXGradient or CamMethod.IntegratedGradients => Of(sum),
            CamMethod.GradCam or CamMethod.XGradCam when entry.IsClosedForm => Of(sum),
            _ => null,
        };

        double Of(double explained) => Math.Abs(explained + bias - entry.Target.Logit) / Math.Max(1, Math.Abs(entry.Target.Logit));
    }

    private CamQuestion QuestionOf(Entry entry) => _model.Ask(_settings, entry.Target.ClassIndex, entry.Target.WordNetId, entry.Target.Label) with
    {
        Method = entry.Method,
        Layer = _request.Layers.Count == 0 ? null : string.Join(',', _request.Layers),
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

    private sealed record Entry(MapTarget Target, CamMethod Method, MapFusion Fusion, bool IsClosedForm)
    {
        /// <summary>What the biases add to the score, where that is known.</summary>
        public double? BiasPart { get; set; }
    }
}
