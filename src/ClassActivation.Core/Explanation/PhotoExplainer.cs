using System.Numerics.Tensors;
using ClassActivation.Imaging;
using ClassActivation.Models;

namespace ClassActivation.Explanation;

/// <summary>Asks a network what it sees in photos, and where. Safe for use by many threads.</summary>
public sealed class PhotoExplainer
{
    private readonly CamModel _model;
    private readonly InputSettings _settings;

    /// <summary>Makes an explainer.</summary>
    /// <param name="model">The network to ask.</param>
    /// <param name="settings">How photos become its input.</param>
    public PhotoExplainer(CamModel model, InputSettings settings)
    {
        _model = model;
        _settings = settings;
    }

    /// <summary>The most probable classes of a photo, best first.</summary>
    /// <exception cref="PhotoException">The photo cannot be read.</exception>
    /// <exception cref="ModelException">The network cannot be run on it.</exception>
    public IReadOnlyList<Prediction> Predict(PhotoSource source, int top, CancellationToken cancellationToken = default)
    {
        (_, NetworkInput input) = Read(source);
        using ForwardPass pass = _model.Run(input, cancellationToken);
        float[] features = pass.PooledFeatures();
        var predictions = new List<Prediction>(top);
        foreach (int classIndex in ClassRanking.Top(pass.Probabilities, top))
        {
            ImageClass imageClass = _model.Classes[classIndex];
            predictions.Add(new Prediction
            {
                Path = source.DisplayPath,
                Rank = predictions.Count + 1,
                ClassIndex = classIndex,
                WordNetId = imageClass.WordNetId,
                Label = imageClass.Label,
                Probability = pass.Probabilities[classIndex],
                Logit = TensorPrimitives.Dot(features, _model.Classifier.WeightsOfClass(classIndex)) + _model.Classifier.Bias(classIndex),
                Model = _model.Name,
                Source = source,
            });
        }

        return predictions;
    }

    /// <summary>The class activation maps of a photo, from one forward pass, in the order of the request.</summary>
    /// <exception cref="PhotoException">The photo cannot be read.</exception>
    /// <exception cref="ModelException">The network cannot be run on it.</exception>
    public IReadOnlyList<ClassActivationMap> Explain(
        PhotoSource source, MapRequest request, CancellationToken cancellationToken = default)
    {
        (Photo photo, NetworkInput input) = Read(source);
        using ForwardPass pass = _model.Run(input, cancellationToken);
        float[][][]? activation = request.IncludeActivation ? CopyActivation(pass) : null;
        IReadOnlyList<int> classes =
            request.ClassIndexes.Count > 0 ? request.ClassIndexes : ClassRanking.Top(pass.Probabilities, request.Top);
        var maps = new List<ClassActivationMap>(classes.Count);
        foreach (int classIndex in classes)
        {
            ImageClass imageClass = _model.Classes[classIndex];
            float[] values = ActivationSum.Of(pass, _model.Classifier.WeightsOfClass(classIndex));
            float bias = _model.Classifier.Bias(classIndex);
            maps.Add(new ClassActivationMap
            {
                Path = source.DisplayPath,
                Rank = ClassRanking.RankOf(pass.Probabilities, classIndex),
                ClassIndex = classIndex,
                WordNetId = imageClass.WordNetId,
                Label = imageClass.Label,
                Probability = pass.Probabilities[classIndex],
                Logit = (TensorPrimitives.Sum<float>(values) / values.Length) + bias,
                Bias = bias,
                Model = _model.Name,
                Fit = _settings.Fit,
                Rows = pass.Rows,
                Columns = pass.Columns,
                Minimum = TensorPrimitives.Min<float>(values),
                Maximum = TensorPrimitives.Max<float>(values),
                InputWidth = input.Width,
                InputHeight = input.Height,
                PhotoWidth = photo.FullWidth,
                PhotoHeight = photo.FullHeight,
                Coverage = InputGeometry.Compute(photo.FullWidth, photo.FullHeight, _settings.Fit, _settings.Resolution).Covered,
                Values = values,
                Activation = activation,
                Source = source,
            });
        }

        return maps;
    }

    /// <summary>Single feature maps of a photo, in the order of their indexes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The network has no feature map of that index.</exception>
    /// <exception cref="PhotoException">The photo cannot be read.</exception>
    /// <exception cref="ModelException">The network cannot be run on it.</exception>
    public IReadOnlyList<FeatureMap> GetFeatureMaps(
        PhotoSource source, IReadOnlyList<int> indexes, CancellationToken cancellationToken = default)
    {
        (_, NetworkInput input) = Read(source);
        using ForwardPass pass = _model.Run(input, cancellationToken);
        var maps = new List<FeatureMap>(indexes.Count);
        foreach (int index in indexes)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, pass.FeatureCount, nameof(indexes));
            ReadOnlySpan<float> values = pass.Activation(index);
            maps.Add(new FeatureMap
            {
                Path = source.DisplayPath,
                Index = index,
                Rows = pass.Rows,
                Columns = pass.Columns,
                Minimum = TensorPrimitives.Min(values),
                Maximum = TensorPrimitives.Max(values),
                Mean = TensorPrimitives.Sum(values) / values.Length,
                Model = _model.Name,
                Map = Grid.ToRows(values, pass.Columns),
            });
        }

        return maps;
    }

    private (Photo Photo, NetworkInput Input) Read(PhotoSource source)
    {
        // At twice the network's resolution a reduced JPEG scale no longer shows in the resized input.
        Photo photo = RecentPhotos.Decode(source, shorterSideAtLeast: 2 * _settings.Resolution);
        return (photo, NetworkInput.Create(photo, _settings.Fit, _settings.Resolution, _settings.Resampling));
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
}
