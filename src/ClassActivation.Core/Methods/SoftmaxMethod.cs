using System.Numerics.Tensors;
using ClassActivation.Networks;

namespace ClassActivation.Methods;

/// <summary>
/// <see cref="CamMethod.SoftmaxCam"/>: HiResCAM with the gradient of the probability, times the number of places, so that the
/// map's mean is the change of the probability, to first order, per relative change of the feature maps.
/// </summary>
internal sealed class SoftmaxMethod : ILayerMethod
{
    public CamMethod Method => CamMethod.SoftmaxCam;

    public bool NeedsGradient => true;

    public float[] Cotangent(MapTarget target, ReadOnlySpan<float> probabilities, ClassifierActivation activation)
    {
        var shares = new float[probabilities.Length];
        float probability = 0;
        foreach (int member in target.Members)
        {
            float p = probabilities[member];
            probability += p;
            shares[member] = activation == ClassifierActivation.Sigmoid ? p * (1 - p) : p;
        }

        if (activation == ClassifierActivation.Softmax)
        {
            TensorPrimitives.MultiplyAdd(probabilities, -probability, shares, shares);
        }

        return shares;
    }

    public float[] Map(ExplainedLayer layer)
    {
        float[] map = GradientMaps.HiResCam(layer.Maps, layer.Gradient, layer.Pass.Channels);
        TensorPrimitives.Multiply(map, map.Length, map);
        return map;
    }
}
