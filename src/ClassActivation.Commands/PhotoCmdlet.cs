using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>
/// What all cmdlets share that show photos to a network: finding the photos, the network, and how it sees them.
/// </summary>
public abstract class PhotoCmdlet : ParallelCmdlet
{
    private OwnPictures? _ownPictures;

    private protected const string PathSet = "Path";
    private protected const string LiteralPathSet = "LiteralPath";
    private protected const string InputObjectSet = "InputObject";
    private protected const string InputStreamSet = "InputStream";
    private protected const string PredictionSet = "Prediction";

    private readonly List<byte> _singleBytes = [];
    private readonly HashSet<string> _saidOfNetwork = [];
    private Prediction? _askedBefore;

    /// <summary>The photos' paths; wildcards are expanded, unless there is a file of exactly that name.</summary>
    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = PathSet)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [Takes(Taken.Photos)]
    [PhotoPath]
    public string[] Path { get; set; } = [];

    /// <summary>The photos' paths, taken as they are.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath", "LP", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>
    /// A photo in memory: the bytes of a picture file. Piped, they are one photo where they come as one array
    /// (<c>,$bytes</c>) and where they come one by one.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = InputObjectSet)]
    [AllowEmptyCollection]
    [PhotoBytes]
    public byte[] InputObject { get; set; } = [];

    /// <summary>A photo in memory: a stream of the bytes of a picture file, read from where it stands to its end.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = InputStreamSet)]
    [ValidateNotNull]
    public Stream InputStream { get; set; } = Stream.Null;

    /// <summary>The name that a photo from memory goes by.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = InputStreamSet)]
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
    /// How a photo's file becomes pixels. Exact decodes all of them. Fast decodes a JPEG whose shorter side is more than
    /// twice the resolution at a reduced scale, which takes less time and gives other pixels: see the notes.
    /// </summary>
    [Parameter]
    public PhotoDecoding Decoding { get; set; } = PhotoDecoding.Exact;

    /// <summary>
    /// What becomes of what a photo's file says beside its pixels. Upright turns the photo by its orientation and puts
    /// transparent pixels over white. AsStored does as Keras' load_img: the photo lies as it is stored, and transparent pixels
    /// have the colour that is stored for them, in most files black. TIFF files are turned all the same, as there.
    /// </summary>
    [Parameter]
    public PhotoReading Reading { get; set; } = PhotoReading.Upright;

    /// <summary>
    /// Which frames of animated GIF and WebP files, and which pages of TIFF files, are photos: numbers, 1 for the first, or All.
    /// Each frame is shown as a player shows it, with what the frames before it left. Other files have one.
    /// </summary>
    [Parameter]
    [PhotoFrame]
    public string[] Frame { get; set; } = ["1"];

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

    /// <summary>
    /// What computes the network: Cpu, or a device that the loaded build of ONNX Runtime offers, such as Cuda, DirectML or CoreML; the
    /// second one of them is Cuda:1. The module's own build offers the processor alone: about_ClassActivation_Devices says how another
    /// one takes its place. Photos of one size are then computed together, up to 16 at once, and 32 are worked on where
    /// <c>-ThrottleLimit</c> does not say otherwise.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string? Device { get; set; }

    private protected override TaskScheduler Scheduler => InferenceThreads.Instance;

    /// <summary>The network, once a photo needed it.</summary>
    private protected CamModel? LoadedModel { get; private set; }

    /// <summary>How the explainer of the loaded network shows photos.</summary>
    private protected InputSettings ExplainerSettings => new(Fit, Resolution, Resampling) { Decoding = Decoding, Reading = Reading };

    /// <summary>The explainer of the loaded network.</summary>
    private protected PhotoExplainer? Explainer { get; private set; }

    /// <summary>Takes the photos that this pipeline object names.</summary>
    protected override void ProcessRecord()
    {
        if (MyInvocation.ExpectingInput && ParameterSetName == InputObjectSet && InputObject.Length == 1)
        {
            _singleBytes.Add(InputObject[0]);
            return;
        }

        EnqueueSingleBytes();
        IEnumerable<PhotoSource> sources = Sources();
        if (!MyInvocation.ExpectingInput)
        {
            PhotoSource[] all = [.. sources];
            (ExpectedCount, sources) = (all.Length, all);
        }

        _ownPictures ??= new OwnPictures(this);
        foreach (PhotoSource source in sources)
        {
            if (_ownPictures.Takes(source, IsNamed(source)))
            {
                EnqueueFrames(source);
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        EnqueueSingleBytes();
        base.EndProcessing();
        _ownPictures?.Report();
    }

    // A path that was typed, and neither found by a wildcard nor piped in.
    private bool IsNamed(PhotoSource source) => !MyInvocation.ExpectingInput && (ParameterSetName == LiteralPathSet
        || Array.Exists(Path, path => path.EndsWith(source.Name, StringComparison.OrdinalIgnoreCase)));

    /// <summary>The photos that this pipeline object names.</summary>
    private protected virtual IEnumerable<PhotoSource> Sources() => ParameterSetName switch
    {
        InputObjectSet => [PhotoSource.FromMemory(Name, InputObject)],
        InputStreamSet => StreamedPhoto(),
        LiteralPathSet => this.FromLiteralPaths(LiteralPath, WriteErrorInOrder),
        _ => this.FromPaths(Path, WriteErrorInOrder),
    };

    private PhotoSource[] StreamedPhoto()
    {
        try
        {
            using var copy = new MemoryStream();
            InputStream.CopyTo(copy);
            return [PhotoSource.FromMemory(Name, copy.ToArray())];
        }
        catch (Exception e) when (e is IOException or NotSupportedException or ObjectDisposedException or InvalidOperationException)
        {
            WriteErrorInOrder(CamErrors.Stream(e, Name));
            return [];
        }
    }

    // PowerShell takes an array apart when it is piped, and hands over its bytes one by one.
    private void EnqueueSingleBytes()
    {
        if (_singleBytes.Count > 0)
        {
            PhotoSource photo = PhotoSource.FromMemory(Name, [.. _singleBytes]);
            _singleBytes.Clear();
            EnqueueFrames(photo);
        }
    }

    private void EnqueueFrames(PhotoSource file)
    {
        PhotoSource photo = file.WithMaxPixels(MaxPixels).WithReading(Reading);
        foreach (PhotoSource frame in PhotoFrames.Of(photo, PhotoFrameAttribute.NumbersOf(Frame)))
        {
            StopToken.ThrowIfCancellationRequested();
            Enqueue(frame);
        }
    }

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
            InputSettings settings = ExplainerSettings;
            if (!Models.IsLoaded(Model))
            {
                // While the network is loaded the first photo is read: it is wanted next.
                PhotoExplainer.Prefetch(source, settings);
            }

            if (PhotoReadAhead.Current is { } readAhead)
            {
                PhotoExplainer.PrefetchForDrawing(source, settings, readAhead.LongerSideAtLeast);
            }
        }

        EnsureModel();
        Enqueue(source.DisplayPath, work, () => Announce(source));
    }

    /// <summary>
    /// Puts the photo that an object asks about into the pipeline, shown to the network as it was then, but for what a parameter
    /// says otherwise; writes an error where it cannot be.
    /// </summary>
    /// <param name="asked">The object; the first of several that ask alike.</param>
    /// <param name="prepare">
    /// Says with the network and the question what is to be found out about the photo; null where that cannot be, and was said.
    /// </param>
    private protected void EnqueueAsked(
        Prediction asked, Func<CamModel, CamQuestion, Func<PhotoExplainer, PhotoSource, IEnumerable<object>>?> prepare)
    {
        if (LoadedModel is null && !IsGiven(nameof(Model)))
        {
            Model = asked.Model;
        }

        EnsureModel();
        CamModel model = LoadedModel!;
        if (asked.Model != model.Name || (asked.ModelHash.Length > 0 && model.Hash.Length > 0 && asked.ModelHash != model.Hash))
        {
            WriteError(CamErrors.PredictionOfOtherNetwork(asked, model));
            return;
        }

        CamQuestion question = Overruled(asked.Question);
        if (prepare(model, question) is not { } explain)
        {
            return;
        }

        PhotoExplainer explainer = question.Input == ExplainerSettings ? Explainer! : new PhotoExplainer(model, question.Input);
        try
        {
            PhotoSource photo = MapPhoto.Find(asked.Source, asked.Photo, question.Reading, IsGiven(nameof(MaxPixels)) ? MaxPixels : null);
            Enqueue(photo, () =>
            {
                photo.CheckUnchanged();
                return explain(explainer, photo);
            });
        }
        catch (PictureException e)
        {
            WriteError(CamErrors.Picture(e));
        }
    }

    // What the network cannot do with any photo is no photo's fault, and is said once.
    private protected override void OnError(ErrorRecord error)
    {
        if (error.Exception is not ModelException
            {
                Failure: ModelFailure.NoAttention or ModelFailure.NoGradient or ModelFailure.NotLinearHead or ModelFailure.NoSuchLayer
                    or ModelFailure.NotDualOutput or ModelFailure.WrongLabels
            } failure)
        {
            base.OnError(error);
            return;
        }

        ErrorRecord ofNetwork = CamErrors.Model(failure, LoadedModel!.Name);
        if (ParameterSetName != PredictionSet)
        {
            ThrowTerminatingError(ofNetwork);
        }

        // Each object has a question of its own, which the network may be able to answer.
        if (_saidOfNetwork.Add(failure.Message))
        {
            WriteError(ofNetwork);
        }
    }

    /// <summary>Whether an object asks about another photo, or one that was shown otherwise, than the one before it.</summary>
    private protected bool IsOtherPhoto(Prediction asked)
    {
        Prediction? before = _askedBefore;
        _askedBefore = asked;
        return before is null || before.Photo != asked.Photo || before.Question.Input != asked.Question.Input
            || (before.Model, before.ModelHash) != (asked.Model, asked.ModelHash)
            || (before.Photo.IsFromMemory && !ReferenceEquals(before.Source, asked.Source));
    }

    /// <summary>Whether the user gave a parameter.</summary>
    private protected bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    // What a user names goes before what the object says.
    private CamQuestion Overruled(CamQuestion question) => question with
    {
        Fit = IsGiven(nameof(Fit)) ? Fit : question.Fit,
        Resolution = IsGiven(nameof(Resolution)) ? Resolution : question.Resolution,
        Resampling = IsGiven(nameof(Resampling)) ? Resampling : question.Resampling,
        Decoding = IsGiven(nameof(Decoding)) ? Decoding : question.Decoding,
        Reading = IsGiven(nameof(Reading)) ? Reading : question.Reading,
    };

    // What was found in the file when it was decoded, and is no error.
    private void Announce(PhotoSource photo)
    {
        if (photo.LacksEnd)
        {
            WriteWarning(ShownText.Of(
                $"'{photo.DisplayPath}' lacks its end, but all its pixels are there: it may have been cut off by a few bytes."
                + " Save it anew."));
        }

        if (photo.FrameCount > 1 && PhotoFrameAttribute.NumbersOf(Frame).Length > 0)
        {
            WriteVerbose(ShownText.Of(
                $"'{photo.DisplayPath}' has {photo.FrameCount:N0} frames, of which number {photo.Frame} is shown; -Frame All shows all."));
        }
    }

    /// <summary>Loads the network, and checks what the user asked for against it, at the first call.</summary>
    private protected void EnsureModel()
    {
        if (LoadedModel is not null)
        {
            return;
        }

        long start = Stopwatch.GetTimestamp();
        if (Isolated && Device is not null && !Device.Equals(ComputeDevice.Cpu.Name, StringComparison.OrdinalIgnoreCase))
        {
            ThrowTerminatingError(CamErrors.IsolatedDevice());
        }

        LoadedModel = LoadModel(Model, Isolated, Device);
        if (!IsGiven(nameof(ThrottleLimit)))
        {
            ThrottleLimit = Math.Max(ThrottleLimit, LoadedModel.Device.PhotosAtOnce);
        }

        WriteVerbose(string.Create(
            CultureInfo.CurrentCulture,
            $"{LoadedModel.Name} ({LoadedModel.Info.Precision}) was ready in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:N0} ms; "
            + $"{LoadedModel.Device}, one thread a photo, {ThrottleLimit} photos at once; {Fit} at {Resolution} pixels, {Resampling} resampling."));
        if (LoadedModel.Info.IsFixedSize && IsGiven(nameof(Resolution)) && Resolution != LoadedModel.Info.Resolution)
        {
            WriteWarning(string.Create(
                CultureInfo.InvariantCulture,
                $"{LoadedModel.Name} takes photos of {LoadedModel.Info.Resolution}×{LoadedModel.Info.Resolution} pixels alone; -Resolution {Resolution} has no effect."));
        }

        Explainer = new PhotoExplainer(LoadedModel, ExplainerSettings);
        OnModelLoaded(LoadedModel);
    }
}
