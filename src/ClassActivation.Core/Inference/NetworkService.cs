using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ClassActivation.Isolation;
using ClassActivation.Photos;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Inference;

/// <summary>Runs networks in this process for another one. The request is that of <see cref="IsolatedNetwork"/>.</summary>
internal sealed class NetworkService : IWorkerService
{
    /// <summary>The name that requests for it bear.</summary>
    public const string ServiceName = "network";

    private readonly ConcurrentDictionary<string, Lazy<CamModel>> _networks = new(StringComparer.Ordinal);

    public string Name => ServiceName;

    public void Handle(BinaryReader request, BinaryWriter reply)
    {
        string path = request.ReadString();
        CamModel network = _networks.GetOrAdd(path, static path => new Lazy<CamModel>(() => CamModel.Load(path))).Value;
        switch ((NetworkRequest)request.ReadByte())
        {
            case NetworkRequest.Run:
                Run(network.Runner, request, reply);
                break;
            case NetworkRequest.Scores:
                (NetworkTail end, TensorValues[] values) = (request.ReadTail(), request.ReadTensors());
                reply.WriteFloats(network.Runner.Scores(end, values, CancellationToken.None));
                break;
            case NetworkRequest.Gradients:
                (NetworkTail tail, TensorValues[] inner, TensorValues[] kept) = (
                    request.ReadTail(), request.ReadTensors(), request.ReadTensors());
                using (OrtValues saved = OrtValues.Of(kept))
                {
                    Differentiate(network.Runner, tail, inner, saved, request, reply);
                }

                break;
        }
    }

    private static void Run(INetworkRunner network, BinaryReader request, BinaryWriter reply)
    {
        (int height, int width) = (request.ReadInt32(), request.ReadInt32());
        var outputs = new string[request.ReadInt32()];
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = request.ReadString();
        }

        byte[] pixels = request.ReadBytes(checked(height * width * 3));
        using IDisposableReadOnlyCollection<OrtValue> values =
            network.Run(new NetworkInput(width, height, pixels), outputs, CancellationToken.None);
        foreach (OrtValue value in values)
        {
            Write(value, reply);
        }
    }

    private static void Differentiate(
        INetworkRunner network, NetworkTail tail, TensorValues[] values, OrtValues saved, BinaryReader request, BinaryWriter reply)
    {
        var cotangents = new float[request.ReadInt32()][];
        for (int i = 0; i < cotangents.Length; i++)
        {
            cotangents[i] = request.ReadFloats();
        }

        LayerGradients gradients = network.Gradients(tail, values, saved, cotangents, CancellationToken.None);
        reply.WriteFloats(gradients.Values);
        reply.WriteFloats(gradients.BiasParts);
    }

    // A value that is no tensor of floats has no dimensions, and is refused by whoever reads it as a map.
    private static void Write(OrtValue value, BinaryWriter reply)
    {
        long[]? shape = ForwardPass.ShapeOf(value);
        reply.Write(shape?.Length ?? -1);
        if (shape is null)
        {
            return;
        }

        foreach (long dimension in shape)
        {
            reply.Write(dimension);
        }

        ReadOnlySpan<byte> content = MemoryMarshal.AsBytes(value.GetTensorDataAsSpan<float>());
        reply.Write(content.Length);
        reply.Write(content);
    }
}
