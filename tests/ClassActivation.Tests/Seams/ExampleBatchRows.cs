using ClassActivation.Batch;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Seams;

/// <summary>The number and the path of each photo alone, with a tabulator between.</summary>
internal sealed class ExampleBatchRows : IBatchRows
{
    public string FileName => "rows.tsv";

    public IBatchRowWriter Write(Stream stream) => new Writer(stream);

    public IEnumerable<BatchRow> Read(Stream stream)
    {
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            yield return line.Split('\t') is [var number, var path] && long.TryParse(number, out long place)
                ? new BatchRow { Number = place, Answer = 1, Photo = new PhotoIdentity { Path = path } }
                : throw new FormatException($"'{line}' is no number and path.");
        }
    }

    private sealed class Writer(Stream stream) : IBatchRowWriter
    {
        private readonly StreamWriter _text = new(stream, leaveOpen: true) { NewLine = "\n" };

        public void Add(BatchRow row) => _text.WriteLine(FormattableString.Invariant($"{row.Number}\t{row.Photo.Path}"));

        public void Complete() => _text.Flush();

        public void Dispose() => _text.Dispose();
    }
}
