using System.Diagnostics;
using System.IO.Pipes;

namespace ClassActivation.Isolation;

/// <summary>The inside of a process that does work for another one, and may die of it.</summary>
internal static class WorkerHost
{
    /// <summary>The environment variable that holds the name of the pipe to the other process.</summary>
    public const string PipeVariable = "CLASSACTIVATION_WORKER";

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Does what the process that started this one asks for, until it wants no more or is gone; then this process ends.
    /// </summary>
    /// <param name="services">The kinds of work that can be asked for.</param>
    /// <exception cref="InvalidOperationException">This process was not started for it.</exception>
    public static void Run(IWorkerService[] services)
    {
        string name = Environment.GetEnvironmentVariable(PipeVariable)
            ?? throw new InvalidOperationException(
                $"This is called by a process that {nameof(IsolationOptions)} describe, and nowhere else.");
        using var pipe = new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        pipe.Connect((int)LongestWait.TotalMilliseconds);
        Serve(pipe, services);
        // What is still under way is nobody's any more, and may never end.
        Process.GetCurrentProcess().Kill();
    }

    private static void Serve(Stream pipe, IWorkerService[] services)
    {
        object writing = new();
        while (WorkerMessage.Read(pipe) is { } message)
        {
            InferenceThreads.Start(() =>
            {
                byte[] answer = Handle(message, services);
                lock (writing)
                {
                    try
                    {
                        pipe.Write(answer);
                    }
                    catch (IOException)
                    {
                        // The other side is gone, which the loop finds out.
                    }
                }
            });
        }
    }

    private static byte[] Handle(byte[] message, IWorkerService[] services)
    {
        using var request = new BinaryReader(new MemoryStream(message, writable: false));
        long number = request.ReadInt64();
        string name = request.ReadString();
        IWorkerService? service = Array.Find(services, candidate => candidate.Name == name);
        return WorkerMessage.Answer(number, reply =>
            (service ?? throw new NotSupportedException($"There is no service '{name}'.")).Handle(request, reply));
    }
}
