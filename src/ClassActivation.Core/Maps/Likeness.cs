using System.Numerics.Tensors;
using ClassActivation.Inference;
using ClassActivation.Methods;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Maps;

/// <summary>
/// Why a network finds two photos alike: the cosine of their pooled features, <c>f·r / (|f||r|)</c>, with the lengths held
/// constant, so that it is linear in the features f of the photo that is explained and its parts add up to it.
/// </summary>
/// <param name="Photo">The other photo.</param>
/// <param name="Features">r, the means of its last feature maps, K values.</param>
internal sealed record Likeness(PhotoSource Photo, float[] Features)
{
    /// <summary>Whether a method explains it: not those that stand on a classifier's answers.</summary>
    public static bool IsExplainedBy(CamMethod method) => method is not (CamMethod.SoftmaxCam or CamMethod.ReciproCam or CamMethod.LeGrad);

    /// <summary>The target for one forward pass.</summary>
    public MapTarget TargetOf(ForwardPass pass)
    {
        float[] features = pass.PooledFeatures();
        float length = TensorPrimitives.Norm<float>(features) * TensorPrimitives.Norm<float>(Features);
        var weights = new float[features.Length];
        TensorPrimitives.Multiply(Features, length > 0 ? 1 / length : 0, weights);
        return new MapTarget
        {
            ClassIndex = Concept.NoClassIndex,
            WordNetId = "",
            Label = $"like {Photo.Name}",
            Members = [],
            Rank = 1,
            Probability = double.NaN,
            Logit = TensorPrimitives.Dot<float>(features, weights),
            Shares = [],
            Weights = weights,
            Bias = 0,
        };
    }

    /// <summary>The cosine as a combination of all values of the last feature maps.</summary>
    public static MapTarget InActivations(MapTarget target, ForwardPass pass)
    {
        int places = pass.Rows * pass.Columns;
        var shares = new float[target.Weights.Length * places];
        for (int i = 0; i < shares.Length; i++)
        {
            shares[i] = target.Weights[i / places] / places;
        }

        return target with { Shares = shares };
    }
}
