using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation;

/// <summary>
/// ONNX Runtime's environment of this process. Its official builds report their use to their maker from 1.29 on, and keep
/// an identifier of the computer in the user's home; photos and networks are nobody else's business, so neither is done.
/// </summary>
internal static partial class InferenceRuntime
{
    private const string TelemetrySwitch = "ORT_DISABLE_TELEMETRY";

    private static readonly Lazy<OrtEnv> Started = new(Start);

    /// <summary>Loads the runtime at the first call.</summary>
    /// <exception cref="NativeLibraryException">It cannot be loaded.</exception>
    public static OrtEnv Environment => Started.Value;

    /// <summary>Whether the runtime failed for want of memory; it has no error code for that.</summary>
    public static bool IsOutOfMemory(OnnxRuntimeException exception) =>
        exception.Message.Contains("bad_alloc", StringComparison.Ordinal)
        || exception.Message.Contains("bad allocation", StringComparison.Ordinal)
        || exception.Message.Contains("allocate memory", StringComparison.OrdinalIgnoreCase);

    private static OrtEnv Start()
    {
        try
        {
            return StartLibrary();
        }
        catch (Exception e)
        {
            NativeLibraryException.ThrowIfCauseOf(e);
            throw;
        }
    }

    private static OrtEnv StartLibrary()
    {
        ChosenRuntime.Use();
        // The runtime asks the C library for the variable, which .NET's own variables do not reach outside of Windows.
        if (OperatingSystem.IsWindows())
        {
            System.Environment.SetEnvironmentVariable(TelemetrySwitch, "1");
        }
        else
        {
            _ = SetVariable(TelemetrySwitch, "1", 1);
        }

        // Whatever goes wrong is an exception too, and is told in the module's own words.
        var options = new EnvironmentCreationOptions { logId = "ClassActivation", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        OrtEnv environment;
        try
        {
            environment = OrtEnv.CreateInstanceWithOptions(ref options);
        }
        catch (OnnxRuntimeException)
        {
            // The program around this library has started the runtime before.
            environment = OrtEnv.Instance();
            environment.EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
        }

        environment.DisableTelemetryEvents();
        return environment;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
