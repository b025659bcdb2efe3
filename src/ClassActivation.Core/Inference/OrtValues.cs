using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Inference;

/// <summary>Values that were made one by one, freed together.</summary>
internal sealed class OrtValues : List<OrtValue>, IDisposableReadOnlyCollection<OrtValue>
{
    /// <summary>Tensors of float32 numbers, whose elements stay where they are.</summary>
    public static OrtValues Of(IReadOnlyList<TensorValues> tensors)
    {
        var values = new OrtValues();
        values.AddRange(tensors.Select(static tensor =>
            OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, tensor.Elements.AsMemory(), [.. tensor.Dims])));
        return values;
    }

    public void Dispose()
    {
        ForEach(static value => value.Dispose());
        Clear();
    }
}
