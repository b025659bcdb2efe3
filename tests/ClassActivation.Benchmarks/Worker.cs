using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using System.Text;

namespace ClassActivation.Benchmarks;

/// <summary>
/// A process of its own that works through a list of photos whenever it is told to: memory and first calls are its own,
/// and workers that are compared can take turns, so that what else the machine does touches all of them.
/// </summary>
/// <remarks>
/// Worker and benchmark talk over a named pipe, since PowerShell reads standard input itself. The benchmark writes a
/// number of photos; the worker answers with the seconds they took, and may say <c>photos seconds</c> in between.
/// </remarks>
internal sealed class Worker : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly NamedPipeServerStream _pipe;
    private readonly StringBuilder _output = new();
    private readonly StreamReader _reader;
    private readonly StreamWriter _writer;

    private Worker(string executable, Func<string, IEnumerable<string>> arguments)
    {
        string pipeName = $"cam-{Guid.NewGuid():N}";
        _pipe = new NamedPipeServerStream(pipeName, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous);
        _process = new Process { StartInfo = StartInfo(executable, arguments(pipeName)) };
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using (var limit = new CancellationTokenSource(StartLimit))
        {
            Task connected = _pipe.WaitForConnectionAsync(limit.Token);
            if (Task.WaitAny(connected, _process.WaitForExitAsync(limit.Token)) != 0 || !connected.IsCompletedSuccessfully)
            {
                throw Failed();
            }
        }

        _reader = new StreamReader(_pipe);
        _writer = new StreamWriter(_pipe) { AutoFlush = true };
    }

    /// <summary>The most memory the process has held, in megabytes.</summary>
    public double PeakMemory => ProcessState.Of(_process).PeakMegabytes;

    /// <summary>Starts this program as a worker; its first argument is the pipe's name.</summary>
    public static Worker OfCore(params IEnumerable<string> arguments) =>
        new(Environment.ProcessPath!, pipeName => [.. OwnAssembly(), "worker", pipeName, .. arguments]);

    /// <summary>Starts PowerShell as a worker; the script is made for the pipe's name.</summary>
    public static Worker OfPowerShell(string host, Func<string, string> script) =>
        new(host, pipeName => PowerShellArguments(script(pipeName)));

    /// <summary>Runs a PowerShell script in a process of its own to its end.</summary>
    /// <returns>What the script printed, and the seconds from the process' start to its end.</returns>
    public static (string Output, double Seconds) RunToEnd(string host, string script)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(StartInfo(host, PowerShellArguments(script)))!;
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return process.ExitCode == 0 ? (output, seconds) : throw Failed(output + errors.Result);
    }

    /// <summary>Lets the worker work through the first photos of its list.</summary>
    /// <param name="photoCount">How many.</param>
    /// <param name="onProgress">Is told how far the worker is, where the worker reports it.</param>
    public Pass Run(int photoCount, Action<Progress>? onProgress = null)
    {
        TimeSpan before = ProcessorTime();
        _writer.WriteLine(photoCount.ToString(CultureInfo.InvariantCulture));
        while (true)
        {
            string[] answer = (_reader.ReadLine() ?? throw Failed()).Split(' ');
            double seconds = double.Parse(answer[^1], CultureInfo.InvariantCulture);
            if (answer.Length == 1)
            {
                return new Pass(seconds, (ProcessorTime() - before).TotalSeconds);
            }

            onProgress?.Invoke(new Progress(
                int.Parse(answer[0], CultureInfo.InvariantCulture), seconds, (ProcessorTime() - before).TotalSeconds,
                ProcessState.Of(_process)));
        }
    }

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        _pipe.Dispose();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(string executable, IEnumerable<string> arguments) => new(executable, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["NO_COLOR"] = "1" },
    };

    private static string[] PowerShellArguments(string script) => ["-NoProfile", "-NonInteractive", "-Command", script];

    // Under "dotnet program.dll" the process is dotnet and needs the assembly named again.
    private static string[] OwnAssembly() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];

    private static BenchmarkException Failed(string output) => new($"A measured process failed:\n{output.Trim()}");

    private BenchmarkException Failed()
    {
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.WaitForExit();
        lock (_output)
        {
            return Failed(_output.ToString());
        }
    }

    private TimeSpan ProcessorTime()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    private void Keep(object sender, DataReceivedEventArgs e)
    {
        lock (_output)
        {
            _output.AppendLine(e.Data);
        }
    }
}

/// <summary>How far a worker is in a pass: photos, time, the time of all processors together, and what its process holds.</summary>
internal readonly record struct Progress(int Photos, double Seconds, double ProcessorSeconds, ProcessState Process);

/// <summary>One pass of a worker: the time it took, and the time of all processors together.</summary>
internal readonly record struct Pass(double Seconds, double ProcessorSeconds);
