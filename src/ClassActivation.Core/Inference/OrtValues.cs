using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ClassActivation.Inference;

/// <summary>Values that were made one by one, freed together.</summary>
internal sealed class OrtValues : List<OrtValue>, IDisposableReadOnlyCollection<OrtValue>
{
    /// <summary>Tensors of float32 numbers.</summary>
    public static OrtValues Of(IReadOnlyList<TensorValues> tensors)
    {
        var values = new OrtValues();
        values.AddRange(tensors.Select(static tensor => Copy(tensor.Elements, [.. tensor.Dims])));
        return values;
    }

    /// <summary>
    /// A tensor in memory of the runtime's own, where its kernels load vectors from: an array of .NET begins anywhere, and sums over
    /// it are then made in another order, with other last bits each time.
    /// </summary>
    /// <param name="elements">The elements, row by row.</param>
    /// <param name="dims">The dimensions.</param>
    public static OrtValue Copy(ReadOnlySpan<float> elements, long[] dims)
    {
        OrtValue value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, dims);
        elements.CopyTo(value.GetTensorMutableDataAsSpan<float>());
        return value;
    }

    public void Dispose()
    {
        ForEach(static value => value.Dispose());
        Clear();
    }
}
