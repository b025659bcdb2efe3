using System.Numerics;
using ClassActivation.Networks;
using ClassActivation.Photos;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Inference;

/// <summary>
/// A network that a device computes. One thread gives the device all of its work: what the runtime keeps for a device it keeps
/// for each thread anew. Photos of one size that wait are one run; nobody waits for more to come.
/// </summary>
internal sealed class DeviceNetwork : INetworkRunner
{
    // So many runs in a row that would have done with half the places, and there are half as many.
    private const int RunsUntilSmaller = 8;

    private readonly NetworkSession _session;
    private readonly int _capacity;
    private readonly List<Work> _waiting = [];
    private bool _isDisposed;
    private Thread? _thread;

    // Devices plan anew for each size of input, which takes as long as tens of runs: the last size is kept as long as it may be.
    private PhotoWork? _last;
    private int _places = 1;
    private int _halfEmptyRuns;

    /// <summary>Takes over a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="capacity">How many photos its network takes at once, at most; a power of two.</param>
    public DeviceNetwork(NetworkSession session, int capacity) => (_session, _capacity) = (session, capacity);

    public IDisposableReadOnlyCollection<OrtValue> Run(
        NetworkInput input, IReadOnlyList<string> outputs, CancellationToken cancellationToken)
    {
        var work = new PhotoWork(input, outputs, cancellationToken);
        Do(work, cancellationToken);
        return work.Results!;
    }

    public float[] Scores(NetworkTail tail, IReadOnlyList<TensorValues> values, CancellationToken cancellationToken) =>
        Do(() => _session.Scores(tail, values, cancellationToken), cancellationToken);

    public LayerGradients Gradients(
        NetworkTail tail,
        IReadOnlyList<TensorValues> values,
        IReadOnlyList<OrtValue> saved,
        IReadOnlyList<float[]> cotangents,
        CancellationToken cancellationToken) =>
        Do(() => _session.Gradients(tail, values, saved, cotangents, cancellationToken), cancellationToken);

    public void Dispose()
    {
        lock (_waiting)
        {
            _isDisposed = true;
            Monitor.PulseAll(_waiting);
        }

        _thread?.Join();
        _session.Dispose();
    }

    private T Do<T>(Func<T> work, CancellationToken cancellationToken)
    {
        T? result = default;
        Do(new Work(() => result = work()), cancellationToken);
        return result!;
    }

    private void Do(Work work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_waiting)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_thread is null)
            {
                _thread = new Thread(() => InferenceThreads.RunHere(Serve)) { IsBackground = true, Name = "ClassActivation device" };
                _thread.Start();
            }

            _waiting.Add(work);
            Monitor.PulseAll(_waiting);
        }

        work.Wait();
    }

    private void Serve()
    {
        while (TakeNext() is { } next)
        {
            if (next is [PhotoWork, ..])
            {
                Run([.. next.Cast<PhotoWork>()]);
            }
            else
            {
                next[0].Run();
            }
        }
    }

    // Several photos of one size, or one piece of other work; null at the end.
    private Work[]? TakeNext()
    {
        lock (_waiting)
        {
            while (_waiting.Count == 0)
            {
                if (_isDisposed)
                {
                    return null;
                }

                Monitor.Wait(_waiting);
            }

            Work first = _waiting.Find(work => work is PhotoWork photo && _last?.GoesWith(photo) == true) ?? _waiting[0];
            Work[] next = first is PhotoWork one
                ? [.. _waiting.Where(work => work is PhotoWork other && one.GoesWith(other)).Take(_capacity)]
                : [first];
            _waiting.RemoveAll(next.Contains);
            return next;
        }
    }

    private void Run(PhotoWork[] photos)
    {
        ChoosePlaces(photos);
        if (photos.Length > 1 || _places > 1)
        {
            try
            {
                RunTogether(photos);
                return;
            }
            catch (Exception)
            {
                // Whatever it is, it concerns the others only where it happens to them alone.
                _places = 1;
            }
        }

        foreach (PhotoWork photo in photos)
        {
            photo.Run(() => photo.Results = _session.Run(photo.Input, photo.Outputs, photo.CancellationToken));
        }
    }

    private void ChoosePlaces(PhotoWork[] photos)
    {
        int needed = (int)BitOperations.RoundUpToPowerOf2((uint)photos.Length);
        bool isSameSize = _last?.GoesWith(photos[0]) == true;
        _halfEmptyRuns = isSameSize && needed <= _places / 2 ? _halfEmptyRuns + 1 : 0;
        _places = !isSameSize ? needed
            : _halfEmptyRuns >= RunsUntilSmaller ? _places / 2
            : Math.Max(_places, needed);
        _last = photos[0];
    }

    private void RunTogether(PhotoWork[] photos)
    {
        // Places that are left are filled with the last photo once more.
        NetworkInput[] inputs = [.. Enumerable.Range(0, _places).Select(i => photos[Math.Min(i, photos.Length - 1)].Input)];
        using IDisposableReadOnlyCollection<OrtValue> values = _session.Run(inputs, photos[0].Outputs, photos[0].CancellationToken);
        if (values.Any(value => value.GetTensorTypeAndShape().Shape is not [var rows, ..] || rows != inputs.Length))
        {
            throw new ModelException(ModelFailure.RunFailed, "The network mixes the photos that it is given at once.");
        }

        for (int i = 0; i < photos.Length; i++)
        {
            int row = i;
            photos[i].Run(() => photos[row].Results = Row(values, row, inputs.Length));
        }
    }

    private static OrtValues Row(IDisposableReadOnlyCollection<OrtValue> values, int index, int count)
    {
        var row = new OrtValues();
        foreach (OrtValue value in values)
        {
            ReadOnlySpan<float> all = value.GetTensorDataAsSpan<float>();
            int length = all.Length / count;
            row.Add(OrtValue.CreateTensorValueFromMemory(
                all.Slice(index * length, length).ToArray(), [1, .. value.GetTensorTypeAndShape().Shape[1..]]));
        }

        return row;
    }

    private class Work(Action? run)
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Run() => Run(run!);

        public void Run(Action action)
        {
            try
            {
                action();
                _done.SetResult();
            }
            catch (Exception e)
            {
                _done.SetException(e);
            }
        }

        public void Wait() => _done.Task.GetAwaiter().GetResult();
    }

    private sealed class PhotoWork(NetworkInput input, IReadOnlyList<string> outputs, CancellationToken cancellationToken) : Work(null)
    {
        public NetworkInput Input => input;

        public IReadOnlyList<string> Outputs => outputs;

        public CancellationToken CancellationToken => cancellationToken;

        public IDisposableReadOnlyCollection<OrtValue>? Results { get; set; }

        public bool GoesWith(PhotoWork other) =>
            (input.Width, input.Height) == (other.Input.Width, other.Input.Height) && outputs.SequenceEqual(other.Outputs);
    }
}
