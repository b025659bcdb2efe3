using System.Text.Json;

namespace ClassActivation.Benchmarks;

/// <summary>Everything that was measured in one run.</summary>
internal sealed record BenchmarkReport(
    DateTimeOffset Date,
    Machine Machine,
    PhotoSummary Photos,
    IReadOnlyList<string> MissingNetworks,
    IReadOnlyList<Throughput> Throughput,
    IReadOnlyList<FirstMap> FirstMap,
    IReadOnlyList<LargePhoto> LargePhoto,
    IReadOnlyList<Growth> Growth)
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Indented);
}

/// <summary>The photos of a pass, and how often passes were repeated.</summary>
internal sealed record PhotoSummary(string Folder, int Distinct, int PerPass, int Rounds);

/// <summary>The median time per photo of one kind of work, its ratio to the floor, and what its process used.</summary>
internal sealed record Throughput(
    string Network, int InFlight, string Work, double MillisecondsPerPhoto, double RatioToFloor, double ProcessorMillisecondsPerPhoto,
    double PeakMegabytes);

/// <summary>Median times from the start of a new process; <c>HostSeconds</c> is what PowerShell alone takes.</summary>
internal sealed record FirstMap(string Network, double ImportSeconds, double ImportToMapSeconds, double ProcessSeconds, double HostSeconds);

/// <summary>One photo of 12 megapixels, file to overlay file.</summary>
internal sealed record LargePhoto(string Network, int? MaxSize, double Milliseconds, double PeakMegabytes);

/// <summary>A pipeline after a number of photos; the times are those of the photos since the last number.</summary>
internal sealed record Growth(
    string Network, int Photos, double MillisecondsPerPhoto, double ProcessorMillisecondsPerPhoto, ProcessState Process);
