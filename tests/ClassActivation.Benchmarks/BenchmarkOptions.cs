using System.Globalization;

namespace ClassActivation.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed class BenchmarkOptions
{
    /// <summary>The built module's manifest.</summary>
    public required string Manifest { get; init; }

    /// <summary>The PowerShell executable that runs the module.</summary>
    public required string Host { get; init; }

    /// <summary>The folder of the photos.</summary>
    public required string PhotoFolder { get; init; }

    /// <summary>The networks to measure; all of the module's where none is named.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>Where the report goes.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>How many photos one pass works on.</summary>
    public int PhotoCount { get; init; } = 60;

    /// <summary>How often each measurement is repeated, in turns with those it is compared with.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>The number of photos up to which time and memory are followed.</summary>
    public int Growth { get; init; } = 1000;

    /// <summary>The built module's folder of networks.</summary>
    public string ModelFolder => Path.Combine(Path.GetDirectoryName(Manifest)!, "models");

    /// <summary>Reads <c>--name value</c> pairs.</summary>
    public static BenchmarkOptions Parse(IReadOnlyList<string> arguments)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int at = 0; at + 1 < arguments.Count; at += 2)
        {
            values[arguments[at]] = arguments[at + 1];
        }

        return new BenchmarkOptions
        {
            Manifest = FullPath("--module"),
            Host = FullPath("--host"),
            PhotoFolder = FullPath("--photos"),
            OutputFolder = FullPath("--output"),
            Networks = values.TryGetValue("--network", out string? network) ? [network] : [],
            PhotoCount = Number("--count", 60),
            Rounds = Number("--rounds", 3),
            Growth = Number("--growth", 1000),
        };

        string FullPath(string name) => Path.GetFullPath(
            values.GetValueOrDefault(name)
                ?? throw new BenchmarkException($"The benchmark needs the option {name}; build.ps1 -Task Bench gives it."));

        int Number(string name, int absent) =>
            !values.TryGetValue(name, out string? text) ? absent
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number
            : throw new BenchmarkException($"The option {name} needs a number from 1, not '{text}'.");
    }
}
