using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ClassActivation.Networks;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ClassActivation.Inference;

/// <summary>What a network gave for one photo. The values live in the runtime's memory until this is disposed.</summary>
public sealed class ForwardPass : IDisposable
{
    private readonly IDisposableReadOnlyCollection<OrtValue> _outputs;
    private readonly IReadOnlyList<string> _names;

    // Each question to the runtime costs more than summing a feature map, and there are thousands of them.
    private readonly nint _activations;
    private readonly Classifier? _classifier;
    private bool _isDisposed;

    private unsafe ForwardPass(
        IDisposableReadOnlyCollection<OrtValue> outputs, IReadOnlyList<string> names, long[] shape, Classifier? classifier)
    {
        _classifier = classifier;
        _names = names;
        _outputs = outputs;
        _activations = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(outputs[0].GetTensorDataAsSpan<float>()));
        (FeatureCount, Rows, Columns) = ((int)shape[1], (int)shape[2], (int)shape[3]);
    }

    /// <summary>K, the number of feature maps.</summary>
    public int FeatureCount { get; }

    /// <summary>The rows of each feature map.</summary>
    public int Rows { get; }

    /// <summary>The columns of each feature map.</summary>
    public int Columns { get; }

    /// <summary>The last feature maps, K × rows × columns, one map after the other.</summary>
    public unsafe ReadOnlySpan<float> Activations
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return new((void*)_activations, FeatureCount * Rows * Columns);
        }
    }

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
            pooled[k] = FloatSpans.Sum(Activation(k)) / (Rows * Columns);
        }

        return pooled;
    }

    /// <summary>The score of each class before softmax or sigmoid (C values).</summary>
    public float[] Logits() => _classifier?.Logits(PooledFeatures()) ?? _outputs[2].GetTensorDataAsSpan<float>().ToArray();

    /// <summary>A value of the network that was asked for besides its outputs, or one of these.</summary>
    /// <exception cref="ModelException">It holds other numbers than float32.</exception>
    internal TensorValues Value(string name, string modelName)
    {
        OrtValue value = Native(name);
        return ShapeOf(value) is { } shape
            ? new TensorValues(value.GetTensorDataAsSpan<float>().ToArray(), shape)
            : throw new ModelException(
            ModelFailure.NoGradient, $"The value '{name}' of the network '{modelName}' holds no float32 numbers; choose another layer.");
    }

    /// <summary>Such a value in the runtime's memory, where it is until this is disposed.</summary>
    internal OrtValue Native(string name)
    {
        int index = 0;
        while (_names[index] != name)
        {
            index++;
        }

        return _outputs[index];
    }

    /// <summary>Gives the values back to the runtime.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _outputs.Dispose();
    }

    /// <summary>Takes over the outputs of a network, if they are what its classifier goes with.</summary>
    /// <exception cref="ModelException">They are not; the caller keeps them.</exception>
    internal static ForwardPass Create(
        CamModelInfo network, IDisposableReadOnlyCollection<OrtValue> outputs, IReadOnlyList<string> names, Classifier? classifier)
    {
        long[]? shape = ShapeOf(outputs[0]);
        long[]? scores = ShapeOf(outputs[1]);
        bool areValid = shape is [1, > 0, > 0, > 0] && shape[1] * shape[2] * shape[3] <= int.MaxValue && scores is [1, > 0, ..]
            && (classifier is not null || (ShapeOf(outputs[2]) is [1, var count] && count == network.ClassCount));
        if (!areValid)
        {
            throw new ModelException(
                ModelFailure.NotDualOutput,
                $"The network '{network.Name}' gives {Describe(shape)} as 'activations' and {Describe(scores)} as 'predictions', not"
                + " float32 numbers of 1 × features × rows × columns and 1 × classes.");
        }

        var pass = new ForwardPass(outputs, names, shape!, classifier);
        LinearHead.CheckSizes(network.Name, network.FeatureCount, network.ClassCount, pass);
        return pass;

        static string Describe(long[]? shape) => shape is null ? "something else" : string.Join(" × ", shape);
    }

    /// <summary>The dimensions of a tensor of float32 numbers; null for anything else.</summary>
    internal static long[]? ShapeOf(OrtValue value)
    {
        if (!value.IsTensor)
        {
            return null;
        }

        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        return info.ElementDataType == TensorElementType.Float ? info.Shape : null;
    }
}
