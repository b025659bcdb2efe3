using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using ClassActivation.Batch;
using ClassActivation.Evidence;
using ClassActivation.Faithfulness;
using ClassActivation.Identity;
using ClassActivation.Interchange;
using ClassActivation.Localization;
using ClassActivation.Maps;
using ClassActivation.Networks;

namespace ClassActivation.Commands;

/// <summary>What an object is that is given to a cmdlet.</summary>
internal enum GivenKind
{
    Nothing,
    Text,
    File,
    Folder,
    Prediction,
    Map,
    Comparison,
    Region,
    FeatureMap,
    Faithfulness,
    Localization,
    PhotoLocalization,
    Trust,
    PhotoTrust,
    Picture,
    Network,
    Layer,
    Class,
    Concept,
    Box,
    Batch,
    Shard,
    EvidenceCheck,
    Probe,

    /// <summary>Something else that says where a file is.</summary>
    OtherWithPath,
    Other,
}

/// <summary>What an object is, also after it came through CSV, JSON, CLIXML, a job or remoting.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Words">The same in the words of a message, as the beginning of a sentence.</param>
internal sealed record GivenObject(GivenKind Kind, string Words)
{
    private const string DeserializedPrefix = "Deserialized.";
    private const int LongestText = 60;

    private static readonly (GivenKind Kind, string Words, Type[] Types, string[] Properties)[] Known =
    [
        (GivenKind.Region, "A region of Get-CamRegion", [typeof(CamRegion)], [nameof(CamRegion.PeakX)]),
        (GivenKind.Comparison, "A comparison of Compare-ClassActivationMap", [typeof(CamComparison)],
            [nameof(CamComparison.Correlation), nameof(CamComparison.ReferenceLabel)]),
        (GivenKind.Faithfulness, "A result of Measure-CamFaithfulness", [typeof(CamFaithfulness)],
            [nameof(CamFaithfulness.Deletion), nameof(CamFaithfulness.Insertion)]),
        (GivenKind.Localization, "A summary of Measure-CamFaithfulness", [typeof(CamFaithfulnessSummary)], ["BeatsRandom", "BeatsCenter"]),
        (GivenKind.Localization, "A result of Measure-CamLocalization", [typeof(CamLocalization)], [nameof(CamLocalization.MaxBoxAccV2)]),
        (GivenKind.PhotoLocalization, "A photo's result of Measure-CamLocalization", [typeof(PhotoLocalization)],
            [nameof(PhotoLocalization.BestIoU)]),
        (GivenKind.Trust, "A verdict of Test-CamTrust", [typeof(CamTrust)], [nameof(CamTrust.Verdict), nameof(CamTrust.Reasons)]),
        (GivenKind.Trust, "A part of a verdict of Test-CamTrust", [typeof(TrustComparison), typeof(TrustStage)],
            [nameof(TrustComparison.Baseline), nameof(TrustComparison.Measure)]),
        (GivenKind.PhotoTrust, "A photo's result of Test-CamTrust", [typeof(PhotoTrust)], [nameof(PhotoTrust.ProbabilityOfNothing)]),
        (GivenKind.Picture, "A picture that this module wrote", [typeof(CamPicture)],
            [nameof(CamPicture.MapsHash), nameof(CamPicture.ModuleVersion)]),
        (GivenKind.FeatureMap, "A feature map of Get-FeatureMap", [typeof(FeatureMap)], [nameof(FeatureMap.Map), nameof(FeatureMap.Index)]),
        (GivenKind.Map, "A map of Get-ClassActivationMap", [typeof(ClassActivationMap)],
            [nameof(ClassActivationMap.Map), nameof(CamQuestion.ClassIndex)]),
        (GivenKind.Prediction, "A prediction of Get-Prediction", [typeof(Prediction)],
            [nameof(CamQuestion.ClassIndex), nameof(CamQuestion.Model)]),
        (GivenKind.Box, "A box of Import-CamAnnotation", [typeof(CamAnnotation)],
            [nameof(CamAnnotation.Left), nameof(CamAnnotation.Top), nameof(CamAnnotation.Width), nameof(CamAnnotation.Height)]),
        (GivenKind.Network, "A network of Get-CamModel", [typeof(CamModelInfo)],
            [nameof(CamModelInfo.FeatureCount), nameof(CamModelInfo.Precision)]),
        (GivenKind.Layer, "A layer of Get-CamModelLayer", [typeof(LayerSummary)], [nameof(LayerSummary.OutputShape)]),
        (GivenKind.Class, "A class of Get-CamClass", [typeof(ImageClass)],
            [nameof(ImageClass.Index), nameof(ImageClass.WordNetId), nameof(ImageClass.Label)]),
        (GivenKind.Concept, "A concept of Get-CamConcept", [typeof(Concept)], [nameof(Concept.WordNetId), nameof(Concept.ClassCount)]),
        (GivenKind.Batch, "A batch of Get-CamBatch", [typeof(BatchState)], [nameof(BatchState.DoneShards)]),
        (GivenKind.Shard, "A shard of Invoke-CamBatch", [typeof(BatchShard)], [nameof(BatchShard.Shard), nameof(BatchShard.Answers)]),
        (GivenKind.EvidenceCheck, "A result of Test-CamEvidence", [typeof(EvidenceCheck)], [nameof(EvidenceCheck.FilesAreSame)]),
        (GivenKind.Probe, "A probe of ConvertTo-CamModel", [typeof(PreprocessingProbe)],
            [nameof(PreprocessingProbe.Preprocessing), nameof(PreprocessingProbe.ClassRank)]),
    ];

    private static readonly string[] PathProperties = ["Path", "LiteralPath", "PSPath", "LP", "FullName"];

    /// <summary>What an object is, or the first one of several.</summary>
    public static GivenObject Of(object? given)
    {
        object? first = Unwrapped(given) is IList items ? items.Count > 0 ? items[0] : null : given;
        object? value = Unwrapped(first);
        return value switch
        {
            null => new GivenObject(GivenKind.Nothing, "Nothing"),
            // A file may be called 2024, and a class has a number.
            string or decimal or Enum or Uri => OfText(LanguagePrimitives.ConvertTo<string>(value)),
            _ when value.GetType().IsPrimitive => OfText(LanguagePrimitives.ConvertTo<string>(value)),
            FileInfo file => new GivenObject(GivenKind.File, $"The file '{file.Name}'"),
            DirectoryInfo folder => new GivenObject(GivenKind.Folder, $"The folder '{folder.Name}'"),
            PSCustomObject when first is PSObject row => OfRow(row),
            _ when Array.Find(
                Known,
                known => known.Types.Contains(value.GetType())) is { Words: not null } known => new GivenObject(known.Kind, known.Words),
            _ => new GivenObject(
                HasPath(first!) ? GivenKind.OtherWithPath : GivenKind.Other, $"An object of the type {value.GetType().Name}"),
        };
    }

    /// <summary>An object without what PowerShell wraps around it.</summary>
    [return: NotNullIfNotNull(nameof(item))]
    public static object? Unwrapped(object? item) => item is PSObject wrapped ? wrapped.BaseObject : item;

    /// <summary>Whether PowerShell may take a property of the object for its path.</summary>
    public static bool HasPath(object item) => Array.Exists(PathProperties, name => PSObject.AsPSObject(item).Properties[name] is not null);

    private static GivenObject OfText(string text) =>
        new(GivenKind.Text, $"The text '{(text.Length <= LongestText ? text : text[..LongestText] + "…")}'");

    // What came through CLIXML, a job or remoting has a type that says what it was; rows of CSV and JSON have their columns only.
    private static GivenObject OfRow(PSObject row)
    {
        bool Has(string name) => row.Properties[name] is not null;
        foreach ((GivenKind kind, string words, Type[] types, string[] properties) in Known)
        {
            if (Array.Exists(types, type => row.TypeNames.Contains(DeserializedPrefix + type.FullName))
                || Array.TrueForAll(properties, Has))
            {
                return new GivenObject(kind, words);
            }
        }

        string columns = string.Join(", ", row.Properties.Take(5).Select(static property => property.Name));
        return new GivenObject(
            HasPath(row) ? GivenKind.OtherWithPath : GivenKind.Other,
            columns.Length == 0 ? "An object without properties" : $"An object with the properties {columns}");
    }
}
