using System.Text.Json.Serialization;
using ClassActivation.Drawing;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Batch;

/// <summary>What a batch computes: the same for all its photos and on all machines.</summary>
public sealed record BatchDescription
{
    /// <summary>The version of the format that this module writes.</summary>
    public const int CurrentFormat = 2;

    /// <summary>The version of the batch's format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The network: a name, or the full path of its file.</summary>
    public required string Model { get; init; }

    /// <summary>The network's hash (<see cref="CamModelInfo.Hash"/>): no other network is asked.</summary>
    public required string ModelHash { get; init; }

    /// <summary>What of a photo the network sees.</summary>
    public InputFit Fit { get; init; } = InputFit.FullFrame;

    /// <summary>The side in pixels that the fit aims at.</summary>
    public int Resolution { get; init; } = 224;

    /// <summary>The filter that resizes a photo.</summary>
    public Resampling Resampling { get; init; } = Resampling.Bilinear;

    /// <summary>How a photo's file becomes pixels.</summary>
    public PhotoDecoding Decoding { get; init; } = PhotoDecoding.Exact;

    // What format 1 did not have is set and not initialised: its absence leaves the defaults.

    /// <summary>What becomes of the orientation and the transparency that a photo's file states.</summary>
    public PhotoReading Reading { get; set; } = PhotoReading.Upright;

    /// <summary>Which frames of a photo's file are asked about, 1 for the first; none for all.</summary>
    public int[] Frames { get; set; } = [1];

    /// <summary>The most pixels that a photo may have.</summary>
    public long MaxPixels { get; init; } = PhotoSource.DefaultMaxPixels;

    /// <summary>The classes to map, by index.</summary>
    public int[] Classes { get; init; } = [];

    /// <summary>The concepts to map, by WordNet id.</summary>
    public string[] Concepts { get; init; } = [];

    /// <summary>The photo whose likeness is explained in place of classes; null for classes and concepts.</summary>
    public BatchLikeness? SimilarTo { get; set; }

    /// <summary>How many of the most probable classes to map where neither class nor concept is named.</summary>
    public int Top { get; init; } = 1;

    /// <summary>How the maps are made.</summary>
    public CamMethod[] Methods { get; init; } = [CamMethod.Cam];

    /// <summary>The layers that maps are made of; none for the network's own last one.</summary>
    public string[] Layers { get; set; } = [];

    /// <summary>The most steps of <see cref="CamMethod.IntegratedGradients"/>.</summary>
    public int MaxStep { get; set; } = IntegratedGradientsMethod.DefaultMostSteps;

    /// <summary>How the methods that cover parts of a photo do so.</summary>
    public MaskingSettings Masking { get; set; } = new();

    /// <summary>What the targets are set against; null for nothing.</summary>
    public BatchContrast? Contrast { get; init; }

    /// <summary>The scales that a map is averaged over.</summary>
    public double[] Scales { get; init; } = [1];

    /// <summary>Whether the photo's mirror image is shown, too.</summary>
    public bool Flip { get; init; }

    /// <summary>What is kept.</summary>
    public BatchOutputs Outputs { get; init; } = BatchOutputs.Rows | BatchOutputs.Maps;

    /// <summary>The file format of the rows.</summary>
    public BatchRowFormat RowFormat { get; init; }

    /// <summary>The look of the pictures.</summary>
    public OverlayStyle Style { get; init; }

    /// <summary>The pictures' colours; null for the style's.</summary>
    public string? Colormap { get; init; }

    /// <summary>The pictures' file format.</summary>
    public PictureFormat PictureFormat { get; init; }

    /// <summary>The quality of JPEG and WebP, 1 to 100.</summary>
    public int Quality { get; init; } = PhotoEncoder.DefaultQuality;

    /// <summary>The longest side in pixels of a picture; null for the photo's own.</summary>
    public int? MaxSize { get; init; }

    /// <summary>The most photos in a shard.</summary>
    public int ShardSize { get; init; } = 10_000;

    /// <summary>The number of shards, which are numbered from 0.</summary>
    public int ShardCount { get; init; }

    /// <summary>The number of photos.</summary>
    public long PhotoCount { get; init; }

    /// <summary>The module's version that described the batch.</summary>
    public string ModuleVersion { get; init; } = ComputedBy.ModuleVersion;

    /// <summary>The version of ONNX Runtime that the batch was described with.</summary>
    public string RuntimeVersion { get; init; } = ComputedBy.RuntimeVersion;

    /// <summary>How photos become the network's input.</summary>
    [JsonIgnore]
    internal InputSettings Input => new(Fit, Resolution, Resampling) { Decoding = Decoding, Reading = Reading };

    /// <summary>The number of photos in a shard.</summary>
    /// <param name="shard">The shard's number.</param>
    public int PhotosOf(int shard) => (int)Math.Min(ShardSize, PhotoCount - ((long)shard * ShardSize));

    /// <summary>What is asked about each photo.</summary>
    /// <param name="classes">The network's classes.</param>
    /// <param name="similarTo">The photo of <see cref="SimilarTo"/>, where there is one.</param>
    public MapRequest ToRequest(ClassTable classes, PhotoSource? similarTo = null)
    {
        ArgumentNullException.ThrowIfNull(classes);
        return new MapRequest
        {
            ClassIndexes = Classes,
            Concepts = Find(Concepts),
            SimilarTo = similarTo,
            Top = Top,
            Methods = Methods,
            Layers = Layers,
            MaxStep = MaxStep,
            Masking = Masking,
            Contrast = Contrast is null
                ? null
                : new ClassContrast(Contrast.Classes, Contrast.Strength) { Concepts = Find(Contrast.Concepts) },
            Scales = Scales,
            Flip = Flip,
        };

        Concept[] Find(IReadOnlyList<string> ids) => [.. ids.Select(id => classes.Concepts.Find(id)[0])];
    }

    /// <summary>How maps of one kind are drawn.</summary>
    /// <param name="normalization">The maps' own normalisation.</param>
    internal OverlayOptions Look(HeatmapNormalization normalization)
    {
        OverlayOptions look = OverlayOptions.Of(Style, normalization);
        return Colormap is null ? look : look with { Colormap = Drawing.Colormap.Get(Colormap) };
    }
}

/// <summary>The photo whose likeness a batch explains.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Hash">The SHA-256 of its bytes (<see cref="PhotoSource.HashContent"/>): no other photo is compared with.</param>
public sealed record BatchLikeness(string Path, string Hash);

/// <summary>What the targets of a batch are set against.</summary>
/// <param name="Classes">Classes, by index; the most probable others where neither these nor concepts are named.</param>
/// <param name="Concepts">Concepts, by WordNet id.</param>
/// <param name="Strength">How much they count.</param>
public sealed record BatchContrast(int[] Classes, string[] Concepts, double Strength);
