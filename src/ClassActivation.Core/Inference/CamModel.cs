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
    private volatile bool _isHeadChecked;

    private CamModel(CamModelInfo info, INetworkRunner runner, Classifier? classifier, INetworkHead head, ClassTable classes)
    {
        Info = info;
        _runner = runner;
        _classifier = classifier;
        Head = head;
        Classes = classes;
    }

    /// <summary>What the file says of the network.</summary>
    public CamModelInfo Info { get; }

    /// <summary>The network's name.</summary>
    public string Name => Info.Name;

    /// <summary>The network's hash.</summary>
    public string Hash => Info.Hash;

    /// <summary>The weights and biases that turn pooled feature maps into logits.</summary>
    /// <exception cref="ModelException">The network's head is not linear, see <see cref="CamModelInfo.IsLinear"/>.</exception>
    public Classifier Classifier => _classifier ?? throw new ModelException(
        ModelFailure.NotLinearHead,
        $"The network '{Name}' does not end in global average pooling and one linear layer, so that its classes have no weights; of the methods, ReciproCam goes without them.");

    /// <summary>The end of the network.</summary>
    internal INetworkHead Head { get; }

    /// <summary>The classes in the order of the predictions.</summary>
    public ClassTable Classes { get; }

    /// <summary>Why the network is slower on this processor than it could be, in one sentence; null where it is not.</summary>
    public string? SpeedNote => Info.IsQuantized && Info.WeightBits == 8 && ByteArithmetic.Overflows
        ? $"This processor has no VNNI instructions, so that '{Name}' is computed with exact but slower sums; a copy with weights of 7 bits is faster here."
        : null;

    /// <summary>Loads a network.</summary>
    /// <param name="path">The full path of an ONNX file with the inputs, outputs and initializers named here.</param>
    /// <exception cref="ModelException">The file is missing, unreadable, or not such a network.</exception>
    /// <exception cref="NativeLibraryException">The runtime cannot be loaded.</exception>
    public static CamModel Load(string path) => Load(path, OptimizedNetworkCache.OfUser);

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
        if (!info.IsLinear)
        {
            throw new ModelException(
                ModelFailure.NotLinearHead,
                $"The network '{info.Name}' does not end in global average pooling and one linear layer; only networks that do can run in a process of their own.");
        }

        try
        {
            var classifier = new Classifier(ReadFinite(file, ClassifierWeightName), ReadFinite(file, ClassifierBiasName));
            ClassTable classes = info.ReadClasses();
            return new CamModel(info, IsolatedNetwork.Open(path, info.Name, isolation), classifier, new ClassifierHead(classifier), classes);
        }
        catch (Exception e) when (e is FileNotFoundException or InvalidDataException)
        {
            throw new ModelException(ModelFailure.Unreadable, e.Message, e);
        }
    }

    /// <summary>Loads a network by way of a certain cache.</summary>
    internal static CamModel Load(string path, OptimizedNetworkCache cache)
    {
        // The runtime's library takes a while to load: meanwhile the network's files are read.
        Task<OrtEnv> runtime = Task.Run(static () => InferenceRuntime.Environment);
        try
        {
            return Load(path, cache, runtime);
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
                $"The network '{path}' cannot be loaded: its file is damaged, or its operators are none that this version of the module knows. Make it again.",
                e);
        }
        finally
        {
            // Also where there is no network: a process that ends while the library is starting may crash.
            runtime.GetAwaiter().GetResult();
        }
    }

    private static CamModel Load(string path, OptimizedNetworkCache cache, Task<OrtEnv> runtime)
    {
        OnnxModelFile file = CamModelFile.Open(path);
        // The runtime has no words for a file that may not be read.
        foreach (string weights in file.DataFiles)
        {
            File.OpenHandle(weights).Dispose();
        }

        var info = new CamModelInfo(file) { IsLoaded = true };
        // The runtime reads the network while the classifier is read from the same file.
        Task<InferenceSession> opening = Task.Run(() => cache.Open(file, runtime, () => CreateOptions(info)));
        Classifier? classifier = null;
        ClassTable? classes = null;
        try
        {
            classifier = !info.IsLinear ? null : new Classifier(ReadFinite(file, ClassifierWeightName), ReadFinite(file, ClassifierBiasName));
            classes = info.ReadClasses();
        }
        finally
        {
            InferenceSession session = opening.GetAwaiter().GetResult();
            if (classes is null)
            {
                session.Dispose();
            }
        }

        INetworkHead head = classifier is null ? new GeneralHead(file, info, () => CreateOptions(info)) : new ClassifierHead(classifier);
        return new CamModel(info, new NetworkSession(info.Name, opening.Result), classifier, head, classes);
    }

    /// <summary>Runs the network on one photo.</summary>
    /// <param name="input">The photo as the network sees it.</param>
    /// <param name="cancellationToken">Ends the run between two of the network's nodes.</param>
    /// <exception cref="ModelException">
    /// The runtime refused the input, the network gave what no dual-output network gives, or its head is not a linear one.
    /// </exception>
    /// <exception cref="InsufficientMemoryException">There is not enough memory for the run.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public ForwardPass Run(NetworkInput input, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        IDisposableReadOnlyCollection<OrtValue> outputs = _runner.Run(input, Info.IsLinear ? OutputNames : GeneralOutputNames, cancellationToken);
        try
        {
            ForwardPass pass = ForwardPass.Create(Name, outputs, Head, _classifier);
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
    public void Dispose()
    {
        Head.Dispose();
        _runner.Dispose();
    }

    /// <summary>What runs the network.</summary>
    internal INetworkRunner Runner => _runner;

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
                $"The network '{Name}' gives values that are not finite numbers for an input of {input.Width}×{input.Height} pixels; there is no map of them. Its weights may be damaged.");
        }
    }

    private static float[] ReadFinite(OnnxModelFile file, string name)
    {
        float[] values = file.ReadInitializer(name).Data;
        return FloatSpans.AreFinite(values) ? values : throw new InvalidDataException(
            $"The tensor '{name}' of the network '{file.FilePath}' holds values that are not finite numbers; the file is damaged. Make the network again.");
    }

    private static SessionOptions CreateOptions(CamModelInfo info)
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

        return options;
    }
}
