using System.Diagnostics;
using System.Globalization;

namespace ClassActivation.Fuzz;

/// <summary>
/// Runs workers side by side, notes what they say, and starts a new one behind each input that one died or hung on. Such
/// inputs, and those with an unhandled exception, are written to the output folder.
/// </summary>
internal sealed class Supervisor(FuzzOptions options)
{
    // Of the processor's time, since a busy machine is no finding; waiting without end is one by the clock.
    private static readonly TimeSpan LongestWork = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(5);

    private readonly FuzzReport _report = new(options);
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <summary>Tries all inputs.</summary>
    public async Task<FuzzReport> RunAsync()
    {
        await Task.WhenAll(Enumerable.Range(0, options.Workers).Select(RunInTurnAsync));
        _report.Elapsed = _watch.Elapsed;
        return _report;
    }

    // Every worker has the inputs whose index leaves the same remainder.
    private async Task RunInTurnAsync(int worker)
    {
        int next = options.First + worker;
        int end = options.Minutes is null ? options.First + options.Count : int.MaxValue - options.Workers;
        while (next < end && !IsOver())
        {
            next = await RunProcessAsync(next, 1 + (end - 1 - next) / options.Workers);
        }
    }

    private bool IsOver() => options.Minutes is { } minutes && _watch.Elapsed.TotalMinutes >= minutes;

    /// <summary>Runs one process until it is through, or until an input ends it; gives the index to go on with.</summary>
    private async Task<int> RunProcessAsync(int first, int count)
    {
        using Process process = Start(first, count);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        var memory = new List<MemoryReading>();
        int next = first;
        try
        {
            if (await ReadLineAsync(process, LongestStart, LongestStart) != Worker.Ready)
            {
                process.Kill();
                throw new InvalidOperationException($"A worker did not start: {await errors}");
            }

            for (int tried = 0; tried < count;)
            {
                string? line = await ReadLineAsync(process, LongestWork, LongestWait);
                if (line is null)
                {
                    await process.WaitForExitAsync();
                    _report.Add(new FuzzFinding("death", next, $"exit code {process.ExitCode}: {await errors}"));
                    return next + options.Workers;
                }

                string[] words = line.Split('\t');
                if (words[0] == Worker.Memory)
                {
                    memory.Add(
                        new MemoryReading(
                            long.Parse(words[1], CultureInfo.InvariantCulture), long.Parse(words[2], CultureInfo.InvariantCulture)));
                    if (IsOver())
                    {
                        process.Kill();
                        return int.MaxValue;
                    }

                    continue;
                }

                _report.Add(next, double.Parse(words[1], CultureInfo.InvariantCulture), words[2], words[3]);
                next += options.Workers;
                tried++;
            }

            await process.WaitForExitAsync();
            return next;
        }
        catch (TimeoutException)
        {
            process.Kill();
            _report.Add(new FuzzFinding("hang", next, $"more than {LongestWork.TotalSeconds} s"));
            return next + options.Workers;
        }
        finally
        {
            _report.Add(memory);
        }
    }

    /// <summary>The next line of a worker, null where it ended.</summary>
    /// <exception cref="TimeoutException">It worked or waited for too long.</exception>
    private static async Task<string?> ReadLineAsync(Process process, TimeSpan longestWork, TimeSpan longestWait)
    {
        Task<string?> line = process.StandardOutput.ReadLineAsync();
        if (line.IsCompleted)
        {
            return await line;
        }

        long start = Stopwatch.GetTimestamp();
        TimeSpan worked = process.HasExited ? TimeSpan.Zero : process.TotalProcessorTime;
        while (true)
        {
            try
            {
                return await line.WaitAsync(TimeSpan.FromSeconds(1));
            }
            catch (TimeoutException) when (process.HasExited)
            {
                return await line;
            }
            catch (TimeoutException) when (
                process.TotalProcessorTime - worked < longestWork && Stopwatch.GetElapsedTime(start) < longestWait)
            {
            }
        }
    }

    private Process Start(int first, int count)
    {
        string program = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        string[] arguments = Worker.Arguments(options.Seed, first, options.Workers, count);
        return Process.Start(new ProcessStartInfo(program, isHost ? [typeof(Supervisor).Assembly.Location, .. arguments] : arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}
