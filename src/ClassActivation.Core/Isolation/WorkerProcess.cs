using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;

namespace ClassActivation.Isolation;

/// <summary>
/// A process that does work for this one. It may crash, hang, or ask for all memory: that is an exception here, and no more.
/// Safe for use by many threads.
/// </summary>
internal sealed class WorkerProcess : IDisposable
{
    private const int LongestFolder = 60;

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<long, TaskCompletionSource<byte[]>> _pending = new();
    private readonly object _writing = new();
    private readonly IsolationOptions _options;
    private readonly NamedPipeServerStream _pipe;
    private readonly Process _process;
    private readonly Timer _watch;
    private long _number;
    private volatile Ending? _reason;
    private volatile WorkerEndedException? _end;

    private WorkerProcess(IsolationOptions options, NamedPipeServerStream pipe, Process process)
    {
        (_options, _pipe, _process, Id) = (options, pipe, process, process.Id);
        _watch = new Timer(_ => Look(), null, BetweenLooks, BetweenLooks);
        new Thread(ReadAnswers) { IsBackground = true, Name = "ClassActivation answers" }.Start();
    }

    /// <summary>The system's number for the process.</summary>
    public int Id { get; }

    /// <summary>Whether the process is gone.</summary>
    public bool HasEnded => _end is not null;

    /// <summary>Starts a process, and waits until it listens.</summary>
    /// <exception cref="WorkerEndedException">It could not be started.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static WorkerProcess Start(IsolationOptions options, CancellationToken cancellationToken = default)
    {
        string name = NewPipeName();
        var pipe = new NamedPipeServerStream(
            name, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        Process? process = null;
        try
        {
            process = StartProcess(options, name);
            MemoryLimit.Set(process, options.MemoryLimit);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(LongestStart);
            Task connected = pipe.WaitForConnectionAsync(limit.Token);
            if (Task.WhenAny(connected, process.WaitForExitAsync(limit.Token)).GetAwaiter().GetResult() != connected)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new WorkerEndedException(WorkerEnd.NotStarted, $"{WorkerEndedException.Describe(process.ExitCode)} before it began");
            }

            connected.GetAwaiter().GetResult();
            if (!OperatingSystem.IsWindows())
            {
                // The socket's file is no longer needed, and would stay where this process is ended.
                File.Delete(Path.Combine(Path.GetTempPath(), name[0] == '/' ? name : "CoreFxPipe_" + name));
            }

            return new WorkerProcess(options, pipe, process);
        }
        catch (Exception e)
        {
            pipe.Dispose();
            Kill(process);
            process?.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            if (e is OperationCanceledException or Win32Exception or IOException)
            {
                string why = e is OperationCanceledException
                    ? "did not begin in time"
                    : $"could not be started from '{options.FileName}': {e.Message}";
                throw new WorkerEndedException(WorkerEnd.NotStarted, why, innerException: e);
            }

            throw;
        }
    }

    /// <summary>Asks for work, and waits for it to be done.</summary>
    /// <param name="service">The name of the service.</param>
    /// <param name="request">Writes what the service needs to know.</param>
    /// <param name="cancellationToken">Ends the process: what it runs cannot be interrupted otherwise.</param>
    /// <returns>What the service answered.</returns>
    /// <exception cref="WorkerEndedException">The process is gone.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public BinaryReader Ask(string service, Action<BinaryWriter> request, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long number = Interlocked.Increment(ref _number);
        var answer = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[number] = answer;
        Send(WorkerMessage.Make(number, writer =>
        {
            writer.Write(service);
            request(writer);
        }));
        if (_end is { } end)
        {
            answer.TrySetException(end);
        }

        try
        {
            if (!answer.Task.Wait((int)Math.Min(_options.TimeLimit.TotalMilliseconds, int.MaxValue), cancellationToken))
            {
                EndFor(WorkerEnd.TimeLimit, $"worked for longer than {_options.TimeLimit.TotalSeconds:0.###} seconds, and was ended");
            }
        }
        catch (OperationCanceledException)
        {
            EndFor(WorkerEnd.Stopped, "was stopped");
            throw;
        }
        catch (AggregateException)
        {
            // Thrown again below, as itself.
        }

        try
        {
            return WorkerMessage.Open(answer.Task.GetAwaiter().GetResult());
        }
        finally
        {
            _pending.TryRemove(number, out _);
        }
    }

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        EndFor(WorkerEnd.Stopped, "was stopped");
        _watch.Dispose();
        _pipe.Dispose();
    }

    // On Unix it becomes the path of a socket, which may have about 100 characters, prefix included.
    private static string NewPipeName()
    {
        string name = $"cam-{Guid.NewGuid():N}"[..20];
        return !OperatingSystem.IsWindows() && Path.GetTempPath().Length > LongestFolder ? $"/tmp/{name}" : name;
    }

    private static Process StartProcess(IsolationOptions options, string pipeName)
    {
        var start = new ProcessStartInfo(options.FileName, options.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        foreach ((string name, string? value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment[WorkerHost.PipeVariable] = pipeName;
        Process process = Process.Start(start) ?? throw new IOException("The system started no process.");
        process.StandardInput.Close();
        // Nobody reads what native code writes, but it must not fill a pipe.
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static void Kill(Process? process)
    {
        try
        {
            process?.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It is gone already.
        }
    }

    private void Send(byte[] message)
    {
        lock (_writing)
        {
            try
            {
                _pipe.Write(message);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
            {
                // The process is gone, which the thread that reads finds out.
            }
        }
    }

    private void ReadAnswers()
    {
        while (WorkerMessage.Read(_pipe) is { } answer)
        {
            if (_pending.TryGetValue(BitConverter.ToInt64(answer), out TaskCompletionSource<byte[]>? waiting))
            {
                waiting.TrySetResult(answer);
            }
        }

        if (!_process.WaitForExit(LongestEnd))
        {
            Kill(_process);
            _process.WaitForExit(LongestEnd);
        }

        _watch.Dispose();
        TaskCompletionSource<byte[]>[] unanswered = [.. _pending.Values.Where(static waiting => !waiting.Task.IsCompleted)];
        bool isShared = unanswered.Length > 1;
        _end = _reason is { } reason
            ? new WorkerEndedException(reason.End, reason.Message, isShared)
            : new WorkerEndedException(
                WorkerEnd.Crashed, WorkerEndedException.Describe(_process.HasExited ? _process.ExitCode : -1), isShared);
        foreach (TaskCompletionSource<byte[]> waiting in _pending.Values)
        {
            waiting.TrySetException(_end);
        }

        _process.Dispose();
    }

    private void Look()
    {
        try
        {
            _process.Refresh();
            if (_process.WorkingSet64 > _options.MemoryLimit)
            {
                EndFor(WorkerEnd.MemoryLimit, $"needed more than {_options.MemoryLimit >> 20} MB of memory, and was ended");
            }
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It is gone already.
        }
    }

    private void EndFor(WorkerEnd end, string message)
    {
        if (_end is null)
        {
            Interlocked.CompareExchange(ref _reason, new Ending(end, message), null);
            Kill(_process);
        }
    }

    private sealed record Ending(WorkerEnd End, string Message);
}
