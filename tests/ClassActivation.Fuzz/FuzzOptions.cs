using System.Globalization;

namespace ClassActivation.Fuzz;

/// <summary>What was asked for on the command line.</summary>
internal sealed record FuzzOptions
{
    /// <summary>What every input is made from, together with its index.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many inputs to try; with <see cref="Minutes"/> it does not count.</summary>
    public int Count { get; init; } = 2000;

    /// <summary>How long to try inputs; null tries <see cref="Count"/> of them.</summary>
    public double? Minutes { get; init; }

    /// <summary>The index of the first input.</summary>
    public int First { get; init; }

    /// <summary>How many worker processes run side by side.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>The folder for inputs that something was found with.</summary>
    public string OutputFolder { get; init; } = Path.Combine("out", "fuzz");

    /// <summary>The only input to try, in this process; null tries all in child processes.</summary>
    public int? Replay { get; init; }

    /// <summary>The only photo to try, in this process, to see its time and the most memory that was held.</summary>
    public string? File { get; init; }

    /// <summary>Reads <c>--name value</c> pairs.</summary>
    /// <exception cref="ArgumentException">A name is unknown or a value is missing or wrong.</exception>
    public static FuzzOptions Parse(ReadOnlySpan<string> args)
    {
        var options = new FuzzOptions();
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value.");
            options = args[i] switch
            {
                "--seed" => options with { Seed = Number(args[i], value, int.MinValue) },
                "--count" => options with { Count = Number(args[i], value, 1) },
                "--first" => options with { First = Number(args[i], value, 0) },
                "--workers" => options with { Workers = Number(args[i], value, 1) },
                "--replay" => options with { Replay = Number(args[i], value, 0) },
                "--file" => options with { File = value },
                "--output" => options with { OutputFolder = value },
                "--minutes" => options with
                {
                    Minutes = double.TryParse(value, CultureInfo.InvariantCulture, out double minutes) && minutes > 0
                        ? minutes
                        : throw new ArgumentException($"--minutes takes a number above 0, not '{value}'."),
                },
                _ => throw new ArgumentException(
                    $"'{args[i]}' is unknown; there are --seed, --count, --first, --minutes, --workers, --output, --file and --replay."),
            };
        }

        return options;
    }

    private static int Number(string name, string value, int least) =>
        int.TryParse(value, CultureInfo.InvariantCulture, out int number) && number >= least
            ? number
            : throw new ArgumentException($"{name} takes a whole number from {least}, not '{value}'.");
}
