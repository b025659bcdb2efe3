using System.Diagnostics;
using System.Globalization;

namespace ClassActivation.Fuzz;

/// <summary>
/// The child process: tries one input after the other and says on its standard output what became of each, in lines of
/// words with tabs between. An input that kills it is the one behind the last line.
/// </summary>
internal static class Worker
{
    public const string Ready = "ready";
    public const string Memory = "memory";
    public const string Finding = "!";

    private const int InputsPerReading = 500;

    /// <summary>The command line that makes a process a worker.</summary>
    public static string[] Arguments(int seed, int first, int step, int count) =>
        ["worker", .. new[] { seed, first, step, count }.Select(static number => number.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Tries the inputs that the command line names.</summary>
    public static void Run(string[] args)
    {
        int[] numbers = [.. args.Skip(1).Select(static number => int.Parse(number, CultureInfo.InvariantCulture))];
        (int seed, int first, int step, int count) = (numbers[0], numbers[1], numbers[2], numbers[3]);
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        _ = FuzzInput.Make(seed, first);
        output.WriteLine(Ready);
        for (int i = 0; i < count; i++)
        {
            int index = first + i * step;
            long start = Stopwatch.GetTimestamp();
            FuzzInput input = FuzzInput.Make(seed, index);
            string outcome = Try(input, FuzzInput.RandomOf(seed, index));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{index}\t{Stopwatch.GetElapsedTime(start).TotalMilliseconds:F1}\t{input.Extension}\t{outcome}"));
            if (i % InputsPerReading == InputsPerReading - 1)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                GC.WaitForPendingFinalizers();
                NativeHeap.Trim();
                output.WriteLine(
                    string.Create(CultureInfo.InvariantCulture, $"{Memory}\t{GC.GetTotalMemory(true)}\t{Environment.WorkingSet}"));
            }
        }
    }

    private static string Try(FuzzInput input, Random random)
    {
        try
        {
            return Trial.Run(input.Source, random);
        }
        catch (Exception e)
        {
            return Finding + e.ToString().ReplaceLineEndings(" | ").Replace('\t', ' ');
        }
    }
}
