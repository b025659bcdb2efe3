using System.Runtime.InteropServices;
using ClassActivation.Isolation;
using ClassActivation.Networks;
using ClassActivation.Photos;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Inference;

/// <summary>
/// A network that runs in a process of its own. Where it ends that process, what it was to do fails, and the next starts
/// another; what was only under way beside it is done again.
/// </summary>
internal sealed class IsolatedNetwork : INetworkRunner
{
    private readonly string _path;
    private readonly string _name;
    private readonly int _classCount;
    private readonly IsolationOptions _options;
    private readonly object _starting = new();
    private readonly object _again = new();
    private WorkerProcess? _worker;

    private IsolatedNetwork(CamModelInfo info, IsolationOptions options) =>
        (_path, _name, _classCount, _options) = (info.Path, info.Name, info.ClassCount, options);

    /// <summary>The process that the network runs in now; null before the first.</summary>
    public WorkerProcess? Worker => _worker;

    /// <summary>Loads a network in a process of its own.</summary>
    /// <exception cref="ModelException">It cannot be loaded, or ended that process.</exception>
    public static IsolatedNetwork Open(CamModelInfo info, IsolationOptions options)
    {
        var network = new IsolatedNetwork(info, options);
        try
        {
            network.Ask(static request => request.Write((byte)NetworkRequest.Load), CancellationToken.None).Dispose();
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    public IDisposableReadOnlyCollection<OrtValue> Run(
        NetworkInput input, IReadOnlyList<string> outputs, CancellationToken cancellationToken)
    {
        using BinaryReader answer = Ask(
            request =>
            {
                request.Write((byte)NetworkRequest.Run);
                request.Write(input.Height);
                request.Write(input.Width);
                request.Write(outputs.Count);
                foreach (string output in outputs)
                {
                    request.Write(output);
                }

                request.Write(input.Memory.Span);
            },
            cancellationToken);
        var values = new OrtValues();
        try
        {
            for (int i = 0; i < outputs.Count; i++)
            {
                values.Add(Read(answer, outputs[i]));
            }

            return values;
        }
        catch (Exception e)
        {
            values.Dispose();
            if (e is InvalidDataException or EndOfStreamException)
            {
                throw Unusable(e);
            }

            throw;
        }
    }

    public float[] Scores(NetworkTail tail, IReadOnlyList<TensorValues> values, CancellationToken cancellationToken) => Ask(
        request =>
        {
            request.Write((byte)NetworkRequest.Scores);
            request.WriteTail(tail);
            request.WriteTensors(values);
        },
        answer => tail.Scores is null ? ReadFloats(answer, _classCount) : ReadFinite(answer),
        cancellationToken);

    public LayerGradients Gradients(
        NetworkTail tail,
        IReadOnlyList<TensorValues> values,
        IReadOnlyList<OrtValue> saved,
        IReadOnlyList<float[]> cotangents,
        CancellationToken cancellationToken)
    {
        int rows = cotangents.Count;
        return Ask(
            request =>
            {
                request.Write((byte)NetworkRequest.Gradients);
                request.WriteTail(tail);
                request.WriteTensors(values);
                request.WriteTensors(saved);
                request.Write(cotangents.Count);
                foreach (float[] cotangent in cotangents)
                {
                    request.WriteFloats(cotangent);
                }
            },
            answer => new LayerGradients(ReadFloats(answer, rows * values[0].Elements.Length), ReadFloats(answer, 0, rows)),
            cancellationToken);
    }

    public void Dispose()
    {
        lock (_starting)
        {
            _worker?.Dispose();
            _worker = null;
        }
    }

    private T Ask<T>(Action<BinaryWriter> request, Func<BinaryReader, T> read, CancellationToken cancellationToken)
    {
        using BinaryReader answer = Ask(request, cancellationToken);
        try
        {
            return read(answer);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw Unusable(e);
        }
    }

    private static float[] ReadFloats(BinaryReader answer, params ReadOnlySpan<int> lengths)
    {
        float[] values = ReadFinite(answer);
        return lengths.Contains(values.Length) ? values : throw new InvalidDataException("It has not the numbers that were asked for.");
    }

    private static float[] ReadFinite(BinaryReader answer)
    {
        float[] values = answer.ReadFloats();
        return FloatSpans.AreFinite(values) ? values : throw new InvalidDataException("It has numbers that are not finite.");
    }

    private BinaryReader Ask(Action<BinaryWriter> request, CancellationToken cancellationToken)
    {
        void Write(BinaryWriter writer)
        {
            writer.Write(_path);
            request(writer);
        }

        try
        {
            return AskShared(Write, cancellationToken);
        }
        catch (WorkerEndedException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Failed(e);
        }
        catch (InvalidDataException e)
        {
            throw Unusable(e);
        }
    }

    private BinaryReader AskShared(Action<BinaryWriter> request, CancellationToken cancellationToken)
    {
        try
        {
            return CurrentWorker(cancellationToken).Ask(NetworkService.ServiceName, request, cancellationToken);
        }
        catch (WorkerEndedException e) when ((e.WasShared || e.End == WorkerEnd.Stopped) && !cancellationToken.IsCancellationRequested)
        {
            // Which of several it was that ended the process shows when each has one for itself.
            lock (_again)
            {
                using WorkerProcess worker = WorkerProcess.Start(_options, cancellationToken);
                return worker.Ask(NetworkService.ServiceName, request, cancellationToken);
            }
        }
    }

    private WorkerProcess CurrentWorker(CancellationToken cancellationToken)
    {
        lock (_starting)
        {
            if (_worker is null or { HasEnded: true })
            {
                _worker?.Dispose();
                _worker = WorkerProcess.Start(_options, cancellationToken);
            }

            return _worker;
        }
    }

    private ModelException Failed(WorkerEndedException cause) => new(
        ModelFailure.ProcessEnded,
        cause.End == WorkerEnd.NotStarted
            ? $"The process that the network '{_name}' was to run in {cause.Message}."
            : $"The process that the network '{_name}' ran in {cause.Message}.",
        cause);

    private ModelException Unusable(Exception cause) =>
        new(ModelFailure.RunFailed, $"The network '{_name}' cannot be run in a process of its own: {cause.Message}", cause);

    private OrtValue Read(BinaryReader answer, string output)
    {
        int rank = answer.ReadInt32();
        if (rank is < 0 or > 8)
        {
            throw new ModelException(
                ModelFailure.RunFailed, $"The output '{output}' of the network '{_name}' is no tensor of float32 numbers.");
        }

        var shape = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            shape[i] = answer.ReadInt64();
        }

        int length = answer.ReadInt32();
        // The process may be no longer what it was: no more is believed than that there are as many numbers as it says.
        if (length < 0 || length > answer.BaseStream.Length || shape.Any(static dimension => dimension is < 0 or > int.MaxValue)
            || shape.Aggregate(4.0, static (bytes, dimension) => bytes * dimension) != length)
        {
            throw new InvalidDataException($"Its output '{output}' has not as many numbers as its dimensions say.");
        }

        var content = new float[length / sizeof(float)];
        answer.BaseStream.ReadExactly(MemoryMarshal.AsBytes(content.AsSpan()));
        return OrtValues.Copy(content, shape);
    }
}
