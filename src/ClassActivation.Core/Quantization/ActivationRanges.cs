using System.Globalization;
using System.Text;

namespace ClassActivation.Quantization;

/// <summary>
/// What calibration found out about a network's tensors: all that <see cref="ModelQuantizer"/> needs besides the
/// network. It is kept as a text file: comments behind <c>#</c>, then a line for each tensor with its name, minimum,
/// maximum and channel means, separated by tabs, the means by spaces.
/// </summary>
public sealed class ActivationRanges
{
    private const string Header = "tensor\tminimum\tmaximum\tchannel means";

    private readonly IReadOnlyDictionary<string, ActivationRange> _ranges;

    /// <summary>Makes the table.</summary>
    /// <param name="description">How the ranges were found, in one or more lines.</param>
    /// <param name="ranges">The ranges by the tensors' names.</param>
    public ActivationRanges(string description, IReadOnlyDictionary<string, ActivationRange> ranges)
    {
        Description = description;
        _ranges = ranges;
    }

    /// <summary>How the ranges were found.</summary>
    public string Description { get; }

    /// <summary>The names of the tensors.</summary>
    public IEnumerable<string> Tensors => _ranges.Keys;

    /// <summary>The range of a tensor; null where there is none.</summary>
    public ActivationRange? Find(string tensor) => _ranges.GetValueOrDefault(tensor);

    /// <summary>Reads a file of ranges.</summary>
    /// <exception cref="QuantizationException">The file is missing, cannot be read, or is no file of ranges.</exception>
    public static ActivationRanges Read(string path)
    {
        string[] lines;
        try
        {
            using var reader = new StreamReader(FileStatus.OpenRead(path));
            lines = reader.ReadToEnd().Split('\n').Select(static line => line.TrimEnd('\r')).ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new QuantizationException($"The file of ranges '{path}' cannot be read; check the path.", e);
        }

        string[] comments = [.. lines.TakeWhile(static line => line.StartsWith('#'))];
        var ranges = new Dictionary<string, ActivationRange>(StringComparer.Ordinal);
        for (int i = comments.Length; i < lines.Length; i++)
        {
            bool isHeader = i == comments.Length && lines[i] == Header;
            if (isHeader || lines[i].Length == 0)
            {
                continue;
            }

            string[] fields = lines[i].Split('\t');
            if (fields.Length != 4 || Parse(fields) is not { } range || !ranges.TryAdd(fields[0], range))
            {
                throw new QuantizationException(
                    $"Line {i + 1} of '{path}' is not 'tensor, minimum <= 0, maximum >= 0, channel means', separated by tabs, or names a"
                    + " tensor twice; calibrate again.");
            }
        }

        return ranges.Count > 0
            ? new ActivationRanges(string.Join('\n', comments.Select(static line => line.TrimStart('#', ' '))), ranges)
            : throw new QuantizationException($"'{path}' holds no ranges; calibrate again.");
    }

    /// <summary>Whether a file is one of ranges.</summary>
    /// <param name="path">The file's path.</param>
    public static bool IsOne(string path)
    {
        try
        {
            return Read(path).Tensors.Any();
        }
        catch (QuantizationException)
        {
            return false;
        }
    }

    /// <summary>Writes the file of ranges, as UTF-8.</summary>
    public void Write(Stream stream)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        foreach (string line in Description.Split('\n'))
        {
            writer.WriteLine($"# {line}");
        }

        writer.WriteLine(Header);
        foreach ((string tensor, ActivationRange range) in _ranges)
        {
            string means = string.Join(' ', range.ChannelMeans.Select(Text));
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tensor}\t{range.Minimum:R}\t{range.Maximum:R}\t{means}"));
        }
    }

    /// <summary>A mean as precise as the file holds it, so that a network is the same with and without the file.</summary>
    internal static float AsWritten(float mean) => float.Parse(Text(mean), CultureInfo.InvariantCulture);

    private static string Text(float mean) => mean.ToString("G4", CultureInfo.InvariantCulture);

    private static ActivationRange? Parse(string[] fields)
    {
        string[] means = fields[3].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var numbers = new float[2 + means.Length];
        bool areNumbers = fields[1..3].Concat(means)
            .Select(
                (text, i) => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i])
                    && float.IsFinite(numbers[i]))
            .All(static isNumber => isNumber);
        return areNumbers && numbers[0] <= 0 && numbers[1] >= 0 && numbers[0] < numbers[1]
            ? new ActivationRange(numbers[0], numbers[1], numbers[2..])
            : null;
    }
}
