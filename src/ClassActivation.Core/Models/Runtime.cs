using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Models;

/// <summary>ONNX Runtime, as this module uses it.</summary>
internal static class Runtime
{
    private static readonly Lazy<OrtEnv> Environment = new(static () =>
    {
        OrtEnv environment = OrtEnv.Instance();
        // A network's photos and errors are its user's: nothing of them is reported, nor written to the console.
        environment.DisableTelemetryEvents();
        environment.EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
        return environment;
    });

    /// <summary>Loads the runtime's library, which takes a while at the first call.</summary>
    public static OrtEnv Start() => Environment.Value;
}
