using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Tests.Import;

/// <summary>The two outputs of a network.</summary>
public sealed record NetworkOutput(float[] Activations, long[] ActivationShape, List<float> Predictions);

/// <summary>Runs a converted network in ONNX Runtime.</summary>
internal static class OnnxRunner
{
    public static NetworkOutput Run(string modelPath, byte[] image, long count, long height, long width)
    {
        using SessionOptions options = new() { IntraOpNumThreads = 1 };
        using InferenceSession session = new(modelPath, options);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(image, [count, height, width, 3]);
        using RunOptions run = new();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, ["image"], [input], ["activations", "predictions"]);
        return new NetworkOutput(
            outputs[0].GetTensorDataAsSpan<float>().ToArray(),
            outputs[0].GetTensorTypeAndShape().Shape,
            [.. outputs[1].GetTensorDataAsSpan<float>()]);
    }
}
