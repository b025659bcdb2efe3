using ClassActivation.Networks;
using ClassActivation.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Inference;

/// <summary>A head of any operators, which answers by being run. Its session is made when it is first asked.</summary>
internal sealed class GeneralHead : INetworkHead
{
    private readonly string _modelName;
    private readonly Lazy<InferenceSession> _session;

    /// <summary>Makes the head of a network.</summary>
    /// <param name="file">The network's file.</param>
    /// <param name="info">What it says of itself.</param>
    /// <param name="createOptions">Makes the session's options.</param>
    public GeneralHead(OnnxModelFile file, CamModelInfo info, Func<SessionOptions> createOptions)
    {
        (_modelName, FeatureCount, ClassCount) = (info.Name, info.FeatureCount, info.ClassCount);
        _session = new Lazy<InferenceSession>(() =>
        {
            OnnxGraph tail = new OnnxGraph(file).Extract([NetworkContract.Activations], [NetworkContract.Logits]);
            using SessionOptions options = createOptions();
            return tail.OpenSession(options);
        });
    }

    public int FeatureCount { get; }

    public int ClassCount { get; }

    public bool IsLinear => false;

    public float[] LogitsOfPlaces(ForwardPass pass, CancellationToken cancellationToken)
    {
        int places = pass.Rows * pass.Columns;
        var logits = new float[places * ClassCount];
        var masked = new float[pass.FeatureCount * places];
        ReadOnlySpan<float> activations = pass.Activations;
        try
        {
            InferenceSession session = _session.Value;
            using var options = new RunOptions();
            for (int place = 0; place < places; place++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (int at = place; at < masked.Length; at += places)
                {
                    masked[at] = activations[at];
                }

                using OrtValue features = OrtValue.CreateTensorValueFromMemory(masked, [1, pass.FeatureCount, pass.Rows, pass.Columns]);
                using IDisposableReadOnlyCollection<OrtValue> scores =
                    OwnThreads.Run(() => session.Run(options, [NetworkContract.Activations], [features], [NetworkContract.Logits]));
                ReadOnlySpan<float> values = scores[0].GetTensorDataAsSpan<float>();
                if (values.Length != ClassCount || !FloatSpans.AreFinite(values))
                {
                    throw Failed(null);
                }

                values.CopyTo(logits.AsSpan(place * ClassCount));
                for (int at = place; at < masked.Length; at += places)
                {
                    masked[at] = 0;
                }
            }
        }
        catch (Exception e) when (e is OnnxRuntimeException or InvalidDataException)
        {
            throw Failed(e);
        }

        return logits;
    }

    public void Dispose()
    {
        if (_session.IsValueCreated)
        {
            _session.Value.Dispose();
        }
    }

    private ModelException Failed(Exception? cause) =>
        new(ModelFailure.RunFailed, $"The head of the network '{_modelName}' cannot be run on its feature maps alone; make the network again.", cause);
}
