using Parquet;
using Parquet.Schema;

namespace ClassActivation.Batch;

/// <summary>Rows as Apache Parquet, in groups of some thousand, which are all that is in memory at once.</summary>
internal sealed class ParquetRows : IBatchRows
{
    private const int GroupSize = 4096;

    private static readonly IParquetColumn[] Columns = [.. BatchColumn.All.Select(ColumnOf)];

    public string FileName => "rows.parquet";

    public IBatchRowWriter Write(Stream stream) => new Writer(stream);

    public IEnumerable<BatchRow> Read(Stream stream)
    {
        ParquetReader reader = Open(stream);
        try
        {
            var values = new Dictionary<string, Array>();
            for (int group = 0; group < reader.RowGroupCount; group++)
            {
                int count = ReadGroup(reader, group, values);
                for (int i = 0; i < count; i++)
                {
                    yield return BatchColumn.ToRow(name => values.TryGetValue(name, out Array? column) ? column.GetValue(i) : null);
                }
            }
        }
        finally
        {
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static ParquetReader Open(Stream stream)
    {
        try
        {
            return ParquetReader.CreateAsync(stream).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not (OutOfMemoryException or UnauthorizedAccessException))
        {
            // The library throws whatever it meets in a damaged file.
            throw new FormatException($"It is no Parquet file: {e.Message}", e);
        }
    }

    private static int ReadGroup(ParquetReader reader, int group, Dictionary<string, Array> values)
    {
        try
        {
            using ParquetRowGroupReader rows = reader.OpenRowGroupReader(group);
            int count = checked((int)rows.RowCount);
            foreach (IParquetColumn column in Columns)
            {
                if (reader.Schema.DataFields.FirstOrDefault(field => field.Name == column.Field.Name) is { } field)
                {
                    values[field.Name] = column.Read(rows, field, count).GetAwaiter().GetResult();
                }
            }

            return count;
        }
        catch (Exception e) when (e is not (OutOfMemoryException or UnauthorizedAccessException))
        {
            throw new FormatException($"A group of rows is damaged: {e.Message}", e);
        }
    }

    private static IParquetColumn ColumnOf(BatchColumn column) =>
        column.Type == typeof(string) ? new TextColumn(column.Name)
        : column.Type == typeof(bool) ? new ValueColumn<bool>(column.Name)
        : column.Type == typeof(int) ? new ValueColumn<int>(column.Name)
        : column.Type == typeof(long) ? new ValueColumn<long>(column.Name)
        : column.Type == typeof(float) ? new ValueColumn<float>(column.Name)
        : new ValueColumn<double>(column.Name);

    private interface IParquetColumn
    {
        DataField Field { get; }

        Task Write(ParquetRowGroupWriter group, IReadOnlyList<object?[]> rows, int place);

        Task<Array> Read(ParquetRowGroupReader group, DataField field, int count);
    }

    private sealed class TextColumn(string name) : IParquetColumn
    {
        public DataField Field { get; } = new(name, typeof(string), isNullable: true);

        public async Task Write(ParquetRowGroupWriter group, IReadOnlyList<object?[]> rows, int place) =>
            await group.WriteAsync(Field, (string?[])[.. rows.Select(row => (string?)row[place])]).ConfigureAwait(false);

        public async Task<Array> Read(ParquetRowGroupReader group, DataField field, int count)
        {
            var values = new string?[count];
            await group.ReadAsync(field, values.AsMemory()!).ConfigureAwait(false);
            return values;
        }
    }

    private sealed class ValueColumn<T>(string name) : IParquetColumn
        where T : struct
    {
        public DataField Field { get; } = new DataField<T?>(name);

        public async Task Write(ParquetRowGroupWriter group, IReadOnlyList<object?[]> rows, int place) =>
            await group.WriteAsync<T>(Field, (T?[])[.. rows.Select(row => (T?)row[place])]).ConfigureAwait(false);

        public async Task<Array> Read(ParquetRowGroupReader group, DataField field, int count)
        {
            var values = new T?[count];
            await group.ReadAsync<T>(field, values.AsMemory()).ConfigureAwait(false);
            return values;
        }
    }

    private sealed class Writer(Stream stream) : IBatchRowWriter
    {
        private readonly ParquetWriter _file =
            ParquetWriter.CreateAsync(new ParquetSchema(Columns.Select(static column => column.Field)), stream).GetAwaiter().GetResult();

        private readonly List<object?[]> _rows = new(GroupSize);
        private bool _isOpen = true;

        public void Add(BatchRow row)
        {
            _rows.Add(BatchColumn.ValuesOf(row));
            if (_rows.Count == GroupSize)
            {
                WriteGroup();
            }
        }

        public void Complete()
        {
            if (_rows.Count > 0)
            {
                WriteGroup();
            }

            Dispose();
        }

        public void Dispose()
        {
            if (_isOpen)
            {
                _isOpen = false;
                _file.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }
        }

        private void WriteGroup()
        {
            using ParquetRowGroupWriter group = _file.CreateRowGroup();
            for (int place = 0; place < Columns.Length; place++)
            {
                Columns[place].Write(group, _rows, place).GetAwaiter().GetResult();
            }

            _rows.Clear();
        }
    }
}
