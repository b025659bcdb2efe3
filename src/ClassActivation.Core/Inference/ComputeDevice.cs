using System.Globalization;
using System.Text.RegularExpressions;
using ClassActivation.Networks;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Inference;

/// <summary>
/// What computes a network: the processor, or a device that the loaded build of ONNX Runtime has an execution provider for. The
/// build that comes with this library computes on the processor; others are put in its place with the environment variable
/// <see cref="RuntimeVariable"/>.
/// </summary>
/// <param name="Name">The device's name, as ONNX Runtime calls its execution provider: Cpu, Cuda, DirectML, CoreML …</param>
/// <param name="Number">Which of several devices of that name, 0 for the first.</param>
public sealed partial record ComputeDevice(string Name, int Number = 0)
{
    /// <summary>The environment variable that names the folder, or the file, of another build of ONNX Runtime.</summary>
    public const string RuntimeVariable = ChosenRuntime.Variable;

    private const string ProviderEnd = "ExecutionProvider";

    /// <summary>The processor, on which figures are the same to the last digit for all processors of a type.</summary>
    public static ComputeDevice Cpu { get; } = new("Cpu");

    // By the names that people use, where ONNX Runtime has others. What reports to no device computes nothing.
    private static readonly (string Name, string Provider)[] Names =
    [
        ("Cpu", "CPU"), ("Cuda", "CUDA"), ("TensorRT", "Tensorrt"), ("DirectML", "Dml"), ("Xnnpack", "Xnnpack"), ("Qnn", "QNN"),
        ("", "Azure"),
    ];

    /// <summary>
    /// The names of the devices that the loaded build of ONNX Runtime has an execution provider for, the processor first.
    /// </summary>
    /// <exception cref="NativeLibraryException">The runtime cannot be loaded.</exception>
    public static IReadOnlyList<string> Offered => NamesOf(InferenceRuntime.Environment.GetAvailableProviders());

    /// <summary>Whether it is the processor.</summary>
    internal bool IsCpu => this == Cpu;

    /// <summary>How many photos of one size it is given at once.</summary>
    internal int BatchSize => IsCpu ? 1 : 16;

    /// <summary>How many photos are best worked on at once, so that the next ones are ready when the device is.</summary>
    internal int PhotosAtOnce => IsCpu ? 1 : 2 * BatchSize;

    private string Provider => Array.Find(Names, name => name.Name == Name) is { Provider: { } provider } ? provider : Name;

    /// <summary>Reads a device as users write it: a name in any case, and behind a colon the number, as in <c>Cuda:1</c>.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ModelException">The loaded build of ONNX Runtime has no such device.</exception>
    /// <exception cref="NativeLibraryException">The runtime cannot be loaded.</exception>
    public static ComputeDevice Parse(string text) => Parse(text, Offered);

    /// <inheritdoc/>
    public override string ToString() => Number == 0 ? Name : string.Create(CultureInfo.InvariantCulture, $"{Name}:{Number}");

    /// <summary>Reads a device that is one of some.</summary>
    internal static ComputeDevice Parse(string text, IReadOnlyList<string> offered)
    {
        ArgumentNullException.ThrowIfNull(text);
        Match match = NameAndNumber().Match(text);
        string? name = match.Success
            ? offered.FirstOrDefault(name => name.Equals(match.Groups["name"].Value, StringComparison.OrdinalIgnoreCase))
            : null;
        int number = 0;
        bool isNumber = match.Groups["number"].Length == 0
            || int.TryParse(match.Groups["number"].Value, CultureInfo.InvariantCulture, out number);
        return name is not null && isNumber && (number == 0 || name != Cpu.Name)
            ? new ComputeDevice(name, number)
            : throw new ModelException(
                ModelFailure.NoSuchDevice,
                $"There is no device '{text}' here: the ONNX Runtime that is loaded offers {string.Join(", ", offered)}.");
    }

    /// <summary>The names of the devices of execution providers.</summary>
    internal static IReadOnlyList<string> NamesOf(IEnumerable<string> providers) =>
    [
        .. providers
            .Select(
                static provider => provider.EndsWith(ProviderEnd, StringComparison.Ordinal) ? provider[..^ProviderEnd.Length] : provider)
            .Select(
                static provider =>
                    Array.Find(Names, name => name.Provider == provider) is { Provider: not null } known ? known.Name : provider)
            .Where(static name => name.Length > 0)
            .OrderByDescending(static name => name == Cpu.Name),
    ];

    /// <summary>
    /// What the execution provider is told. Devices that round products to fewer digits unless they are told otherwise are told:
    /// figures are then as near to the processor's as those of two processors are.
    /// </summary>
    internal IReadOnlyDictionary<string, string> ProviderOptions() => Name switch
    {
        "Cuda" => new Dictionary<string, string>
        {
            ["device_id"] = Number.ToString(CultureInfo.InvariantCulture),
            ["use_tf32"] = "0",
            // Chosen by rule and not by measured time, which is another one each time.
            ["cudnn_conv_algo_search"] = "HEURISTIC",
        },
        "TensorRT" or "MIGraphX" => new Dictionary<string, string> { ["device_id"] = Number.ToString(CultureInfo.InvariantCulture) },
        "OpenVINO" => new Dictionary<string, string> { ["device_type"] = "AUTO" },
        "CoreML" => new Dictionary<string, string> { ["ModelFormat"] = "MLProgram" },
        _ => new Dictionary<string, string>(),
    };

    /// <summary>Lets sessions with these options compute on the device, and on the processor what it has no kernel for.</summary>
    /// <exception cref="ModelException">The device or a library that it needs is not there.</exception>
    internal void Configure(SessionOptions options)
    {
        if (IsCpu)
        {
            return;
        }

        try
        {
            Append(options);
        }
        catch (Exception e) when (e is OnnxRuntimeException or DllNotFoundException or EntryPointNotFoundException)
        {
            throw new ModelException(ModelFailure.DeviceNotStarted, $"The device '{this}' cannot be used: {ReasonOf(e.Message)}.", e);
        }
    }

    /// <summary>What of the runtime's report concerns the user: the library that is missing, or that there is no device.</summary>
    internal static string ReasonOf(string message)
    {
        if (MissingLibrary().Match(message) is { Success: true } missing)
        {
            return $"it needs the library {missing.Groups["library"].Value}, which is not found on this computer";
        }

        if (CountOfDevices().Match(message) is { Success: true } counted)
        {
            return counted.Groups["count"].Value is "1"
                ? "there is one such device on this computer, number 0"
                : $"there are {counted.Groups["count"].Value} such devices on this computer, counted from 0";
        }

        return message.Contains("no CUDA-capable device", StringComparison.OrdinalIgnoreCase)
            || message.Contains("invalid device ordinal", StringComparison.OrdinalIgnoreCase)
            || message.Contains("driver version is insufficient", StringComparison.OrdinalIgnoreCase)
            ? "there is no such device on this computer, or its driver is missing or too old"
            : "ONNX Runtime could not start it";
    }

    private void Append(SessionOptions options)
    {
        Dictionary<string, string> settings = new(ProviderOptions());
        switch (Name)
        {
            case "Cuda":
                using (var cuda = new OrtCUDAProviderOptions())
                {
                    cuda.UpdateOptions(settings);
                    options.AppendExecutionProvider_CUDA(cuda);
                }

                break;
            case "TensorRT":
                using (var tensorRt = new OrtTensorRTProviderOptions())
                {
                    tensorRt.UpdateOptions(settings);
                    options.AppendExecutionProvider_Tensorrt(tensorRt);
                }

                break;
            case "DirectML":
                options.AppendExecutionProvider_DML(Number);
                break;
            default:
                options.AppendExecutionProvider(Provider, settings);
                break;
        }
    }

    [GeneratedRegex(@"^(?<name>[^:]+)(:(?<number>\d+))?$")]
    private static partial Regex NameAndNumber();

    [GeneratedRegex(@"Invalid device ID: \d+, must be between 0 \(inclusive\) and (?<count>[1-9]\d*) \(exclusive\)")]
    private static partial Regex CountOfDevices();

    // Of Linux: "libcublas.so.12: cannot open shared object file"; of Windows: "which depends on "cublas64_12.dll" which is missing".
    [GeneratedRegex(@"(?<library>[\w.+-]+\.so[.\d]*): cannot open shared object|depends on ""(?<library>[\w.+-]+\.dll)"" which is missing")]
    private static partial Regex MissingLibrary();
}
