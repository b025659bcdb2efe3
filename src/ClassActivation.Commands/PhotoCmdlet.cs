using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using ClassActivation.Explanation;
using ClassActivation.Imaging;
using ClassActivation.Models;

namespace ClassActivation.Commands;

/// <summary>
/// What all cmdlets share that show photos to a network: finding the photos, the network, and how it sees them.
/// </summary>
public abstract class PhotoCmdlet : ParallelCmdlet
{
    private protected const string PathSet = "Path";
    private protected const string LiteralPathSet = "LiteralPath";
    private protected const string InputObjectSet = "InputObject";

    /// <summary>The photos' paths; wildcards are expanded.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = PathSet)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>The photos' paths, taken as they are.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath", "LP", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>A photo in memory: the bytes of a picture file, or a stream of them.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputObjectSet)]
    [ValidateNotNull]
    public object InputObject { get; set; } = null!;

    /// <summary>The name that a photo from memory goes by.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "photo";

    /// <summary>The network: a name that <c>Get-CamModel</c> lists, or the path of an ONNX file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string Model { get; set; } = CamModelStore.DefaultModelName;

    /// <summary>What of the photo the network sees.</summary>
    [Parameter]
    public InputFit Fit { get; set; } = InputFit.FullFrame;

    /// <summary>The filter that resizes the photo for the network.</summary>
    [Parameter]
    public Resampling Resampling { get; set; } = Resampling.Bilinear;

    /// <summary>The side in pixels that the network's input is resized to; a multiple of 32 fits the feature maps best.</summary>
    [Parameter]
    [ValidateRange(InputGeometry.MinResolution, InputGeometry.MaxResolution)]
    public int Resolution { get; set; } = 224;

    /// <summary>
    /// The most pixels, width times height, that a photo may have; one with more is an error, before memory is taken for
    /// it. The default, 268,435,456, is a square of 16,384: a photo of 200 megapixels passes. Each pixel takes 4 bytes of
    /// memory or more, for as many photos as <c>-ThrottleLimit</c> says.
    /// </summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    public long MaxPixels { get; set; } = PhotoSource.DefaultMaxPixels;

    /// <summary>
    /// Runs the network in a process of its own, which may hold 4 GiB of memory or half of what there is, and work 100 seconds on
    /// a photo. A network from a stranger may need all of both or end the process that runs it: with this switch that is one
    /// error for the photo. What it gives is the same; the first photo takes about a second longer.
    /// </summary>
    [Parameter]
    public SwitchParameter Isolated { get; set; }

    private protected override TaskScheduler Scheduler => OwnThreads.Instance;

    /// <summary>The network, once a photo needed it.</summary>
    private protected CamModel? LoadedModel { get; private set; }

    /// <summary>The explainer of the loaded network.</summary>
    private protected PhotoExplainer? Explainer { get; private set; }

    /// <summary>Takes the photos that this pipeline object names.</summary>
    protected override void ProcessRecord()
    {
        IEnumerable<PhotoSource> sources = Sources().Select(source => source.WithMaxPixels(MaxPixels));
        if (!MyInvocation.ExpectingInput)
        {
            PhotoSource[] all = [.. sources];
            (ExpectedCount, sources) = (all.Length, all);
        }

        foreach (PhotoSource source in sources)
        {
            Enqueue(source);
        }
    }

    /// <summary>The photos that this pipeline object names.</summary>
    private protected virtual IEnumerable<PhotoSource> Sources() =>
        ParameterSetName == InputObjectSet
            ? this.FromMemory(InputObject, Name)
            : ParameterSetName == LiteralPathSet ? this.FromLiteralPaths(LiteralPath, WriteErrorInOrder) : this.FromPaths(Path, WriteErrorInOrder);

    /// <summary>Checks what the user asked for against the network, before the first photo.</summary>
    private protected virtual void OnModelLoaded(CamModel model)
    {
    }

    /// <summary>The objects to write for one photo; runs on a worker thread.</summary>
    private protected abstract IEnumerable<object> Explain(PhotoSource source);

    /// <summary>Puts a photo into the pipeline, and writes what is ready.</summary>
    private protected void Enqueue(PhotoSource source) => Enqueue(source, () => Explain(source));

    /// <summary>Puts a photo and what to ask about it into the pipeline, and writes what is ready.</summary>
    private protected void Enqueue(PhotoSource source, Func<IEnumerable<object>> work)
    {
        if (LoadedModel is null)
        {
            var settings = new InputSettings(Fit, Resolution, Resampling);
            if (!Models.IsLoaded(Model))
            {
                // While the network is loaded the first photo is read: it is wanted next.
                PhotoExplainer.Prefetch(source, settings);
            }

            if (PhotoDemand.Current is { } demand)
            {
                PhotoExplainer.PrefetchForDrawing(source, settings, demand.LongerSideAtLeast);
            }
        }

        EnsureModel();
        Enqueue(source.DisplayPath, work);
    }

    /// <summary>Loads the network, and checks what the user asked for against it, at the first call.</summary>
    private protected void EnsureModel()
    {
        if (LoadedModel is not null)
        {
            return;
        }

        long start = Stopwatch.GetTimestamp();
        LoadedModel = LoadModel(Model, Isolated);
        WriteVerbose(string.Create(
            CultureInfo.CurrentCulture,
            $"{LoadedModel.Name} ({LoadedModel.Info.Precision}) was ready in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:N0} ms; one thread a photo, {ThrottleLimit} photos at once; {Fit} at {Resolution} pixels, {Resampling} resampling."));
        Explainer = new PhotoExplainer(LoadedModel, new InputSettings(Fit, Resolution, Resampling));
        OnModelLoaded(LoadedModel);
    }
}
