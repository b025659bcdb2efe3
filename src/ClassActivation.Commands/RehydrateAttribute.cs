using System.Collections;
using System.Management.Automation;
using System.Reflection;
using ClassActivation.Identity;
using ClassActivation.Localization;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>
/// Lets a parameter take the module's objects after they came through CSV, JSON, CLIXML, a background job or remoting:
/// they are the same question about the same photo, or an error that says why not. What carries no question is left to
/// the other parameters.
/// </summary>
internal sealed class RehydrateAttribute : ArgumentTransformationAttribute
{
    private const string DeserializedPrefix = "Deserialized.";

    // What a prediction says: how the photo was shown, and the class.
    private static readonly PropertyInfo[] PredictionProperties = [.. FlatRecord<CamQuestion>.Properties.Where(static p => p.Name
        is nameof(CamQuestion.Model) or nameof(CamQuestion.ModelHash) or nameof(CamQuestion.ClassIndex) or nameof(CamQuestion.WordNetId)
        or nameof(CamQuestion.Label) or nameof(CamQuestion.SharesLabel)
        or nameof(CamQuestion.Fit) or nameof(CamQuestion.Resolution) or nameof(CamQuestion.Resampling) or nameof(CamQuestion.Decoding)
            or nameof(CamQuestion.Reading))];

    // A column Model alone may be a camera's.
    private static readonly string[] SaysHowShown =
        [
            nameof(CamQuestion.ModelHash),
            nameof(CamQuestion.Fit),
            nameof(CamQuestion.Resampling),
            nameof(CamQuestion.Decoding),
            nameof(CamQuestion.Reading)
        ];

    private static readonly PropertyInfo[] ClassProperties = [.. PredictionProperties.Where(static p => p.Name
        is nameof(CamQuestion.ClassIndex) or nameof(CamQuestion.WordNetId) or nameof(CamQuestion.Label)
            or nameof(CamQuestion.SharesLabel))];

    private static readonly string[] SaysWhichClass =
        [nameof(CamQuestion.ClassIndex), nameof(CamQuestion.WordNetId), nameof(CamQuestion.Label), nameof(Prediction.Rank)];

    /// <summary>Makes predictions of maps, regions and comparisons too: their question is asked again.</summary>
    public bool TakesAnyQuestion { get; init; }

    /// <summary>
    /// With <see cref="TakesAnyQuestion"/>, asks only how the photo was shown to which network; objects that say nothing of it are left to
    /// the other parameters, whatever else they say.
    /// </summary>
    public bool OfPhotoOnly { get; init; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => inputData switch
    {
        PSObject item => Rehydrated(item),
        object[] items => Array.ConvertAll(items, item => item is PSObject o ? Rehydrated(o) : Live(item)),
        _ => Live(inputData),
    };

    private object Live(object item) => item switch
    {
        CamAnswer answer when TakesAnyQuestion && !OfPhotoOnly => Asked(answer),
        PhotoAnswer answer and not Prediction when OfPhotoOnly => AskedPhoto(answer),
        // Wherever a map is taken, a comparison stands for its difference.
        CamComparison comparison => comparison.Difference,
        _ => item,
    };

    private object Rehydrated(PSObject item)
    {
        if (item.BaseObject is PhotoAnswer answer)
        {
            return Live(answer) is { } live && !ReferenceEquals(live, answer) ? live : item;
        }

        if (!IsData(item) || !Has(item, nameof(PhotoAnswer.Path)))
        {
            return item;
        }

        if (OfPhotoOnly)
        {
            return Array.Exists(SaysHowShown, name => Has(item, name)) ? ToAskedPhoto(item) : item;
        }

        string[] lacking = [.. new[] { nameof(CamQuestion.ClassIndex), nameof(CamQuestion.Model) }.Where(name => !Has(item, name))];
        if (lacking.Length > 0)
        {
            // A row that names a class would else be taken for a photo alone, and its class be passed over in silence.
            return TakesAnyQuestion && Array.Exists(SaysWhichClass, name => Has(item, name))
                ? throw new ArgumentTransformationMetadataException(
                    $"The object says which class it means, but lacks {string.Join(" and ", lacking)}: keep all properties of the"
                    + " prediction or map that it comes from, or none but Path.")
                : item;
        }

        try
        {
            if (TakesAnyQuestion)
            {
                return ToPrediction(item);
            }

            return Is<CamComparison>(item) || Has(item, nameof(CamComparison.Difference))
                    ? ToMap(Nested(item, nameof(CamComparison.Difference)))
                : Is<CamRegion>(item) || Has(item, nameof(CamRegion.PeakX)) ? ToCamRegion(item)
                : Has(item, nameof(ClassActivationMap.Map)) ? ToMap(item)
                : item;
        }
        catch (FormatException e)
        {
            throw NoQuestion(e);
        }
    }

    // Rows of CSV and JSON are custom objects, those of CLIXML, jobs and remoting have a type that says what they were.
    private static bool IsData(PSObject item) => item.BaseObject is PSCustomObject;

    private static bool Is<T>(PSObject item) => item.TypeNames.Contains(DeserializedPrefix + typeof(T).FullName);

    private static bool Has(PSObject item, string name) => item.Properties[name] is not null;

    private static PhotoIdentity ToPhoto(PSObject item) => new()
    {
        Path = Value<string>(item, nameof(PhotoAnswer.Path)),
        Length = Value<long>(item, nameof(PhotoAnswer.PhotoLength)),
        Written = Property(item, nameof(PhotoAnswer.PhotoWritten)) is DateTime time
            ? PhotoIdentity.TimeText(time)
            : Text(item, nameof(PhotoAnswer.PhotoWritten)),
        Hash = Text(item, nameof(PhotoAnswer.PhotoHash)),
        Frame = Has(item, nameof(PhotoAnswer.PhotoFrame)) ? Value<int>(item, nameof(PhotoAnswer.PhotoFrame)) : 1,
    };

    private static CamQuestion ToQuestion(PSObject item, IEnumerable<PropertyInfo> properties)
    {
        CamQuestion question = FlatRecord<CamQuestion>.Read(properties, name => Property(item, name));
        return QuestionCheck.Deviation(question) is { } deviation ? throw new FormatException(deviation) : question;
    }

    private static Prediction ToPrediction(PSObject item)
    {
        bool isWhole = Has(item, nameof(CamAnswer.Method));
        return Checked(new Prediction(ToPhoto(item), ToQuestion(item, isWhole ? FlatRecord<CamQuestion>.Properties : PredictionProperties))
        {
            Rank = Has(item, nameof(Prediction.Rank)) ? Value<int>(item, nameof(Prediction.Rank)) : 0,
            Probability = Has(item, nameof(Prediction.Probability)) ? Value<double>(item, nameof(Prediction.Probability)) : double.NaN,
            Logit = Has(item, nameof(Prediction.Logit)) ? Value<double>(item, nameof(Prediction.Logit)) : double.NaN,
            Margin = Optional<double>(item, nameof(Prediction.Margin)),
            Entropy = Optional<double>(item, nameof(Prediction.Entropy)),
            Doubt = Optional<double>(item, nameof(Prediction.Doubt)),
            Expected = Has(item, nameof(Prediction.Expected)) && Text(item, nameof(Prediction.Expected)) is { Length: > 0 } expected
                ? expected
                : null,
            IsExpected = Has(item, nameof(Prediction.IsExpected))
                && bool.TryParse(Text(item, nameof(Prediction.IsExpected)), out bool isExpected)
                ? isExpected
                : null,
            IsWholeQuestion = isWhole,
        });
    }

    private static Prediction Asked(CamAnswer answer) => Checked(new Prediction(answer.Photo, answer.Question)
    {
        Rank = 0,
        Probability = double.NaN,
        Logit = double.NaN,
        IsWholeQuestion = true,
        Source = (answer as ClassActivationMap ?? (answer as CamRegion)?.ActivationMap ?? (answer as CamComparison)?.Difference)?.Source,
    });

    private static Prediction AskedPhoto(PhotoAnswer answer) => new(answer.Photo, answer.Question with { Reference = "" })
    {
        Rank = 0,
        Probability = double.NaN,
        Logit = double.NaN,
        Source = (answer as ClassActivationMap ?? (answer as CamRegion)?.ActivationMap ?? (answer as CamComparison)?.Difference)?.Source,
    };

    private static Prediction ToAskedPhoto(PSObject item)
    {
        try
        {
            PropertyInfo[] absent = [.. ClassProperties.Where(property => !Has(item, property.Name))];
            return new Prediction(ToPhoto(item), ToQuestion(item, PredictionProperties.Except(absent)))
            {
                Rank = 0,
                Probability = double.NaN,
                Logit = double.NaN,
            };
        }
        catch (FormatException e)
        {
            throw NoQuestion(e);
        }
    }

    private static ArgumentTransformationMetadataException NoQuestion(FormatException e) =>
        new($"The object is no question of this module any more. {e.Message}", e);

    private static Prediction Checked(Prediction prediction) => prediction.Question.Reference.Length == 0
        ? prediction
        : throw new ArgumentTransformationMetadataException(
            "A difference of two maps is no question of its own: compute both maps, and compare them again with"
            + " Compare-ClassActivationMap.");

    private static CamRegion ToCamRegion(PSObject item) => new(ToMap(Nested(item, nameof(CamRegion.ActivationMap))))
    {
        Number = Value<int>(item, nameof(CamRegion.Number)),
        Left = Value<int>(item, nameof(CamRegion.Left)),
        Top = Value<int>(item, nameof(CamRegion.Top)),
        Width = Value<int>(item, nameof(CamRegion.Width)),
        Height = Value<int>(item, nameof(CamRegion.Height)),
        Area = Value<int>(item, nameof(CamRegion.Area)),
        Peak = Value<double>(item, nameof(CamRegion.Peak)),
        PeakX = Value<int>(item, nameof(CamRegion.PeakX)),
        PeakY = Value<int>(item, nameof(CamRegion.PeakY)),
        Mean = Value<double>(item, nameof(CamRegion.Mean)),
        Share = Value<double>(item, nameof(CamRegion.Share)),
        Threshold = Value<double>(item, nameof(CamRegion.Threshold)),
        FitProbability = Optional<double>(item, nameof(CamRegion.FitProbability)),
        ProbabilityAlone = Optional<double>(item, nameof(CamRegion.ProbabilityAlone)),
        Passes = Optional<int>(item, nameof(CamRegion.Passes)),
        MapNormalization = Value<HeatmapNormalization>(item, nameof(CamRegion.Normalization)),
        MapUpsampling = Value<Upsampling>(item, nameof(CamRegion.Upsampling)),
    };

    private static ClassActivationMap ToMap(PSObject item)
    {
        int rows = Value<int>(item, nameof(ClassActivationMap.Rows)), columns = Value<int>(item, nameof(ClassActivationMap.Columns));
        float[] values = ValuesOf(item);
        return Checked(new ClassActivationMap(ToPhoto(item), ToQuestion(item, FlatRecord<CamQuestion>.Properties))
        {
            Rank = Value<int>(item, nameof(ClassActivationMap.Rank)),
            Probability = Number(item, nameof(ClassActivationMap.Probability)),
            Logit = Number(item, nameof(ClassActivationMap.Logit)),
            Bias = Number(item, nameof(ClassActivationMap.Bias)),
            Incompleteness = Optional<double>(item, nameof(ClassActivationMap.Incompleteness)),
            Rows = rows,
            Columns = columns,
            Minimum = Value<float>(item, nameof(ClassActivationMap.Minimum)),
            Maximum = Value<float>(item, nameof(ClassActivationMap.Maximum)),
            InputWidth = Value<int>(item, nameof(ClassActivationMap.InputWidth)),
            InputHeight = Value<int>(item, nameof(ClassActivationMap.InputHeight)),
            PhotoWidth = Value<int>(item, nameof(ClassActivationMap.PhotoWidth)),
            PhotoHeight = Value<int>(item, nameof(ClassActivationMap.PhotoHeight)),
            Coverage = ToRegion(Property(item, nameof(ClassActivationMap.Coverage))),
            DefaultNormalization = Value<HeatmapNormalization>(item, nameof(ClassActivationMap.Normalization)),
            Values = values,
            Activation = Has(item, nameof(ClassActivationMap.Activation))
                ? ToActivation(Property(item, nameof(ClassActivationMap.Activation)))
                : null,
        });
    }

    private static ClassActivationMap Checked(ClassActivationMap map) => MapCheck.Deviation(map) is not { } deviation
        ? map
        : throw new ArgumentTransformationMetadataException(ShownText.Of(
            $"The map of '{map.Label}' in '{map.Path}' {deviation}; it was changed since it was computed. Compute it again."));

    // A row of CSV holds the name of the array's type in place of its values.
    private static float[] ValuesOf(PSObject item) => Items(Property(item, nameof(ClassActivationMap.Map))) is not { } rows
        ? throw Lacking("the values of its map")
        :
        [
            .. rows.SelectMany(
                static row =>
                    Items(row)?.Select(static value => LanguagePrimitives.ConvertTo<float>(value))
                        ?? throw Lacking("the values of its map"))
        ];

    private static float[][][]? ToActivation(object? value) =>
        Items(value) is { } maps && maps.All(static map => Items(map)?.All(static row => Items(row) is not null) == true)
        ?
        [
            .. maps.Select(
                static map =>
                    Items(map)!.Select(static row => Items(row)!.Select(static v => LanguagePrimitives.ConvertTo<float>(v)).ToArray())
                        .ToArray())
        ]
        : null;

    private static IEnumerable<object>? Items(object? value) =>
        GivenObject.Unwrapped(value) is IEnumerable items and not string ? items.Cast<object>() : null;

    private static PhotoRegion ToRegion(object? value)
    {
        if (value is null or string or PSObject { BaseObject: string })
        {
            string[] parts = (value?.ToString() ?? "").Split(',');
            return parts.Length == 4
                ? new PhotoRegion(ToNumber(parts[0]), ToNumber(parts[1]), ToNumber(parts[2]), ToNumber(parts[3]))
                : throw Lacking("the part of the photo that its map covers");
        }

        PSObject region = PSObject.AsPSObject(value);
        return new PhotoRegion(
            Value<double>(region, nameof(PhotoRegion.Left)),
            Value<double>(region, nameof(PhotoRegion.Top)),
            Value<double>(region, nameof(PhotoRegion.Width)),
            Value<double>(region, nameof(PhotoRegion.Height)));
    }

    private static double ToNumber(string text) => LanguagePrimitives.ConvertTo<double>(text);

    private static PSObject Nested(PSObject item, string name) =>
        Property(item, name) is { } value and not string
            && PSObject.AsPSObject(value) is var nested
            && Has(nested, nameof(ClassActivationMap.Map))
            ? nested
            : throw Lacking("its map");

    private static object? Property(PSObject item, string name)
    {
        object? value = (item.Properties[name] ?? throw Lacking($"the property {name}")).Value;
        return value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
    }

    private static string Text(PSObject item, string name) => Property(item, name)?.ToString() ?? "";

    // JSON has no word for a number that is none.
    private static double Number(PSObject item, string name) => Property(item, name) is null ? double.NaN : Value<double>(item, name);

    private static T? Optional<T>(PSObject item, string name)
        where T : struct => Has(item, name) && Property(item, name) is not null and not "" ? Value<T>(item, name) : null;

    private static T Value<T>(PSObject item, string name)
    {
        object? value = Property(item, name);
        try
        {
            return LanguagePrimitives.ConvertTo<T>(value switch
            {
                null => throw Lacking($"the property {name}"),
                string text when typeof(T) == typeof(double) || typeof(T) == typeof(float) => NumberText.ToDouble(text),
                string text when typeof(T) == typeof(int) || typeof(T) == typeof(long) => NumberText.Invariant(text),
                _ => value,
            });
        }
        catch (Exception e) when (e is PSInvalidCastException or FormatException)
        {
            throw new FormatException($"The property {name} cannot be '{value}'.", e);
        }
    }

    private static ArgumentTransformationMetadataException Lacking(string what) => new(ShownText.Of(
        $"The object lacks {what}. Keep all properties where it is written (ConvertTo-Json and Export-Clixml with a -Depth of 4 or more"
        + " keep a map's values, CSV does not), or pipe it into Get-ClassActivationMap, which computes the map again."));
}
