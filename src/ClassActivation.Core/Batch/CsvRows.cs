using System.Globalization;
using System.Text;
using Microsoft.VisualBasic.FileIO;

namespace ClassActivation.Batch;

/// <summary>Rows as values between commas, as RFC 4180 has it, in UTF-8, with a header line and numbers as programs write them.</summary>
internal sealed class CsvRows : IBatchRows
{
    private const string NeedQuotes = ",\"\r\n";

    public string FileName => "rows.csv";

    public IBatchRowWriter Write(Stream stream) => new Writer(stream);

    public IEnumerable<BatchRow> Read(Stream stream)
    {
        using var parser =
            new TextFieldParser(stream, Encoding.UTF8) { Delimiters = [","], HasFieldsEnclosedInQuotes = true, TrimWhiteSpace = false };
        string[] names = Fields(parser) ?? throw new FormatException("The file is empty.");
        Dictionary<string, BatchColumn> columns = BatchColumn.All.ToDictionary(static column => column.Name);
        Dictionary<string, int> places = names.Select(static (name, place) => (name, place))
            .ToDictionary(static column => column.name, static column => column.place);
        while (Fields(parser) is { } fields)
        {
            yield return fields.Length == names.Length
                ? BatchColumn.ToRow(name => places.TryGetValue(name, out int place) ? columns[name].Parse(fields[place]) : null)
                : throw new FormatException($"A line has {fields.Length} values for {names.Length} columns.");
        }
    }

    private static string[]? Fields(TextFieldParser parser)
    {
        try
        {
            return parser.ReadFields();
        }
        catch (MalformedLineException e)
        {
            throw new FormatException($"Line {e.LineNumber} has quotation marks that do not match.", e);
        }
    }

    private sealed class Writer : IBatchRowWriter
    {
        private readonly StreamWriter _text;

        public Writer(Stream stream)
        {
            _text = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
            _text.WriteLine(string.Join(',', BatchColumn.All.Select(static column => column.Name)));
        }

        public void Add(BatchRow row) => _text.WriteLine(string.Join(',', BatchColumn.ValuesOf(row).Select(Field)));

        public void Complete() => _text.Flush();

        public void Dispose() => _text.Dispose();

        private static string Field(object? value)
        {
            string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            return text.AsSpan().IndexOfAny(NeedQuotes) < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        }
    }
}
