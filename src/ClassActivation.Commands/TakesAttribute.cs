using System.Management.Automation;
using ClassActivation.Identity;

namespace ClassActivation.Commands;

/// <summary>What a parameter takes.</summary>
internal enum Taken
{
    Maps,
    MapsOrRegions,
    Regions,
    Boxes,
    Photos,
    PhotoFiles,
    Pictures,
    FilesToImport,
    Networks,
    NetworkFiles,
    ClassNames,
    Batches,
    Evidence,
    Results,
}

/// <summary>
/// Refuses what a parameter does not take in one clear error, which names the object and says what to give: PowerShell would
/// make a path of its text, or say that it cannot be bound.
/// </summary>
/// <param name="taken">What the parameter takes.</param>
internal sealed class TakesAttribute(Taken taken) : ArgumentTransformationAttribute
{
    private const string Explained = "Get-ClassActivationMap belongs between: ... | Get-ClassActivationMap | ...";
    private const string ExplainedAndFound =
        "Get-ClassActivationMap and Get-CamRegion belong between: ... | Get-ClassActivationMap | Get-CamRegion | ...";
    private const string Found = "Get-CamRegion belongs between: ... | Get-CamRegion | ...";
    private const string MapOfRegion = "Give the map that it was found in: ... | ForEach-Object ActivationMap | ...";
    private const string Received = "Receive-CamBatch gives its maps and predictions.";
    private const string Drawn = "Export-CamOverlay draws pictures, and Get-CamPicture reads these: ... | Export-CamOverlay <folder> | ...";

    private static readonly GivenKind[] OfPhotos =
    [
        GivenKind.Prediction, GivenKind.Map, GivenKind.Comparison, GivenKind.Region, GivenKind.FeatureMap, GivenKind.Faithfulness,
        GivenKind.PhotoLocalization, GivenKind.PhotoTrust, GivenKind.Picture, GivenKind.Box,
    ];

    private static readonly GivenKind[] Paths =
    [
        GivenKind.Nothing, GivenKind.Text, GivenKind.File, GivenKind.Folder, GivenKind.OtherWithPath
    ];

    private static readonly Dictionary<GivenKind, string> OtherThanPhotos = new()
    {
        [GivenKind.Network] = "Name the photo, and the network with -Model.",
        [GivenKind.Layer] = "Name the photo, and the layer with -Layer of Get-ClassActivationMap.",
        [GivenKind.Class] = "Name the photo, and the class with -Class of Get-ClassActivationMap.",
        [GivenKind.Concept] = "Name the photo, and the concept with -Concept.",
        [GivenKind.Batch] = Received,
        [GivenKind.Shard] = Received,
    };

    private static readonly Dictionary<Taken, Taking> Takings = new()
    {
        [Taken.Maps] = new(
            "map", "Give maps of Get-ClassActivationMap or Import-CamMap.", [GivenKind.Nothing, GivenKind.Map, GivenKind.Comparison])
        {
            Advice =
            {
                [GivenKind.Region] = MapOfRegion, [GivenKind.Prediction] = Explained, [GivenKind.Text] = Explained,
                [GivenKind.File] = Explained, [GivenKind.Folder] = Explained,
                [GivenKind.OtherWithPath] = Explained,
                [GivenKind.FeatureMap] = Explained, [GivenKind.Faithfulness] = Explained, [GivenKind.PhotoLocalization] = Explained,
                [GivenKind.PhotoTrust] = Explained,
                [GivenKind.Batch] = Received, [GivenKind.Shard] = Received,
            },
        },
        [Taken.Regions] = new("region", "Give regions of Get-CamRegion.", [GivenKind.Nothing, GivenKind.Region])
        {
            Advice =
            {
                [GivenKind.Map] = Found, [GivenKind.Comparison] = Found, [GivenKind.Prediction] = ExplainedAndFound,
                [GivenKind.Text] = ExplainedAndFound,
                [GivenKind.File] = ExplainedAndFound, [GivenKind.Folder] = ExplainedAndFound, [GivenKind.FeatureMap] = ExplainedAndFound,
                [GivenKind.OtherWithPath] = ExplainedAndFound,
            },
        },
        [Taken.Photos] = new(
            "photo",
            "Give files, bytes or streams of photos, or results about photos.",
            [.. OfPhotos, .. Paths])
        { Advice = OtherThanPhotos },
        [Taken.PhotoFiles] = new(
            "file of a photo",
            "Give files of photos, or results about photos.",
            [.. OfPhotos, .. Paths])
        { Advice = OtherThanPhotos, MustBeFile = true },
        [Taken.Pictures] = new("file of a picture", "Give files: Get-ChildItem <folder> | Get-CamPicture.", [.. Paths, GivenKind.Picture])
        {
            Advice =
            {
                [GivenKind.Prediction] = Drawn, [GivenKind.Map] = Drawn, [GivenKind.Comparison] = Drawn,
                [GivenKind.Region] = Drawn,
            },
        },
        [Taken.FilesToImport] = new(
            "file to import",
            "Give files: Import-CamMap reads those of Export-CamMap and NumPy, Import-CamAnnotation those of COCO, Pascal VOC and YOLO.",
            Paths),
        [Taken.Networks] = new(
            "network", "Give names of networks, networks of Get-CamModel, or results of one.",
            [.. Paths, GivenKind.Prediction, GivenKind.Map, GivenKind.Comparison, GivenKind.Region, GivenKind.FeatureMap,
                GivenKind.Faithfulness, GivenKind.PhotoLocalization,
                GivenKind.Trust, GivenKind.Localization, GivenKind.PhotoTrust, GivenKind.Picture, GivenKind.Network, GivenKind.Batch]),
        [Taken.NetworkFiles] = new(
            "file of a network", "Give files of networks, or networks of Get-CamModel.", [.. Paths, GivenKind.Network]),
        [Taken.ClassNames] = new(
            "name of a class or concept", "Give names, WordNet ids or indexes, or results about a class.",
            [GivenKind.Nothing, GivenKind.Text, GivenKind.Class, GivenKind.Concept, GivenKind.Network, GivenKind.Prediction,
                GivenKind.Map, GivenKind.Comparison, GivenKind.Region,
                GivenKind.Faithfulness, GivenKind.PhotoLocalization, GivenKind.PhotoTrust, GivenKind.Picture])
        {
            Advice = { [GivenKind.Box] = "Give its label: ... | ForEach-Object Label | ..." },
        },
        [Taken.Batches] = new(
            "folder of a batch", "Give batches of Get-CamBatch, or folders that New-CamBatch made.", [.. Paths, GivenKind.Batch]),
        [Taken.Evidence] = new("folder of evidence", "Give folders that Export-CamEvidence made.", [.. Paths, GivenKind.EvidenceCheck]),
        [Taken.Results] = new(
            "result that a report shows", "Give predictions, maps, regions, comparisons, or results of Measure-CamFaithfulness.",
            [GivenKind.Nothing, GivenKind.Prediction, GivenKind.Map, GivenKind.Comparison, GivenKind.Region, GivenKind.Faithfulness]),
    };

    static TakesAttribute()
    {
        Taking maps = Takings[Taken.Maps];
        Takings[Taken.MapsOrRegions] = maps with
        {
            Otherwise = "Give maps of Get-ClassActivationMap or Import-CamMap, or regions of Get-CamRegion.",
            Kinds = [.. maps.Kinds, GivenKind.Region],
        };
        Taking regions = Takings[Taken.Regions];
        Takings[Taken.Boxes] = regions with
        {
            Name = "box",
            Otherwise = "Give regions of Get-CamRegion, or objects with the properties Path, Label, Left, Top, Width and Height.",
            Kinds = [.. regions.Kinds, GivenKind.Box, GivenKind.Other, GivenKind.OtherWithPath],
        };
    }

    /// <summary>Why an object is not taken, and what to give; null where it is.</summary>
    /// <param name="taken">What is taken.</param>
    /// <param name="given">The object.</param>
    public static string? Refusal(Taken taken, object? given)
    {
        Taking taking = Takings[taken];
        GivenObject item = GivenObject.Of(given);
        if (taking.MustBeFile && GivenObject.Unwrapped(given) is PhotoAnswer { Photo.IsFromMemory: true } answer)
        {
            return $"The photo '{answer.Path}' came from memory, and is no file. Save its bytes, and give that file.";
        }

        // A single byte, an index or a bad path is judged by whoever takes it.
        if (taking.Kinds.Contains(item.Kind) || (item.Kind == GivenKind.Other && IsPlain(taken, given)))
        {
            return null;
        }

        string advice = item.Kind == GivenKind.File
            && taken is Taken.Maps or Taken.MapsOrRegions
            && $"{GivenObject.Unwrapped(given)}".EndsWith(".npy", StringComparison.OrdinalIgnoreCase)
            ? "Import-CamMap belongs between: ... | Import-CamMap | ..."
            : taking.Advice.GetValueOrDefault(item.Kind, taking.Otherwise);
        return $"{item.Words} is no {taking.Name}. {advice}";
    }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        Refusal(taken, inputData) is { } refusal ? throw new ArgumentTransformationMetadataException(ShownText.Of(refusal)) : inputData;

    private static bool IsPlain(Taken taken, object? given) => taken switch
    {
        Taken.Maps or Taken.MapsOrRegions or Taken.Regions or Taken.Results => false,
        Taken.Photos => GivenObject.Unwrapped(given) is not PSCustomObject,
        _ => GivenObject.Unwrapped(given) is ValueType,
    };

    /// <summary>What a parameter takes.</summary>
    /// <param name="Name">What an object that is not taken is not.</param>
    /// <param name="Otherwise">What to give, where nothing more fitting is known.</param>
    /// <param name="Kinds">The kinds that are taken.</param>
    private sealed record Taking(string Name, string Otherwise, GivenKind[] Kinds)
    {
        /// <summary>What to give instead of objects of certain kinds.</summary>
        public Dictionary<GivenKind, string> Advice { get; init; } = [];

        /// <summary>Whether results about photos from memory are of no use.</summary>
        public bool MustBeFile { get; init; }
    }
}
