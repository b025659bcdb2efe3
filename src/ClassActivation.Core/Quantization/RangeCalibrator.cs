using System.Globalization;
using System.Numerics.Tensors;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Networks;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;
using ClassActivation.Photos;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Quantization;

/// <summary>Shows photos to a float32 network and watches the values that an 8-bit copy is to hold in 8 bits.</summary>
public sealed class RangeCalibrator : IDisposable
{
    private const int LargestSample = 16;

    private readonly OnnxModelFile _file;
    private readonly QuantizationPlan _plan;
    private readonly InputSettings _settings;
    private readonly InferenceSession _session;
    private readonly string[] _tensors;
    private readonly TensorWatch[] _watches;
    private readonly List<NetworkInput> _sample = [];
    private int _sampledEvery = 1;
    private int _photos;

    /// <summary>Loads a network with all the values that matter as outputs.</summary>
    /// <param name="modelPath">The float32 network's file.</param>
    /// <param name="settings">How photos become its input.</param>
    /// <exception cref="QuantizationException">The network cannot be computed in 8 bits, or not be loaded.</exception>
    /// <exception cref="InvalidDataException">The file is no ONNX model.</exception>
    public RangeCalibrator(string modelPath, InputSettings settings)
    {
        _file = OnnxModelFile.Read(modelPath);
        _plan = QuantizationGuard.Run(modelPath, () => QuantizationPlan.Create(_file));
        _settings = settings.For(new CamModelInfo(_file));
        _tensors = [.. _plan.Calibrated];
        _watches = [.. _tensors.Select(tensor => new TensorWatch(_plan.IsConvolutionInput(tensor)))];
        _session = GraphSession.Open(_file, WithOutputs(_file.Model, _tensors));
    }

    /// <summary>Shows the network one photo.</summary>
    /// <returns>The network's answers, from 0 to 1.</returns>
    /// <exception cref="PhotoException">The photo cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The calibration was stopped.</exception>
    public float[] Add(PhotoSource source, CancellationToken cancellationToken = default)
    {
        NetworkInput input = Read(source, cancellationToken);
        float[] answers = Run(input, _tensors, cancellationToken);
        Sample(input);
        _photos++;
        return answers;
    }

    /// <summary>The network's answers for a photo that calibrates nothing, from 0 to 1.</summary>
    /// <exception cref="PhotoException">The photo cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The calibration was stopped.</exception>
    public float[] Answer(PhotoSource source, CancellationToken cancellationToken = default) =>
        Run(Read(source, cancellationToken), [], cancellationToken);

    /// <summary>
    /// Chooses the ranges: those of least mean square error inside each tensor, then refined, on up to 16 of the photos,
    /// to what changes <c>activations</c> least.
    /// </summary>
    /// <param name="progress">Told of each tensor.</param>
    /// <param name="cancellationToken">Stops the refinement.</param>
    /// <exception cref="InvalidOperationException">No photo was shown.</exception>
    /// <exception cref="OperationCanceledException">The refinement was stopped.</exception>
    public ActivationRanges Finish(IProgress<ConversionProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Finish(FloatParts.None, progress, cancellationToken);

    /// <summary>Whether keeping some parts in float32 makes another copy than keeping less, with something of it in 8 bits.</summary>
    internal bool IsNew(FloatParts kept) => kept == FloatParts.None
        || (
            QuantizationPlan.TryCreate(_file, kept) is { } plan
                && plan.Calibrated.Count < QuantizationPlan.TryCreate(_file, kept - 1)!.Calibrated.Count);

    /// <summary>Chooses the ranges for a copy of which some parts, for which <see cref="IsNew"/>, stay float32.</summary>
    internal ActivationRanges Finish(FloatParts kept, IProgress<ConversionProgress>? progress, CancellationToken cancellationToken)
    {
        QuantizationPlan plan = kept == FloatParts.None ? _plan : QuantizationPlan.TryCreate(_file, kept)!;

        if (_photos == 0)
        {
            throw new InvalidOperationException("Calibration needs photos.");
        }

        var ranges = new Dictionary<string, ActivationRange>(StringComparer.Ordinal);
        foreach ((string tensor, TensorWatch watch) in _tensors.Zip(_watches).Where(watched => plan.Calibrated.Contains(watched.First)))
        {
            ranges.Add(tensor, watch.Finish(_photos));
        }

        using RangeRefiner refiner = QuantizationGuard.Run(_file.FilePath, () => new RangeRefiner(_file, plan, ranges));
        string description = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            Calibrated on {_photos} photos ({_settings.Fit}, {_settings.Resolution} pixels).
            Ranges: least mean square error in 8 bits, then refined on {_sample.Count} of the photos to what changes the last feature maps least.
            The channel means correct the biases for the rounding of the weights.
            """);
        return new ActivationRanges(
            description.ReplaceLineEndings("\n"),
            QuantizationGuard.Run(_file.FilePath, () => refiner.Refine(_sample, progress, cancellationToken)));
    }

    /// <summary>Frees the session.</summary>
    public void Dispose() => _session.Dispose();

    private NetworkInput Read(PhotoSource source, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _settings.Show(PhotoDecoder.Decode(source));
    }

    private float[] Run(NetworkInput input, string[] watched, CancellationToken cancellationToken)
    {
        using OrtValue image = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, input.Memory, [1, input.Height, input.Width, 3]);
        using var options = new RunOptions();
        return QuantizationGuard.Run(_file.FilePath, () =>
        {
            using IDisposableReadOnlyCollection<OrtValue> values =
                _session.Run(options, [CamModel.InputName], [image], [.. watched, NetworkContract.Predictions]);
            for (int i = 0; i < watched.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Watch(i, values[i]);
            }

            return values[watched.Length].GetTensorDataAsSpan<float>().ToArray();
        });
    }

    private void Watch(int tensor, OrtValue value)
    {
        ReadOnlySpan<float> seen = value.GetTensorDataAsSpan<float>();
        if (!float.IsFinite(TensorPrimitives.MaxMagnitude(seen)))
        {
            throw new QuantizationException(
                $"The network '{_file.FilePath}' gives values that are not finite numbers ('{_tensors[tensor]}'), which have no range."
                + " Its weights may be damaged.");
        }

        _watches[tensor].Add(seen, (int)value.GetTensorTypeAndShape().Shape[1]);
    }

    /// <summary>Keeps a photo as one of a sample that is spread evenly over all photos.</summary>
    private void Sample(NetworkInput input)
    {
        if (_photos % _sampledEvery != 0)
        {
            return;
        }

        if (_sample.Count == LargestSample)
        {
            _sampledEvery *= 2;
            for (int i = LargestSample - 1; i > 0; i -= 2)
            {
                _sample.RemoveAt(i);
            }
        }

        _sample.Add(input);
    }

    private static ModelProto WithOutputs(ModelProto source, IEnumerable<string> tensors)
    {
        ModelProto model = source.Clone();
        foreach (string tensor in tensors)
        {
            var type = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float };
            model.Graph.Output.Add(new ValueInfoProto { Name = tensor, Type = new TypeProto { TensorType = type } });
        }

        return model;
    }

    /// <summary>What was seen of one tensor.</summary>
    private sealed class TensorWatch(bool needsMeans)
    {
        private readonly ValueHistogram _histogram = new();
        private double[] _means = [];

        public void Add(ReadOnlySpan<float> values, int channels)
        {
            _histogram.Add(values);
            if (!needsMeans)
            {
                return;
            }

            if (_means.Length == 0)
            {
                _means = new double[channels];
            }

            int size = values.Length / channels;
            for (int channel = 0; channel < channels; channel++)
            {
                _means[channel] += TensorPrimitives.Sum(values.Slice(channel * size, size)) / size;
            }
        }

        public ActivationRange Finish(int photos)
        {
            (float minimum, float maximum) = _histogram.FindRange();
            return new ActivationRange(
                minimum, maximum, Array.ConvertAll(_means, sum => ActivationRanges.AsWritten((float)(sum / photos))));
        }
    }
}
