using System.Globalization;
using System.Reflection;
using ClassActivation.Identity;
using ClassActivation.Interchange;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Batch;

/// <summary>A column of a batch's rows.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its values, each of which may be missing: string, bool, int, long, float or double.</param>
/// <param name="ValueOf">The value of a row; null where it has none.</param>
internal sealed record BatchColumn(string Name, Type Type, Func<BatchRow, object?> ValueOf)
{
    private static readonly PropertyInfo[] QuestionProperties = [.. FlatRecord<CamQuestion>.Properties];

    /// <summary>All columns: the photo, the answer, and the whole question.</summary>
    public static IReadOnlyList<BatchColumn> All { get; } =
    [
        new(nameof(BatchRow.Number), typeof(long), static row => row.Number),
        new(nameof(BatchRow.Answer), typeof(int), static row => row.Answer),
        new(nameof(PhotoAnswer.Path), typeof(string), static row => row.Photo.Path),
        new(nameof(PhotoAnswer.PhotoLength), typeof(long), static row => row.Photo.Length),
        new(nameof(PhotoAnswer.PhotoWritten), typeof(string), static row => row.Photo.Written),
        new(nameof(PhotoAnswer.PhotoFrame), typeof(int), static row => row.Photo.Frame),
        new(nameof(BatchRow.Error), typeof(string), static row => row.Error),
        new(nameof(BatchRow.Message), typeof(string), static row => row.Message),
        OfMap<int>(nameof(MapDescription.Rank), static map => map.Rank),
        OfMap<double>(nameof(MapDescription.Probability), static map => Finite(map.Probability)),
        OfMap<double>(nameof(MapDescription.Logit), static map => Finite(map.Logit)),
        OfMap<double>(nameof(MapDescription.Bias), static map => Finite(map.Bias)),
        OfMap<double>(nameof(MapDescription.Incompleteness), static map => map.Incompleteness),
        new(nameof(BatchRow.Rows), typeof(int), static row => row.Map is null ? null : row.Rows),
        new(nameof(BatchRow.Columns), typeof(int), static row => row.Map is null ? null : row.Columns),
        new(nameof(BatchRow.Minimum), typeof(float), static row => row.Map is null ? null : row.Minimum),
        new(nameof(BatchRow.Maximum), typeof(float), static row => row.Map is null ? null : row.Maximum),
        OfMap<int>(nameof(MapDescription.InputWidth), static map => map.InputWidth),
        OfMap<int>(nameof(MapDescription.InputHeight), static map => map.InputHeight),
        OfMap<int>(nameof(MapDescription.PhotoWidth), static map => map.PhotoWidth),
        OfMap<int>(nameof(MapDescription.PhotoHeight), static map => map.PhotoHeight),
        OfMap<string>(nameof(MapDescription.Normalization), static map => map.Normalization.ToString()),
        OfMap<double>("CoverageLeft", static map => map.Coverage.Left),
        OfMap<double>("CoverageTop", static map => map.Coverage.Top),
        OfMap<double>("CoverageWidth", static map => map.Coverage.Width),
        OfMap<double>("CoverageHeight", static map => map.Coverage.Height),
        .. QuestionProperties.Select(static property => new BatchColumn(
            property.Name,
            property.PropertyType.IsEnum ? typeof(string) : property.PropertyType,
            row => row.Map is null ? null : property.GetValue(row.Map.Question) is var value && value is Enum ? value.ToString() : value)),
    ];

    /// <summary>The values of a row, one for each column.</summary>
    public static object?[] ValuesOf(BatchRow row)
    {
        var values = new object?[All.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = All[i].ValueOf(row);
        }

        return values;
    }

    /// <summary>The row that has these values.</summary>
    /// <param name="valueOf">The value of a column, of its type.</param>
    /// <exception cref="FormatException">A value is missing, or is none that the column can have.</exception>
    public static BatchRow ToRow(Func<string, object?> valueOf)
    {
        var photo = new PhotoIdentity
        {
            Path = Text(nameof(PhotoAnswer.Path)),
            Length = Required<long>(nameof(PhotoAnswer.PhotoLength)),
            Written = Text(nameof(PhotoAnswer.PhotoWritten)),
            Frame = valueOf(nameof(PhotoAnswer.PhotoFrame)) as int? ?? 1,
        };
        var row = new BatchRow
        {
            Number = Required<long>(nameof(BatchRow.Number)),
            Answer = Required<int>(nameof(BatchRow.Answer)),
            Photo = photo,
            Error = Text(nameof(BatchRow.Error)),
            Message = Text(nameof(BatchRow.Message)),
        };
        return row.Error.Length > 0 ? row : row with
        {
            Rows = Required<int>(nameof(BatchRow.Rows)),
            Columns = Required<int>(nameof(BatchRow.Columns)),
            Minimum = Required<float>(nameof(BatchRow.Minimum)),
            Maximum = Required<float>(nameof(BatchRow.Maximum)),
            Map = new MapDescription
            {
                Photo = photo,
                Question = FlatRecord<CamQuestion>.Read(QuestionProperties, valueOf),
                Rank = Required<int>(nameof(MapDescription.Rank)),
                Probability = Number(nameof(MapDescription.Probability)),
                Logit = Number(nameof(MapDescription.Logit)),
                Bias = Number(nameof(MapDescription.Bias)),
                Incompleteness = valueOf(nameof(MapDescription.Incompleteness)) as double?,
                InputWidth = Required<int>(nameof(MapDescription.InputWidth)),
                InputHeight = Required<int>(nameof(MapDescription.InputHeight)),
                PhotoWidth = Required<int>(nameof(MapDescription.PhotoWidth)),
                PhotoHeight = Required<int>(nameof(MapDescription.PhotoHeight)),
                Normalization = Enum.TryParse(Text(nameof(MapDescription.Normalization)), out HeatmapNormalization kind) ? kind
                    : throw new FormatException($"There is no normalisation '{Text(nameof(MapDescription.Normalization))}'."),
                Coverage = new PhotoRegion(
                    Required<double>("CoverageLeft"), Required<double>("CoverageTop"), Required<double>("CoverageWidth"),
                    Required<double>("CoverageHeight")),
            },
        };

        string Text(string name) => valueOf(name) as string ?? "";

        // What is no number is kept as nothing: a mean over a column would be none otherwise.
        double Number(string name) => valueOf(name) is double value ? value : double.NaN;

        T Required<T>(string name) => valueOf(name) is T value ? value : throw new FormatException($"A row has no {name}.");
    }

    /// <summary>A value of this column from text.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public object? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? null : Convert.ChangeType(text, Type, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is OverflowException or FormatException)
        {
            throw new FormatException($"The column {Name} cannot have the value '{text}'.", e);
        }
    }

    private static BatchColumn OfMap<T>(string name, Func<MapDescription, object?> value) =>
        new(name, typeof(T), row => row.Map is null ? null : value(row.Map));

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
