using System.Text;
using System.Text.Json;

namespace ClassActivation.Batch;

/// <summary>Rows as one JSON object on each line; a value that is missing is left out.</summary>
internal sealed class JsonLineRows : IBatchRows
{
    public string FileName => "rows.jsonl";

    public IBatchRowWriter Write(Stream stream) => new Writer(stream);

    public IEnumerable<BatchRow> Read(Stream stream)
    {
        Dictionary<string, BatchColumn> columns = BatchColumn.All.ToDictionary(static column => column.Name);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            yield return ToRow(line, columns);
        }
    }

    private static BatchRow ToRow(string line, Dictionary<string, BatchColumn> columns)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement row = document.RootElement;
            return BatchColumn.ToRow(name => row.TryGetProperty(name, out JsonElement value) ? ValueOf(value, columns[name].Type) : null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"A line is no row: {e.Message}", e);
        }
    }

    private static object? ValueOf(JsonElement value, Type type) => (value.ValueKind, Type.GetTypeCode(type)) switch
    {
        (JsonValueKind.Null, _) => null,
        (_, TypeCode.String) => value.GetString(),
        (_, TypeCode.Boolean) => value.GetBoolean(),
        (_, TypeCode.Int32) => value.GetInt32(),
        (_, TypeCode.Int64) => value.GetInt64(),
        (_, TypeCode.Single) => value.GetSingle(),
        _ => (object)value.GetDouble(),
    };

    private sealed class Writer(Stream stream) : IBatchRowWriter
    {
        private readonly Utf8JsonWriter _json = new(stream);

        public void Add(BatchRow row)
        {
            _json.WriteStartObject();
            foreach (BatchColumn column in BatchColumn.All)
            {
                switch (column.ValueOf(row))
                {
                    case string text:
                        _json.WriteString(column.Name, text);
                        break;
                    case bool flag:
                        _json.WriteBoolean(column.Name, flag);
                        break;
                    case int number:
                        _json.WriteNumber(column.Name, number);
                        break;
                    case long number:
                        _json.WriteNumber(column.Name, number);
                        break;
                    case float number:
                        _json.WriteNumber(column.Name, number);
                        break;
                    case double number:
                        _json.WriteNumber(column.Name, number);
                        break;
                }
            }

            _json.WriteEndObject();
            _json.Flush();
            _json.Reset();
            stream.WriteByte((byte)'\n');
        }

        public void Complete() => _json.Flush();

        public void Dispose() => _json.Dispose();
    }
}
