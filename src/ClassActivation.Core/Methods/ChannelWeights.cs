using System.Numerics.Tensors;
using ClassActivation.Inference;
using ClassActivation.Networks;

namespace ClassActivation.Methods;

/// <summary>The weight of each feature map in the methods that sum feature maps; <see cref="CamMethod"/> has the formulas.</summary>
internal static class ChannelWeights
{
    /// <summary>Computes the weights of one method.</summary>
    /// <param name="method">Any method but the two that look for a principal component.</param>
    /// <param name="target">What is explained.</param>
    /// <param name="classifier">The network's linear layer; null where no class is explained.</param>
    /// <param name="pass">The forward pass that the map is made from.</param>
    /// <returns>K weights.</returns>
    public static float[] Of(CamMethod method, MapTarget target, Classifier? classifier, ForwardPass pass) => method switch
    {
        CamMethod.Cam => target.Weights,
        CamMethod.GradCam or CamMethod.HiResCam or CamMethod.XGradCam => Gradient(target, pass),
        CamMethod.LayerCam => Array.ConvertAll(Gradient(target, pass), static gradient => Math.Max(gradient, 0)),
        CamMethod.GradCamPlusPlus => GradCamPlusPlus(target, pass),
        CamMethod.AblationCam => Ablation(target, pass),
        CamMethod.SoftmaxCam => ProbabilityGradient(target, classifier!, pass),
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "The method does not weight feature maps."),
    };

    /// <summary>The gradient of the logit in each value of a feature map, the same at every place.</summary>
    public static float[] Gradient(MapTarget target, ForwardPass pass)
    {
        var gradient = new float[target.Weights.Length];
        TensorPrimitives.Divide(target.Weights, pass.Rows * pass.Columns, gradient);
        return gradient;
    }

    private static float[] GradCamPlusPlus(MapTarget target, ForwardPass pass)
    {
        float[] features = pass.PooledFeatures();
        var weights = new float[features.Length];
        for (int k = 0; k < weights.Length; k++)
        {
            float weight = target.Weights[k];
            float divisor = 2 + (weight * features[k]);
            // Only a network whose feature maps can be negative reaches a divisor of zero or less.
            weights[k] = weight > 0 && divisor > 0 ? weight / divisor : 0;
        }

        return weights;
    }

    private static float[] Ablation(MapTarget target, ForwardPass pass)
    {
        float[] lost = pass.PooledFeatures();
        TensorPrimitives.Multiply(lost, target.Weights, lost);
        float logit = Math.Abs(TensorPrimitives.Sum<float>(lost) + target.Bias);
        TensorPrimitives.Multiply(lost, logit > 0 ? 1 / logit : 0, lost);
        return lost;
    }

    private static float[] ProbabilityGradient(MapTarget target, Classifier classifier, ForwardPass pass)
    {
        // ∂p_c/∂F = p_c (w^c − Σ_j p_j w^j), summed over the classes of a concept.
        var shares = new float[classifier.ClassCount];
        float probability = 0;
        foreach (int classIndex in target.Members)
        {
            probability += shares[classIndex] = pass.Probabilities[classIndex];
        }

        TensorPrimitives.MultiplyAdd(pass.Probabilities, -probability, shares, shares);
        return classifier.WeightsOf(shares);
    }
}
