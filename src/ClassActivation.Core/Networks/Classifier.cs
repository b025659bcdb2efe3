namespace ClassActivation.Networks;

/// <summary>The linear layer behind global average pooling: <c>logit_c = Σ_k mean(A_k) · weight[k, c] + bias[c]</c>.</summary>
public sealed class Classifier
{
    private readonly float[] _weights;
    private readonly float[] _biases;

    /// <summary>Makes a classifier.</summary>
    /// <param name="weights">K × C values, row by row: one row for each feature map.</param>
    /// <param name="biases">C values.</param>
    /// <exception cref="ArgumentException">The two sizes do not fit each other.</exception>
    public Classifier(float[] weights, float[] biases)
    {
        if (biases.Length == 0 || weights.Length == 0 || weights.Length % biases.Length != 0)
        {
            throw new ArgumentException($"{weights.Length} weights do not fit {biases.Length} classes.", nameof(weights));
        }

        (_weights, _biases) = (weights, biases);
    }

    /// <summary>K, the number of feature maps.</summary>
    public int FeatureCount => _weights.Length / _biases.Length;

    /// <summary>C, the number of classes.</summary>
    public int ClassCount => _biases.Length;

    /// <summary>The bias of a class.</summary>
    public float Bias(int classIndex) => _biases[classIndex];

    /// <summary>The weights of all classes for one feature map (C values).</summary>
    public ReadOnlySpan<float> WeightsOfFeature(int featureIndex) =>
        _weights.AsSpan(featureIndex * ClassCount, ClassCount);

    /// <summary>The logits of all classes (C values).</summary>
    /// <param name="features">The pooled feature maps, K values.</param>
    public float[] Logits(ReadOnlySpan<float> features)
    {
        float[] logits = [.. _biases];
        for (int k = 0; k < features.Length; k++)
        {
            FloatSpans.AddMultiple(WeightsOfFeature(k), features[k], logits);
        }

        return logits;
    }

    /// <summary>A combination of all classes' weights, <c>Σ_c share_c · w^c</c> (K values).</summary>
    /// <param name="shares">How much of each class, C values.</param>
    public float[] WeightsOf(ReadOnlySpan<float> shares)
    {
        var weights = new float[FeatureCount];
        for (int k = 0; k < weights.Length; k++)
        {
            weights[k] = FloatSpans.Dot(WeightsOfFeature(k), shares);
        }

        return weights;
    }

    /// <summary>A copy of the weights of one class (K values).</summary>
    public float[] WeightsOfClass(int classIndex)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(classIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(classIndex, ClassCount);
        var column = new float[FeatureCount];
        for (int k = 0, at = classIndex; k < column.Length; k++, at += _biases.Length)
        {
            column[k] = _weights[at];
        }

        return column;
    }
}
