using System.Collections;
using System.Management.Automation;
using ClassActivation.Explanation;
using ClassActivation.Imaging;
using ClassActivation.Localization;

namespace ClassActivation.Commands;

/// <summary>Lets a parameter take the module's objects after they came through CLIXML, a background job or remoting.</summary>
internal sealed class RehydrateAttribute : ArgumentTransformationAttribute
{
    private const string DeserializedPrefix = "Deserialized.";

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => inputData switch
    {
        PSObject item => Rehydrated(item),
        object[] items => Array.ConvertAll(items, static item => item is PSObject o ? Rehydrated(o) : Live(item)),
        _ => Live(inputData),
    };

    // Wherever a map is taken, a comparison stands for its difference.
    private static object Live(object item) => item is CamComparison comparison ? comparison.Difference : item;

    private static object Rehydrated(PSObject item)
    {
        if (item.BaseObject is CamComparison comparison)
        {
            return comparison.Difference;
        }

        if (item.TypeNames.Contains(DeserializedPrefix + typeof(CamComparison).FullName))
        {
            return Rehydrated(Value<PSObject>(item, nameof(CamComparison.Difference)));
        }

        if (item.TypeNames.Contains(DeserializedPrefix + typeof(ClassActivationMap).FullName))
        {
            return ToMap(item);
        }

        if (item.TypeNames.Contains(DeserializedPrefix + typeof(CamRegion).FullName))
        {
            return ToCamRegion(item);
        }

        return item.TypeNames.Contains(DeserializedPrefix + typeof(Prediction).FullName) ? ToPrediction(item) : item;
    }

    private static Prediction ToPrediction(PSObject item) => new()
    {
        Path = Value<string>(item, nameof(Prediction.Path)),
        Rank = Value<int>(item, nameof(Prediction.Rank)),
        ClassIndex = Value<int>(item, nameof(Prediction.ClassIndex)),
        WordNetId = Value<string>(item, nameof(Prediction.WordNetId)),
        Label = Value<string>(item, nameof(Prediction.Label)),
        Probability = Value<double>(item, nameof(Prediction.Probability)),
        Logit = Value<double>(item, nameof(Prediction.Logit)),
        Model = Value<string>(item, nameof(Prediction.Model)),
    };

    private static CamRegion ToCamRegion(PSObject item) => new()
    {
        Path = Value<string>(item, nameof(CamRegion.Path)),
        Label = Value<string>(item, nameof(CamRegion.Label)),
        ClassIndex = Value<int>(item, nameof(CamRegion.ClassIndex)),
        Probability = Value<double>(item, nameof(CamRegion.Probability)),
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
        ActivationMap = ToMap(Value<PSObject>(item, nameof(CamRegion.ActivationMap))),
    };

    private static ClassActivationMap ToMap(PSObject item) => Checked(new ClassActivationMap
    {
        Path = Value<string>(item, nameof(ClassActivationMap.Path)),
        Rank = Value<int>(item, nameof(ClassActivationMap.Rank)),
        ClassIndex = Value<int>(item, nameof(ClassActivationMap.ClassIndex)),
        WordNetId = Value<string>(item, nameof(ClassActivationMap.WordNetId)),
        Label = Value<string>(item, nameof(ClassActivationMap.Label)),
        Probability = Value<double>(item, nameof(ClassActivationMap.Probability)),
        Logit = Value<double>(item, nameof(ClassActivationMap.Logit)),
        Bias = Value<double>(item, nameof(ClassActivationMap.Bias)),
        Model = Value<string>(item, nameof(ClassActivationMap.Model)),
        Fit = Value<InputFit>(item, nameof(ClassActivationMap.Fit)),
        Method = Value<CamMethod>(item, nameof(ClassActivationMap.Method)),
        Contrast = Value<string>(item, nameof(ClassActivationMap.Contrast)),
        Scale = Value<string>(item, nameof(ClassActivationMap.Scale)),
        Flip = Value<bool>(item, nameof(ClassActivationMap.Flip)),
        Resampling = Value<Resampling>(item, nameof(ClassActivationMap.Resampling)),
        Rows = Value<int>(item, nameof(ClassActivationMap.Rows)),
        Columns = Value<int>(item, nameof(ClassActivationMap.Columns)),
        Minimum = Value<float>(item, nameof(ClassActivationMap.Minimum)),
        Maximum = Value<float>(item, nameof(ClassActivationMap.Maximum)),
        InputWidth = Value<int>(item, nameof(ClassActivationMap.InputWidth)),
        InputHeight = Value<int>(item, nameof(ClassActivationMap.InputHeight)),
        PhotoWidth = Value<int>(item, nameof(ClassActivationMap.PhotoWidth)),
        PhotoHeight = Value<int>(item, nameof(ClassActivationMap.PhotoHeight)),
        Coverage = ToRegion(item.Properties[nameof(ClassActivationMap.Coverage)]?.Value),
        Normalization = Value<HeatmapNormalization>(item, nameof(ClassActivationMap.Normalization)),
        Values = [.. Rows(item).SelectMany(static row => row)],
    });

    private static ClassActivationMap Checked(ClassActivationMap map) => MapCheck.Deviation(map) is not { } deviation
        ? map
        : throw new ArgumentTransformationMetadataException(ShownText.Of(
            $"The map of '{map.Label}' in '{map.Path}' {deviation}; it was changed since it was computed. Compute it again."));

    private static IEnumerable<IEnumerable<float>> Rows(PSObject item) =>
        ((IEnumerable)Unwrapped(item.Properties[nameof(ClassActivationMap.Map)].Value)).Cast<object>()
            .Select(static row => ((IEnumerable)Unwrapped(row)).Cast<object>().Select(static v => LanguagePrimitives.ConvertTo<float>(v)));

    private static object Unwrapped(object value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static PhotoRegion ToRegion(object? value)
    {
        PSObject region = PSObject.AsPSObject(value);
        return new PhotoRegion(
            Value<double>(region, nameof(PhotoRegion.Left)),
            Value<double>(region, nameof(PhotoRegion.Top)),
            Value<double>(region, nameof(PhotoRegion.Width)),
            Value<double>(region, nameof(PhotoRegion.Height)));
    }

    private static T Value<T>(PSObject item, string name) =>
        LanguagePrimitives.ConvertTo<T>(item.Properties[name]?.Value
            ?? throw new ArgumentTransformationMetadataException($"The object lacks the property {name}; serialize it with a depth of 4 or more."));
}
