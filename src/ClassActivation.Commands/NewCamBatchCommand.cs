using System.Management.Automation;
using ClassActivation.Batch;
using ClassActivation.Drawing;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>
/// Describes what to compute about very many photos, and writes it with lists of the photos into a folder. Nothing is
/// computed: <c>Invoke-CamBatch</c> does that, here or on many machines, and goes on wherever it was stopped.
/// </summary>
[Cmdlet(VerbsCommon.New, "CamBatch", SupportsShouldProcess = true, HelpUri = HelpPages.Address + "New-CamBatch.md")]
[OutputType(typeof(BatchState))]
public sealed class NewCamBatchCommand : BatchCmdlet, IMapQuestion
{
    private BatchListing? _listing;
    private PipelineProgress? _progress;

    /// <summary>Photos, and folders whose photos are meant: the files with the extensions of the formats that are read.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath", "LP")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [Takes(Taken.PhotoFiles)]
    public string[] Path { get; set; } = [];

    /// <summary>The folder of the batch, which must be new or empty. Workers on other machines must be able to read and write it.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string DestinationPath { get; set; } = "";

    /// <summary>Looks into the folders below too.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>The most photos in a shard, the part of the work that is done or not.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int ShardSize { get; set; } = 10_000;

    /// <summary>
    /// What is kept besides the rows: maps, pictures, or both. Rows alone say what was asked, and maps can be computed again
    /// from them.
    /// </summary>
    [Parameter]
    public BatchOutputs Output { get; set; } = BatchOutputs.Rows | BatchOutputs.Maps;

    /// <summary>The file format of the rows.</summary>
    [Parameter]
    public BatchRowFormat RowFormat { get; set; } = BatchRowFormat.Parquet;

    /// <summary>The network: a name that <c>Get-CamModel</c> lists, or the path of an ONNX file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string Model { get; set; } = CamModelStore.DefaultModelName;

    /// <summary>The classes to map: labels, synonyms, WordNet ids or indexes.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ClassCompleter))]
    public string[] Class { get; set; } = [];

    /// <summary>The WordNet concepts to map: names, synonyms or WordNet ids.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ConceptCompleter))]
    public string[] Concept { get; set; } = [];

    /// <summary>
    /// Another photo: why does the network find each of the batch's photos and this one alike? In place of classes and
    /// concepts.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SimilarTo { get; set; }

    /// <summary>How many of the most probable classes to map where neither class nor concept is named.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int Top { get; set; } = 1;

    /// <summary>How to make the maps; several methods give several maps of each class.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public CamMethod[] Method { get; set; } = [CamMethod.Cam];

    /// <summary>
    /// The layers whose feature maps the maps are made of, as <c>Get-CamModelLayer</c> names them; where none is named the
    /// network's last one.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LayerCompleter))]
    public string[] Layer { get; set; } = [];

    /// <summary>The most steps of IntegratedGradients.</summary>
    [Parameter]
    [ValidateRange(1, 65_536)]
    public int MaxStep { get; set; } = IntegratedGradientsMethod.DefaultMostSteps;

    /// <summary>The classes or concepts to set the mapped one against, or Auto for the three most probable others.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContrastCompleter))]
    public string[] Contrast { get; set; } = [];

    /// <summary>How much the classes of <c>-Contrast</c> count.</summary>
    [Parameter]
    [ValidateRange(0.0, 10.0)]
    public double ContrastStrength { get; set; } = ClassContrast.DefaultStrength;

    /// <summary>The side of the square that Occlusion covers, in pixels of the network's input.</summary>
    [Parameter]
    [ValidateRange(1, 4096)]
    public int Window { get; set; } = 32;

    /// <summary>The pixels from one square of Occlusion to the next; half of it takes four times as long.</summary>
    [Parameter]
    [ValidateRange(1, 4096)]
    public int Stride { get; set; } = 16;

    /// <summary>How many random masks Rise shows the network each photo through, each a forward pass; always the same masks.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int MaskCount { get; set; } = 1000;

    /// <summary>What Occlusion and Rise show in place of covered pixels: the photo's mean colour, grey or black.</summary>
    [Parameter]
    public MaskBaseline MaskBaseline { get; set; }

    /// <summary>The resolutions that a map is averaged over, in multiples of <c>-Resolution</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ValidateRange(0.01, 128.0)]
    public double[] Scale { get; set; } = [1];

    /// <summary>Shows the network the photo's mirror image too.</summary>
    [Parameter]
    public SwitchParameter Flip { get; set; }

    /// <summary>What of a photo the network sees.</summary>
    [Parameter]
    public InputFit Fit { get; set; } = InputFit.FullFrame;

    /// <summary>The side in pixels that the network's input is resized to.</summary>
    [Parameter]
    [ValidateRange(InputGeometry.MinResolution, InputGeometry.MaxResolution)]
    public int Resolution { get; set; } = 224;

    /// <summary>The filter that resizes a photo for the network.</summary>
    [Parameter]
    public Resampling Resampling { get; set; } = Resampling.Bilinear;

    /// <summary>How a photo's file becomes pixels.</summary>
    [Parameter]
    public PhotoDecoding Decoding { get; set; } = PhotoDecoding.Exact;

    /// <summary>
    /// What becomes of what a photo's file says beside its pixels: Upright turns it by its orientation, AsStored takes it as it
    /// lies.
    /// </summary>
    [Parameter]
    public PhotoReading Reading { get; set; } = PhotoReading.Upright;

    /// <summary>
    /// Which frames of animated GIF and WebP files, and which pages of TIFF files, are photos: numbers, 1 for the first, or
    /// All.
    /// </summary>
    [Parameter]
    [PhotoFrame]
    public string[] Frame { get; set; } = ["1"];

    /// <summary>The most pixels, width times height, that a photo may have; one with more is refused.</summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    public long MaxPixels { get; set; } = PhotoSource.DefaultMaxPixels;

    /// <summary>The look of the pictures.</summary>
    [Parameter]
    public OverlayStyle Style { get; set; } = OverlayStyle.Notebook;

    /// <summary>The pictures' colours for low to high values; by default the style's.</summary>
    [Parameter]
    [ColormapName]
    [ArgumentCompleter(typeof(ColormapCompleter))]
    public string? Colormap { get; set; }

    /// <summary>The pictures' file format.</summary>
    [Parameter]
    public PictureFormat Format { get; set; } = PictureFormat.Jpeg;

    /// <summary>The quality of JPEG and WebP, 1 to 100.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int Quality { get; set; } = PhotoEncoder.DefaultQuality;

    /// <summary>The longest side in pixels that a photo is drawn at; larger photos are made smaller.</summary>
    [Parameter]
    [ValidateRange(16, 65_500)]
    public int? MaxSize { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        BatchDescription description = Describe();
        string folder = ResolveFilePath(DestinationPath).TrimEnd(System.IO.Path.DirectorySeparatorChar);
        if (!ShouldProcess(folder, "Describe a batch"))
        {
            return;
        }

        try
        {
            _listing = new BatchListing(folder, description);
        }
        catch (BatchException e)
        {
            ThrowTerminatingError(CamErrors.Batch(e));
        }

        _progress = new PipelineProgress(this, "Listing photos");
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (_listing is null)
        {
            return;
        }

        foreach (string path in Path.SelectMany(path => this.FilesOf(path, WriteError)))
        {
            if (!Directory.Exists(path))
            {
                Add(path);
                continue;
            }

            foreach (string photo in PhotoFolder.Photos(path, Recurse, (folder, e) => WriteError(CamErrors.FolderNotListed(e, folder))))
            {
                Add(photo);
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_listing is null)
        {
            return;
        }

        try
        {
            _progress!.Complete();
            WriteObject(BatchState.Of(_listing.Complete(), e => WriteError(CamErrors.Batch(e))));
        }
        catch (BatchException e)
        {
            WriteError(CamErrors.Batch(e));
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _progress?.Release();
        _listing?.Dispose();
    }

    private void Add(string photo)
    {
        if (StopToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }

        try
        {
            _listing!.Add(photo);
        }
        catch (BatchException e)
        {
            ThrowTerminatingError(CamErrors.Batch(e));
        }

        _progress!.Advance(photo);
    }

    private BatchDescription Describe()
    {
        CamModelInfo network = ReadNetwork();
        MapRequest request = new MapQuestionResolver(this, this).Resolve(network, network.ReadClasses(), () => NetworkLayers.Read(network));
        return new BatchDescription
        {
            Model = IsModelPath(Model) ? network.Path : network.Name,
            ModelHash = network.Hash,
            Fit = Fit,
            Resolution = Resolution,
            Resampling = Resampling,
            Decoding = Decoding,
            Reading = Reading,
            Frames = PhotoFrameAttribute.NumbersOf(Frame),
            MaxPixels = MaxPixels,
            Classes = [.. request.ClassIndexes],
            Concepts = [.. request.Concepts.Select(static concept => concept.WordNetId)],
            SimilarTo = request.SimilarTo is { } similar ? new BatchLikeness(similar.DisplayPath, similar.HashContent()) : null,
            Top = Top,
            Methods = [.. request.Methods],
            Layers = [.. request.Layers],
            MaxStep = MaxStep,
            Masking = request.Masking,
            Contrast = request.Contrast is { } contrast
                ? new BatchContrast(
                    [.. contrast.ClassIndexes], [.. contrast.Concepts.Select(static concept => concept.WordNetId)], contrast.Strength)
                : null,
            Scales = Scale,
            Flip = Flip,
            Outputs = Output | BatchOutputs.Rows,
            RowFormat = RowFormat,
            Style = Style,
            Colormap = Colormap,
            PictureFormat = Format,
            Quality = Quality,
            MaxSize = MaxSize,
            ShardSize = ShardSize,
        };
    }

    private CamModelInfo ReadNetwork()
    {
        try
        {
            return Models.Describe(ResolveModel(Model));
        }
        catch (ModelException e)
        {
            ThrowTerminatingError(CamErrors.Model(e, Model));
            throw;
        }
    }
}
