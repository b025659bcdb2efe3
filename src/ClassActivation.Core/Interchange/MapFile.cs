using System.Text.Json;
using System.Text.Json.Serialization;
using ClassActivation.Identity;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Interchange;

/// <summary>A map as two files: its values as <c>.npy</c>, and beside them all else that is known of it as <c>.json</c>.</summary>
public static class MapFile
{
    /// <summary>The path of the description that belongs to a file of values.</summary>
    /// <param name="path">The path of the values.</param>
    public static string DescriptionOf(string path) => Path.ChangeExtension(path, ".json");

    /// <summary>Writes a map's values.</summary>
    public static void WriteValues(ClassActivationMap map, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(map);
        NpyFile.Write(map.Values, map.Rows, map.Columns, stream);
    }

    /// <summary>Writes what is known of a map beside its values.</summary>
    public static void WriteDescription(ClassActivationMap map, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(map);
        JsonSerializer.Serialize(stream, MapDescription.Of(map), MapJsonContext.Default.MapDescription);
    }

    /// <summary>Reads a map back, equal to the one that was written.</summary>
    /// <param name="path">The full path of the values; the description lies beside them.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    /// <exception cref="InvalidDataException">A file is of another form; the message names it.</exception>
    public static ClassActivationMap Read(string path)
    {
        (float[] values, int rows, int columns) = ReadValues(path);
        string description = DescriptionOf(path);
        try
        {
            using FileStream stream = FileStatus.OpenRead(description);
            MapDescription? found = JsonSerializer.Deserialize(stream, MapJsonContext.Default.MapDescription);
            return (found ?? throw new JsonException("it is null")).ToMap(values, rows, columns);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{description}' does not describe a map: {e.Message}", e);
        }
    }

    /// <summary>Whether a description is one that was written here, and then whether it is of a map's photo and question.</summary>
    /// <param name="path">The full path of the values.</param>
    /// <param name="map">The map.</param>
    /// <returns>Null for a file that is none of this module's.</returns>
    internal static bool? IsOf(string path, ClassActivationMap map)
    {
        try
        {
            using FileStream stream = FileStatus.OpenRead(DescriptionOf(path));
            return JsonSerializer.Deserialize(stream, MapJsonContext.Default.MapDescription) is { Photo: { } photo, Question: { } question }
                ? photo.IsSamePhotoAs(map.Photo) && question == map.Question
                : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads a map that another tool made of a whole photo.</summary>
    /// <param name="path">The full path of the values.</param>
    /// <param name="source">Where the photo's bytes are.</param>
    /// <param name="label">What the map shows.</param>
    /// <param name="classIndex">The class's position in a network's predictions, from 0; -1 for none.</param>
    /// <param name="model">The name of the network, or of the tool.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="InvalidDataException">The file is no map; the message names it.</exception>
    /// <exception cref="PhotoException">The photo cannot be read.</exception>
    public static ClassActivationMap Read(string path, PhotoSource source, string label, int classIndex, string model)
    {
        ArgumentNullException.ThrowIfNull(source);
        (float[] values, int rows, int columns) = ReadValues(path);
        (int width, int height) = PhotoDecoder.ReadSize(source);
        var question = new CamQuestion { Model = model, ClassIndex = classIndex, Label = label };
        return new ClassActivationMap(source.Identify(), question)
        {
            Rank = 1,
            Probability = double.NaN,
            Logit = double.NaN,
            Bias = double.NaN,
            Rows = rows,
            Columns = columns,
            Minimum = values.Min(),
            Maximum = values.Max(),
            InputWidth = width,
            InputHeight = height,
            PhotoWidth = width,
            PhotoHeight = height,
            Coverage = new PhotoRegion(0, 0, width, height),
            Values = values,
            Source = source,
        };
    }

    private static (float[] Values, int Rows, int Columns) ReadValues(string path)
    {
        using FileStream stream = FileStatus.OpenRead(path);
        (float[] values, int rows, int columns) = NpyFile.Read(stream, path);
        return Array.TrueForAll(values, float.IsFinite)
            ? (values, rows, columns)
            : throw new InvalidDataException($"'{path}' holds values that are infinite or not a number.");
    }
}

/// <summary>What is known of a map beside its values.</summary>
internal sealed record MapDescription
{
    public required PhotoIdentity Photo { get; init; }

    public required CamQuestion Question { get; init; }

    public required int Rank { get; init; }

    public required double Probability { get; init; }

    public required double Logit { get; init; }

    public required double Bias { get; init; }

    public double? Incompleteness { get; init; }

    public required int InputWidth { get; init; }

    public required int InputHeight { get; init; }

    public required int PhotoWidth { get; init; }

    public required int PhotoHeight { get; init; }

    public required HeatmapNormalization Normalization { get; init; }

    public required PhotoRegion Coverage { get; init; }

    public static MapDescription Of(ClassActivationMap map) => new()
    {
        Photo = map.Photo,
        Question = map.Question,
        Rank = map.Rank,
        Probability = map.Probability,
        Logit = map.Logit,
        Bias = map.Bias,
        Incompleteness = map.Incompleteness,
        InputWidth = map.InputWidth,
        InputHeight = map.InputHeight,
        PhotoWidth = map.PhotoWidth,
        PhotoHeight = map.PhotoHeight,
        Normalization = map.DefaultNormalization,
        Coverage = map.Coverage,
    };

    /// <exception cref="JsonException">The description contradicts itself.</exception>
    public ClassActivationMap ToMap(float[] values, int rows, int columns)
    {
        string?[] texts =
        [
            Photo?.Path, Photo?.Written, Photo?.Hash, Question?.Model, Question?.ModelHash, Question?.WordNetId, Question?.Label,
            Question?.Contrast,
            Question?.ContrastClass, Question?.Masking, Question?.Scale, Question?.Reference,
        ];
        bool isWhole = Array.TrueForAll(texts, static text => text is not null)
            && Question is { } asked && Enum.IsDefined(asked.Method) && Enum.IsDefined(asked.Fit) && Enum.IsDefined(asked.Resampling)
            && Enum.IsDefined(Normalization);
        bool isInPhoto = Question is not null && MapCheck.CanCover(Coverage, Question.Fit, PhotoWidth, PhotoHeight);
        if (!isWhole || !isInPhoto || InputWidth <= 0 || InputHeight <= 0)
        {
            throw new JsonException(
                isWhole ? "the map does not lie in its photo" : "a text is missing, or a setting is none that there is");
        }

        return new ClassActivationMap(Photo!, Question!)
        {
            Rank = Rank,
            Probability = Probability,
            Logit = Logit,
            Bias = Bias,
            Incompleteness = Incompleteness,
            Rows = rows,
            Columns = columns,
            Minimum = values.Min(),
            Maximum = values.Max(),
            InputWidth = InputWidth,
            InputHeight = InputHeight,
            PhotoWidth = PhotoWidth,
            PhotoHeight = PhotoHeight,
            DefaultNormalization = Normalization,
            Coverage = Coverage,
            Values = values,
        };
    }
}

/// <summary>How descriptions of maps are written.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true, UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(MapDescription))]
internal sealed partial class MapJsonContext : JsonSerializerContext;
