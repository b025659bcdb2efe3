using System.Numerics.Tensors;
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

    /// <summary>Decides from the first forward pass which classes to map.</summary>
    public MapBuilder(
        CamModel model, InputSettings settings, MapRequest request, PhotoSource source, Photo photo, NetworkInput input, ForwardPass first)
    {
        (_model, _settings, _request, _source, _photo, _input) = (model, settings, request, source, photo, input);
        _activation = request.IncludeActivation ? CopyActivation(first) : null;
        float[] features = first.PooledFeatures();
        foreach (int classIndex in request.ClassIndexes.Count > 0 ? request.ClassIndexes : ClassRanking.Top(first.Probabilities, request.Top))
        {
            float[] weights = model.Classifier.WeightsOfClass(classIndex);
            _entries.Add(new Entry(
                classIndex,
                weights,
                ClassRanking.RankOf(first.Probabilities, classIndex),
                first.Probabilities[classIndex],
                TensorPrimitives.Dot<float>(features, weights) + model.Classifier.Bias(classIndex),
                new MapFusion()));
        }
    }

    /// <summary>Adds the maps of one forward pass.</summary>
    public void Add(ForwardPass pass, bool isMirrored)
    {
        foreach (Entry entry in _entries)
        {
            entry.Fusion.Add(ActivationSum.Of(pass, entry.Weights), pass.Rows, pass.Columns, isMirrored);
        }
    }

    /// <summary>The maps, in the order of the request.</summary>
    public IReadOnlyList<ClassActivationMap> Build() => _entries.ConvertAll(ToMap);

    private ClassActivationMap ToMap(Entry entry)
    {
        ImageClass imageClass = _model.Classes[entry.ClassIndex];
        float[] values = entry.Fusion.ToMap();
        return new ClassActivationMap
        {
            Path = _source.DisplayPath,
            Rank = entry.Rank,
            ClassIndex = entry.ClassIndex,
            WordNetId = imageClass.WordNetId,
            Label = imageClass.Label,
            Probability = entry.Probability,
            Logit = entry.Logit,
            Bias = _model.Classifier.Bias(entry.ClassIndex),
            Model = _model.Name,
            Fit = _settings.Fit,
            Scale = MapFusion.Describe(_request.Scales),
            Flip = _request.Flip,
            Rows = entry.Fusion.Rows,
            Columns = entry.Fusion.Columns,
            Minimum = TensorPrimitives.Min<float>(values),
            Maximum = TensorPrimitives.Max<float>(values),
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

    private sealed record Entry(int ClassIndex, float[] Weights, int Rank, double Probability, double Logit, MapFusion Fusion);
}
