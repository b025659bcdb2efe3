using System.Globalization;
using ClassActivation.Batch;
using ClassActivation.Identity;
using ClassActivation.Interchange;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Batch;

/// <summary>Rows come back as they were written, in every format, and the same rows are the same bytes.</summary>
public sealed class BatchRowsTests
{
    private static readonly BatchRow[] Awkward = [.. Rows()];

    [Theory]
    [InlineData(BatchRowFormat.Parquet)]
    [InlineData(BatchRowFormat.JsonLines)]
    [InlineData(BatchRowFormat.Csv)]
    public void Rows_come_back_as_they_were(BatchRowFormat format)
    {
        using var stream = new MemoryStream(Written(format, Awkward));

        Assert.Equal(Awkward, IBatchRows.Of(format).Read(stream));
    }

    [Theory]
    [InlineData(BatchRowFormat.Parquet)]
    [InlineData(BatchRowFormat.JsonLines)]
    [InlineData(BatchRowFormat.Csv)]
    public void The_same_rows_are_the_same_bytes_in_any_culture(BatchRowFormat format)
    {
        byte[] here = Written(format, Awkward);
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Assert.Equal(here, Written(format, Awkward));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void More_rows_than_a_group_of_parquet_holds_come_back_in_order()
    {
        BatchRow[] rows = [.. Enumerable.Range(0, 10_000).Select(static i => Awkward[i % Awkward.Length] with { Number = i })];
        using var stream = new MemoryStream(Written(BatchRowFormat.Parquet, rows));

        Assert.Equal(rows, new ParquetRows().Read(stream));
    }

    [Theory]
    [InlineData(BatchRowFormat.Parquet)]
    [InlineData(BatchRowFormat.JsonLines)]
    [InlineData(BatchRowFormat.Csv)]
    public void A_file_that_ends_too_soon_is_no_file(BatchRowFormat format)
    {
        byte[] whole = Written(format, Awkward);
        using var stream = new MemoryStream(whole[..(whole.Length - 60)]);

        Assert.Throws<FormatException>(() => IBatchRows.Of(format).Read(stream).Count());
    }

    [Fact]
    public void A_line_of_json_has_numbers_as_numbers_and_no_word_for_what_is_missing()
    {
        string line = System.Text.Encoding.UTF8.GetString(Written(BatchRowFormat.JsonLines, [Awkward[0]])).TrimEnd('\n');

        Assert.Contains("\"Probability\":0.1", line, StringComparison.Ordinal);
        Assert.Contains("\"Minimum\":-0.1", line, StringComparison.Ordinal);
        Assert.DoesNotContain("\"Bias\"", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    private static byte[] Written(BatchRowFormat format, IEnumerable<BatchRow> rows)
    {
        using var stream = new MemoryStream();
        using (IBatchRowWriter writer = IBatchRows.Of(format).Write(stream))
        {
            foreach (BatchRow row in rows)
            {
                writer.Add(row);
            }

            writer.Complete();
        }

        return stream.ToArray();
    }

    private static IEnumerable<BatchRow> Rows()
    {
        foreach (string path
            in new[] { "/photos/a.jpg", "/photos/a, \"b\" [1].jpg", "/ü/ \u2028 line\nbreak.jpg", " /leading and trailing " })
        {
            var photo = new PhotoIdentity { Path = path, Length = 12_345_678_901, Written = "2024-02-29T23:59:59.1234567Z" };
            yield return new BatchRow
            {
                Number = 0,
                Answer = 1,
                Photo = photo,
                Rows = 7,
                Columns = 10,
                Minimum = -0.1f,
                Maximum = float.MaxValue,
                Map = new MapDescription
                {
                    Photo = photo,
                    Question = new CamQuestion
                    {
                        Model = "m",
                        ModelHash = "00FF",
                        Fit = InputFit.CenterCrop,
                        Resolution = 96,
                        ClassIndex = 281,
                        Label = "tabby, \"cat\"",
                        Method = CamMethod.LayerCam,
                        ContrastClass = "1,2",
                        ContrastStrength = 0.1 + 0.2,
                        Scale = "1,2",
                        Flip = true,
                    },
                    Rank = 3,
                    Probability = 0.1,
                    Logit = 1 / 3.0,
                    Bias = double.NaN,
                    InputWidth = 224,
                    InputHeight = 320,
                    PhotoWidth = 451,
                    PhotoHeight = 300,
                    Normalization = HeatmapNormalization.Positive,
                    Coverage = new PhotoRegion(0.1, 0, 300, 300.2),
                },
            };
            yield return new BatchRow
            {
                Number = 1,
                Answer = 0,
                Photo = new PhotoIdentity { Path = path },
                Error = "PhotoTruncated",
                Message = $"'{path}' ends too soon.",
            };
        }
    }
}
