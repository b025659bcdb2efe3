using System.Globalization;
using System.Text;

namespace ClassActivation.Benchmarks;

/// <summary>Writes a report as Markdown that reads well as plain text too.</summary>
internal static class MarkdownReport
{
    /// <summary>The report's text.</summary>
    public static string Write(BenchmarkReport report)
    {
        var text = new StringBuilder();
        Machine machine = report.Machine;
        text.AppendLine(Invariant($"Measured on {report.Date:yyyy-MM-dd} on {machine.Processor}, {machine.ProcessorCount} processors, {machine.OperatingSystem}, with PowerShell {machine.PowerShell}, {machine.Runtime} and ONNX Runtime {machine.OnnxRuntime}."));
        text.AppendLine(Invariant($"Passes of {report.Photos.PerPass} photos ({report.Photos.Distinct} different ones of the folder {report.Photos.Folder}), {report.Photos.Rounds} rounds in turns after a warm-up, medians."));
        foreach (string network in report.MissingNetworks)
        {
            text.AppendLine(Invariant($"{network} was not measured: the module does not have it."));
        }

        AppendTable(
            text,
            ["network", "in flight", "work", "ms per photo", "ratio to the floor", "processor ms per photo", "peak memory, MB"],
            report.Throughput.OrderBy(static t => t.Network, StringComparer.Ordinal).ThenBy(static t => t.InFlight).Select(static t => new[]
            {
                t.Network,
                Invariant($"{t.InFlight}"),
                t.Work,
                Invariant($"{t.MillisecondsPerPhoto:0.0}"),
                Invariant($"{t.RatioToFloor:0.00}"),
                Invariant($"{t.ProcessorMillisecondsPerPhoto:0.0}"),
                Invariant($"{t.PeakMegabytes:0}"),
            }));
        AppendTable(
            text,
            ["network", "import, s", "import to first map, s", "whole process, s", "PowerShell alone, s"],
            report.FirstMap.Select(static f => new[]
            {
                f.Network, Invariant($"{f.ImportSeconds:0.00}"), Invariant($"{f.ImportToMapSeconds:0.00}"),
                Invariant($"{f.ProcessSeconds:0.00}"), Invariant($"{f.HostSeconds:0.00}"),
            }));
        AppendTable(
            text,
            ["network", "12-megapixel JPEG to overlay", "ms", "peak memory, MB"],
            report.LargePhoto.Select(static l => new[]
            {
                l.Network, l.MaxSize is null
                    ? "full size"
                    : Invariant($"-MaxSize {l.MaxSize}"), Invariant($"{l.Milliseconds:0}"), Invariant($"{l.PeakMegabytes:0}"),
            }));
        AppendTable(
            text,
            [
                "network",
                "photos in one pipeline",
                "ms per photo since the last row",
                "processor ms per photo",
                "memory, MB",
                "peak memory, MB",
                "threads",
                "open files"
            ],
            report.Growth.Select(static g => new[]
            {
                g.Network, Invariant($"{g.Photos}"), Invariant($"{g.MillisecondsPerPhoto:0.0}"),
                Invariant($"{g.ProcessorMillisecondsPerPhoto:0.0}"), Invariant($"{g.Process.Megabytes:0}"),
                Invariant($"{g.Process.PeakMegabytes:0}"), Invariant($"{g.Process.Threads}"), Invariant($"{g.Process.OpenFiles}"),
            }));
        return text.ToString();
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static void AppendTable(StringBuilder text, string[] header, IEnumerable<string[]> rows)
    {
        string[][] cells = [header, .. rows];
        int[] widths = [.. header.Select((_, column) => cells.Max(row => row[column].Length))];
        bool[] isNumber = [.. Enumerable.Range(0, header.Length).Select(column => cells.Skip(1).All(row => IsNumber(row[column])))];
        text.AppendLine();
        AppendRow(header);
        text.Append('|').AppendJoin('|', widths.Select((width, column) => new string('-', width + 1) + (isNumber[column] ? ':' : '-')))
            .AppendLine("|");
        foreach (string[] row in cells.Skip(1))
        {
            AppendRow(row);
        }

        void AppendRow(string[] row) =>
            text.Append("| ").AppendJoin(
                " | ",
                row.Select(
                    (cell, column) => isNumber[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).AppendLine(" |");
    }
}
