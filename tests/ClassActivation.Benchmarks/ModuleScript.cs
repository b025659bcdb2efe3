using System.Globalization;

namespace ClassActivation.Benchmarks;

/// <summary>The PowerShell that measured processes run. It keeps to what the engine itself has.</summary>
internal static class ModuleScript
{
    private const string Text = "ToString('r', [cultureinfo]::InvariantCulture)";

    /// <summary>Maps of photos, and nothing else.</summary>
    public static string Maps(string network, int inFlight) =>
        string.Create(CultureInfo.InvariantCulture, $"Get-ClassActivationMap -Model {Quote(network)} -ThrottleLimit {inFlight}");

    /// <summary>From files to JPEG overlay files.</summary>
    public static string Overlays(string network, int inFlight, string folder, int? maxSize = null) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Maps(network, inFlight)} | Export-CamOverlay -DestinationPath {Quote(folder)} -ThrottleLimit {inFlight}{(maxSize is null ? "" : $" -MaxSize {maxSize}")}");

    /// <summary>A worker that puts photos into a pipeline one by one, as Get-ChildItem does, whenever it is told to.</summary>
    /// <param name="manifest">The module's manifest.</param>
    /// <param name="photoList">A file that names a photo a line; where more are asked for, it starts anew.</param>
    /// <param name="pipeline">What the photos go into.</param>
    /// <param name="reportEvery">After how many objects the worker reports; 0 for never.</param>
    /// <param name="pipeName">The pipe to the benchmark.</param>
    public static string Worker(string manifest, string photoList, string pipeline, int reportEvery, string pipeName)
    {
        string end = reportEvery == 0 ? "Out-Null" : string.Create(
            CultureInfo.InvariantCulture,
            $$"""ForEach-Object { if (++$done % {{reportEvery}} -eq 0) { $writer.WriteLine("$done " + $clock.Elapsed.TotalSeconds.{{Text}}) } }""");
        return $$"""
            $ErrorActionPreference = 'Stop'
            Import-Module {{Quote(manifest)}}
            $photos = [IO.File]::ReadAllLines({{Quote(photoList)}})
            $pipe = [IO.Pipes.NamedPipeClientStream]::new('.', {{Quote(pipeName)}}, 'InOut')
            $pipe.Connect()
            $reader = [IO.StreamReader]::new($pipe)
            $writer = [IO.StreamWriter]::new($pipe)
            $writer.AutoFlush = $true
            while ($count = [int]$reader.ReadLine()) {
                $done = 0
                $clock = [Diagnostics.Stopwatch]::StartNew()
                & { for ($at = 0; $at -lt $count; $at++) { [IO.FileInfo]::new($photos[$at % $photos.Length]) } } | {{pipeline}} | {{end}}
                $writer.WriteLine($clock.Elapsed.TotalSeconds.{{Text}})
            }
            """;
    }

    /// <summary>Prints the seconds that the import took, and those from before it to the first map.</summary>
    public static string FirstMap(string manifest, string network, string photo) => $$"""
        $ErrorActionPreference = 'Stop'
        $clock = [Diagnostics.Stopwatch]::StartNew()
        Import-Module {{Quote(manifest)}}
        $import = $clock.Elapsed.TotalSeconds
        $null = Get-ClassActivationMap -LiteralPath {{Quote(photo)}} -Model {{Quote(network)}}
        $first = $clock.Elapsed.TotalSeconds
        [Console]::Out.WriteLine($import.{{Text}} + ' ' + $first.{{Text}})
        """;

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
