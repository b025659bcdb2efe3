using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Models;

/// <summary>What a network gave for one photo. The values live in the runtime's memory until this is disposed.</summary>
public sealed class ForwardPass : IDisposable
{
    private readonly IDisposableReadOnlyCollection<OrtValue> _outputs;

    internal ForwardPass(IDisposableReadOnlyCollection<OrtValue> outputs)
    {
        _outputs = outputs;
        long[] shape = outputs[0].GetTensorTypeAndShape().Shape;
        (FeatureCount, Rows, Columns) = ((int)shape[1], (int)shape[2], (int)shape[3]);
    }

    /// <summary>K, the number of feature maps.</summary>
    public int FeatureCount { get; }

    /// <summary>The rows of each feature map.</summary>
    public int Rows { get; }

    /// <summary>The columns of each feature map.</summary>
    public int Columns { get; }

    /// <summary>The last feature maps, K × rows × columns, one map after the other.</summary>
    public ReadOnlySpan<float> Activations => _outputs[0].GetTensorDataAsSpan<float>();

    /// <summary>The probability of each class (C values).</summary>
    public ReadOnlySpan<float> Probabilities => _outputs[1].GetTensorDataAsSpan<float>();

    /// <summary>One feature map, rows × columns.</summary>
    public ReadOnlySpan<float> Activation(int featureIndex) =>
        Activations.Slice(featureIndex * Rows * Columns, Rows * Columns);

    /// <summary>The mean of each feature map (K values): what global average pooling hands to the classifier.</summary>
    public float[] PooledFeatures()
    {
        var pooled = new float[FeatureCount];
        for (int k = 0; k < pooled.Length; k++)
        {
            pooled[k] = TensorPrimitives.Sum(Activation(k)) / (Rows * Columns);
        }

        return pooled;
    }

    /// <summary>Gives the values back to the runtime.</summary>
    public void Dispose() => _outputs.Dispose();
}
