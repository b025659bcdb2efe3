using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Quantization;

/// <summary>Sessions for networks that were changed in memory.</summary>
internal static class GraphSession
{
    /// <summary>Opens a session on all processors.</summary>
    /// <param name="file">The file that the network was read from, with its external data beside it.</param>
    /// <param name="model">The changed network.</param>
    /// <exception cref="QuantizationException">The external data is missing or damaged.</exception>
    public static InferenceSession Open(OnnxModelFile file, ModelProto model)
    {
        _ = InferenceRuntime.Environment;
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", Path.GetDirectoryName(file.FilePath));
        options.AddSessionConfigEntry("session.load_model_format", "ONNX");
        try
        {
            return new InferenceSession(model.ToByteArray(), options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new QuantizationException(
                $"The network '{file.FilePath}' cannot be loaded; its file or its external data is damaged or incomplete. Make it again.",
                e);
        }
    }
}
