using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Networks;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;
using ClassActivation.Photos;
using Google.Protobuf;

namespace ClassActivation.Quantization;

/// <summary>
/// Makes an 8-bit copy of a network from photos. Every fifth is held back from calibration and tells how often the copy
/// gives the network's own answer; what stays float32 for that is chosen on the others.
/// </summary>
public sealed class QuantizedCopy : IDisposable
{
    private const int HeldBackEvery = 5;

    // From which probability on a label that is asked by itself counts as an answer.
    private const float LabelThreshold = 0.5f;

    private readonly string _sourcePath;
    private readonly InputSettings _settings;
    private readonly CamModelInfo _network;
    private readonly RangeCalibrator _calibrator;
    private readonly List<(PhotoSource Photo, int[] Answer)> _calibrated = [];
    private readonly List<(PhotoSource Photo, int[] Answer)> _heldBack = [];

    /// <summary>Loads the network.</summary>
    /// <param name="sourcePath">The float32 network's file.</param>
    /// <param name="settings">How photos become its input.</param>
    /// <exception cref="QuantizationException">The network cannot be computed in 8 bits, or not be loaded.</exception>
    /// <exception cref="InvalidDataException">The file is no ONNX model.</exception>
    public QuantizedCopy(string sourcePath, InputSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _sourcePath = sourcePath;
        _network = new CamModelInfo(OnnxModelFile.Read(sourcePath));
        _settings = settings.For(_network);
        _calibrator = new RangeCalibrator(sourcePath, settings);
    }

    /// <summary>How many photos calibrate the copy.</summary>
    public int CalibrationPhotos => _calibrated.Count;

    /// <summary>How many photos are held back.</summary>
    public int HeldBackPhotos => _heldBack.Count;

    /// <summary>What was kept in float32 besides what always is.</summary>
    public FloatParts Kept { get; private set; }

    /// <summary>How often the copy gives the network's answer on the photos held back; null where there are none.</summary>
    public AnswerAgreement? Agreement { get; private set; }

    /// <summary>Shows the network one photo.</summary>
    /// <exception cref="PhotoException">The photo cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public void Add(PhotoSource photo, CancellationToken cancellationToken = default)
    {
        bool isHeldBack = (_calibrated.Count + _heldBack.Count) % HeldBackEvery == HeldBackEvery - 1;
        float[] answers = isHeldBack ? _calibrator.Answer(photo, cancellationToken) : _calibrator.Add(photo, cancellationToken);
        (isHeldBack ? _heldBack : _calibrated).Add((photo, AnswerOf(answers)));
    }

    /// <summary>Finds the ranges, and writes the copy that they make.</summary>
    /// <param name="destinationPath">The <c>.onnx</c> file to make; the weights go to this name with <c>.data</c> added.</param>
    /// <param name="weightBits">7 or 8.</param>
    /// <param name="saveRanges">Given the ranges, from which the same copy can be made again, before the copy appears.</param>
    /// <param name="progress">Told of each tensor.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="QuantizationException">The copy cannot be made.</exception>
    /// <exception cref="PhotoException">A photo cannot be read any more.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public void Write(
        string destinationPath,
        int weightBits,
        Action<ActivationRanges>? saveRanges = null,
        IProgress<ConversionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        if (Path.GetFullPath(_sourcePath) == Path.GetFullPath(destinationPath))
        {
            throw new QuantizationException($"The 8-bit network would replace '{_sourcePath}', which it is made from; name another file.");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(destinationPath))!;
        Directory.CreateDirectory(folder);
        string work = Path.Combine(folder, $".{Guid.NewGuid():N}"[..12]);
        try
        {
            (FloatParts Kept, ActivationRanges Ranges, string Path, int Agreeing)? best = null;
            foreach (FloatParts kept in Enum.GetValues<FloatParts>().Where(_calibrator.IsNew))
            {
                ActivationRanges ranges = _calibrator.Finish(kept, progress, cancellationToken);
                string made = Path.Combine(
                    Directory.CreateDirectory(Path.Combine(work, $"{kept}")).FullName, Path.GetFileName(destinationPath));
                ModelQuantizer.Quantize(_sourcePath, made, ranges, weightBits);
                int agreeing = CountAgreeing(made, _calibrated, cancellationToken);
                if (best is null || agreeing > best.Value.Agreeing)
                {
                    best = (kept, ranges, made, agreeing);
                }

                if (agreeing >= AnswerAgreement.Target * _calibrated.Count)
                {
                    break;
                }
            }

            Kept = best!.Value.Kept;
            if (_heldBack.Count > 0)
            {
                Agreement = new AnswerAgreement(CountAgreeing(best.Value.Path, _heldBack, cancellationToken), _heldBack.Count);
                Note(best.Value.Path, Agreement);
            }

            saveRanges?.Invoke(best.Value.Ranges);
            OnnxModelWriter.Move(best.Value.Path, destinationPath);
        }
        finally
        {
            AtomicFolder.TryDelete(work);
        }
    }

    /// <summary>Frees the network.</summary>
    public void Dispose() => _calibrator.Dispose();

    private static void Note(string path, AnswerAgreement agreement)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        model.MetadataProps.Add(new StringStringEntryProto { Key = NetworkContract.Keys.Agreement, Value = agreement.ToText() });
        File.WriteAllBytes(path, model.ToByteArray());
    }

    private int CountAgreeing(string path, List<(PhotoSource Photo, int[] Answer)> photos, CancellationToken cancellationToken)
    {
        using CamModel copy = CamModel.Load(path, new OptimizedNetworkCache(null));
        return photos.Count(photo =>
        {
            NetworkInput input = _settings.Show(PhotoDecoder.Decode(photo.Photo.WithReading(_settings.Reading)));
            using ForwardPass pass = copy.Run(input, cancellationToken);
            return AnswerOf(pass.Probabilities).AsSpan().SequenceEqual(photo.Answer);
        });
    }

    /// <summary>The most probable class, or the labels that hold where each is a question of its own.</summary>
    private int[] AnswerOf(ReadOnlySpan<float> probabilities)
    {
        if (_network.Activation == ClassifierActivation.Softmax)
        {
            return [System.Numerics.Tensors.TensorPrimitives.IndexOfMax(probabilities)];
        }

        float[] all = probabilities.ToArray();
        return [.. Enumerable.Range(0, all.Length).Where(label => all[label] >= LabelThreshold)];
    }
}
