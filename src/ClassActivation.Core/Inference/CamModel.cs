using ClassActivation.Isolation;
using ClassActivation.Networks;
using ClassActivation.Onnx;
using ClassActivation.Photos;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Inference;

/// <summary>A dual-output network in memory: its session, its classifier and its classes. Safe for use by many threads.</summary>
public sealed class CamModel : IDisposable
{
    /// <summary>The network's input: uint8, 1 × height × width × 3, RGB.</summary>
    public const string InputName = NetworkContract.Image;

    /// <summary>The last feature maps: float32, 1 × K × rows × columns.</summary>
    public const string ActivationsName = NetworkContract.Activations;

    /// <summary>The class probabilities: float32, 1 × C.</summary>
    public const string PredictionsName = NetworkContract.Predictions;

    /// <summary>The name of the initializer that holds the classifier's weights, K × C.</summary>
    public const string ClassifierWeightName = NetworkContract.ClassifierWeight;

    /// <summary>The name of the initializer that holds the classifier's biases, C.</summary>
    public const string ClassifierBiasName = NetworkContract.ClassifierBias;

    private static readonly string[] OutputNames = [ActivationsName, PredictionsName];

    private static readonly string[] GeneralOutputNames = [ActivationsName, PredictionsName, NetworkContract.Logits];

    private readonly INetworkRunner _runner;
    private readonly Classifier? _classifier;
    private readonly Lazy<NetworkLayers> _layers;
    private volatile bool _isHeadChecked;

    private CamModel(
        CamModelInfo info, INetworkRunner runner, Classifier? classifier, ClassTable classes, OnnxModelFile file, ComputeDevice device)
    {
        Info = info;
        Device = device;
        _runner = runner;
        _classifier = classifier;
        _layers = new Lazy<NetworkLayers>(() => new NetworkLayers(file, info));
        Classes = classes;
    }

    /// <summary>What the file says of the network.</summary>
    public CamModelInfo Info { get; }

    /// <summary>What computes it.</summary>
    public ComputeDevice Device { get; }

    /// <summary>The network's name.</summary>
    public string Name => Info.Name;

    /// <summary>The network's hash.</summary>
    public string Hash => Info.Hash;

    /// <summary>The weights and biases that turn pooled feature maps into logits.</summary>
    /// <exception cref="ModelException">The network's head is not linear, see <see cref="CamModelInfo.IsLinear"/>.</exception>
    public Classifier Classifier => _classifier ?? throw new ModelException(
        ModelFailure.NotLinearHead,
        $"The network '{Name}' does not end in global average pooling and one linear layer, so that its classes have no weights, which "
        + "Cam needs; of the other methods, HiResCam is the nearest.");

    /// <summary>The layers that maps can be made of.</summary>
    internal NetworkLayers Layers => _layers.Value;

    /// <summary>The classes in the order of the predictions.</summary>
    public ClassTable Classes { get; }

    /// <summary>Why the network is slower on this processor than it could be, in one sentence; null where it is not.</summary>
    public string? SpeedNote => Info.IsQuantized && Info.WeightBits == 8 && ByteArithmetic.Overflows
        ? $"This processor has no VNNI instructions, so that '{Name}' is computed with exact but slower sums; a copy with weights"
            + " of 7 bits is faster here."
        : null;

    /// <summary>Loads a network.</summary>
    /// <param name="path">The full path of an ONNX file with the inputs, outputs and initializers named here.</param>
    /// <exception cref="ModelException">The file is missing, unreadable, or not such a network.</exception>
    /// <exception cref="NativeLibraryException">The runtime cannot be loaded.</exception>
    public static CamModel Load(string path) => Load(path, ComputeDevice.Cpu);

    /// <summary>Loads a network that a device computes.</summary>
    /// <param name="path">The full path of an ONNX file with the inputs, outputs and initializers named here.</param>
    /// <param name="device">The device.</param>
    /// <exception cref="ModelException">The file is missing, unreadable, or not such a network, or the device cannot be used.</exception>
    /// <exception cref="NativeLibraryException">The runtime cannot be loaded.</exception>
    public static CamModel Load(string path, ComputeDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        // What is optimised for a device is not written down: it is made for that one, and not for all that are called so.
        return Load(path, device.IsCpu ? OptimizedNetworkCache.OfUser : new OptimizedNetworkCache(null), device);
    }

    /// <summary>
    /// Loads a network that runs in a process of its own: a file from a stranger, which may take all time and memory or end the
    /// process that runs it. What it gives is the same, bit for bit.
    /// </summary>
    /// <param name="path">The full path of an ONNX file with the inputs, outputs and initializers named here.</param>
    /// <param name="isolation">How that process is started, and what it may use.</param>
    /// <exception cref="ModelException">The file is missing, unreadable, not such a network, or ended that process.</exception>
    public static CamModel Load(string path, IsolationOptions isolation)
    {
        ArgumentNullException.ThrowIfNull(isolation);
        OnnxModelFile file = CamModelFile.Open(path);
        var info = new CamModelInfo(file) { IsLoaded = true };
        try
        {
            Classifier? classifier = ReadClassifier(file, info);
            ClassTable classes = info.ReadClasses();
            return new CamModel(info, IsolatedNetwork.Open(info, isolation), classifier, classes, file, ComputeDevice.Cpu);
        }
        catch (Exception e) when (e is FileNotFoundException or InvalidDataException)
        {
            throw new ModelException(ModelFailure.Unreadable, e.Message, e);
        }
    }

    /// <summary>Loads a network by way of a certain cache.</summary>
    internal static CamModel Load(string path, OptimizedNetworkCache cache) => Load(path, cache, ComputeDevice.Cpu);

    private static CamModel Load(string path, OptimizedNetworkCache cache, ComputeDevice device)
    {
        // The runtime's library takes a while to load: meanwhile the network's files are read.
        Task<OrtEnv> runtime = Task.Run(static () => InferenceRuntime.Environment);
        try
        {
            return Load(path, cache, device, runtime);
        }
        catch (Exception e) when (e is FileNotFoundException or InvalidDataException)
        {
            throw new ModelException(ModelFailure.Unreadable, e.Message, e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw CamModelFile.AccessDenied(path, e);
        }
        catch (Exception e) when (e is OnnxRuntimeException or IOException)
        {
            throw new ModelException(
                ModelFailure.Unreadable,
                $"The network '{path}' cannot be loaded: its file is damaged, or its operators are none that this"
                + " version of the module knows.",
                e);
        }
        finally
        {
            // Also where there is no network: a process that ends while the library is starting may crash.
            runtime.GetAwaiter().GetResult();
        }
    }

    private static CamModel Load(string path, OptimizedNetworkCache cache, ComputeDevice device, Task<OrtEnv> runtime)
    {
        OnnxModelFile file = CamModelFile.Open(path);
        // The runtime has no words for a file that may not be read.
        foreach (string weights in file.DataFiles)
        {
            File.OpenHandle(weights).Dispose();
        }

        var info = new CamModelInfo(file) { IsLoaded = true };
        // The runtime reads the network while the classifier is read from the same file.
        Task<(InferenceSession Session, IReadOnlyList<string> Kept)> opening = Task.Run(() => Open(file, info, cache, device, runtime));
        Classifier? classifier = null;
        ClassTable? classes = null;
        try
        {
            classifier = ReadClassifier(file, info);
            classes = info.ReadClasses();
        }
        finally
        {
            InferenceSession session = opening.GetAwaiter().GetResult().Session;
            if (classes is null)
            {
                session.Dispose();
            }
        }

        var network = new NetworkSession(file, info, opening.Result.Session, opening.Result.Kept, cache, () => CreateOptions(info, device));
        INetworkRunner runner = device.IsCpu ? network : new DeviceNetwork(network, info.TakesBatches ? device.BatchSize : 1);
        return new CamModel(info, runner, classifier, classes, file, device);
    }

    /// <summary>
    /// Opens the network. Where its maps are made of a gradient, the same session gives what that takes: another one would hold all
    /// weights once more.
    /// </summary>
    private static (InferenceSession Session, IReadOnlyList<string> Kept) Open(
        OnnxModelFile file, CamModelInfo info, OptimizedNetworkCache cache, ComputeDevice device, Task<OrtEnv> runtime)
    {
        IReadOnlyList<string> kept = device.IsCpu && !info.IsLinear && !info.IsOpaque ? NetworkLayers.ValuesOfTheEnd(file, info) : [];
        if (kept.Count == 0)
        {
            return (cache.Open(file, runtime, () => CreateOptions(info, device)), kept);
        }

        runtime.GetAwaiter().GetResult();
        return (
            cache.Open(
                file, NetworkSession.PartWith(kept), () => NetworkSession.WithOutputs(file, kept), () => CreateOptions(info, device)),
            kept);
    }

    /// <summary>Runs the network on one photo.</summary>
    /// <param name="input">The photo as the network sees it.</param>
    /// <param name="cancellationToken">Ends the run between two of the network's nodes.</param>
    /// <exception cref="ModelException">
    /// The runtime refused the input, the network gave what no dual-output network gives, or its head is not a linear one.
    /// </exception>
    /// <exception cref="InsufficientMemoryException">There is not enough memory for the run.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public ForwardPass Run(NetworkInput input, CancellationToken cancellationToken = default) => Run(input, [], cancellationToken);

    /// <summary>Runs the network on one photo, and keeps what the ends behind some layers need.</summary>
    internal ForwardPass Run(NetworkInput input, IReadOnlyList<NetworkTail> tails, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        IReadOnlyList<string> names = Info.IsLinear ? OutputNames : GeneralOutputNames;
        if (tails.Count > 0)
        {
            names = [.. names.Concat(tails.SelectMany(tail => tail.Inputs.Concat(SavedOf(tail)))).Distinct(StringComparer.Ordinal)];
        }

        IDisposableReadOnlyCollection<OrtValue> outputs = _runner.Run(input, names, cancellationToken);
        try
        {
            ForwardPass pass = ForwardPass.Create(Info, outputs, names, _classifier);
            CheckFinite(pass, input);
            CheckHead(pass);
            return pass;
        }
        catch
        {
            outputs.Dispose();
            throw;
        }
    }

    /// <summary>Frees the session, or ends the process that it is in.</summary>
    public void Dispose() => _runner.Dispose();

    /// <summary>What runs the network.</summary>
    internal INetworkRunner Runner => _runner;

    /// <summary>What the network gave at a layer.</summary>
    /// <exception cref="ModelException">It has no feature maps there.</exception>
    internal LayerPass At(NetworkTail tail, ForwardPass pass, NetworkInput input)
    {
        TensorValues[] values = [.. tail.Inputs.Select(name => pass.Value(name, Name))];
        FeatureLayout layout = FeatureLayout.Of(values[0].Dims, (double)input.Width / input.Height) ?? throw new ModelException(
            ModelFailure.NoSuchLayer,
            $"The layer '{tail.Layer}' of the network '{Name}' gives {string.Join('×', values[0].Dims)} numbers, no feature maps.");
        return new LayerPass(_runner, tail, values, [.. SavedOf(tail).Select(pass.Native)], layout);
    }

    // From a device and back, they take longer than they save.
    private IReadOnlyList<string> SavedOf(NetworkTail tail) => Device.IsCpu ? tail.Saved : [];

    private void CheckHead(ForwardPass pass)
    {
        if (_isHeadChecked || _classifier is null)
        {
            return;
        }

        LinearHead.Check(Name, _classifier, pass, Info.Activation);
        _isHeadChecked = true;
    }

    private void CheckFinite(ForwardPass pass, NetworkInput input)
    {
        if (!FloatSpans.AreFinite(pass.Activations) || !FloatSpans.AreFinite(pass.Probabilities))
        {
            throw new ModelException(
                ModelFailure.NotFinite,
                $"The network '{Name}' gives values that are not finite numbers for an input of {input.Width}×{input.Height} pixels; there"
                + " is no map of them. Its weights may be damaged.");
        }
    }

    private static Classifier? ReadClassifier(OnnxModelFile file, CamModelInfo info) => !info.IsLinear
        ? null
        : new Classifier(ReadFinite(file, ClassifierWeightName), ReadFinite(file, ClassifierBiasName));

    private static float[] ReadFinite(OnnxModelFile file, string name)
    {
        float[] values = file.ReadInitializer(name).Data;
        return FloatSpans.AreFinite(values) ? values : throw new InvalidDataException(
            $"The tensor '{name}' of the network '{file.FilePath}' holds values that are not finite numbers; the file is damaged.");
    }

    private static SessionOptions CreateOptions(CamModelInfo info, ComputeDevice device)
    {
        // Photos run side by side, so one photo gets one thread: two in flight beat two threads on one.
        var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            // Patterns are kept for each input size, and photos have many: a run is as fast without them, in less memory.
            EnableMemoryPattern = false,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        // The runtime reads the format that was checked, whatever the file's name and its first bytes say.
        options.AddSessionConfigEntry("session.load_model_format", "ONNX");
        if (info.IsQuantized && ByteArithmetic.Overflows)
        {
            // Slower kernels with exact sums; weights of 7 bits keep the fast ones.
            options.AddSessionConfigEntry("session.x64quantprecision", "1");
        }

        try
        {
            device.Configure(options);
            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }
}
