using ClassActivation.Networks;

namespace ClassActivation.Inference;

/// <summary>
/// Checks that a network ends in global average pooling, one linear layer and softmax or sigmoid. Only there are maps from the
/// classifier's weights the truth about the network, and a file can hold the right names without it.
/// </summary>
internal static class LinearHead
{
    private const float Tolerance = 1e-3f;

    /// <summary>Compares the network's probabilities with those that its feature maps and its classifier give.</summary>
    /// <exception cref="ModelException">They differ.</exception>
    public static void Check(
        string modelName, Classifier classifier, ForwardPass pass, ClassifierActivation activation = ClassifierActivation.Softmax)
    {
        float[] logits = classifier.Logits(pass.PooledFeatures());
        float largest = FloatSpans.Extremes(logits).Maximum;
        // A logit above 88, which small inputs give, has no exponential in float32: only differences are raised.
        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - largest);
        }

        double squares = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            double expected = activation == ClassifierActivation.Softmax
                ? Math.Exp(logits[i] - largest) / sum
                : 1 / (1 + Math.Exp(-logits[i]));
            double difference = expected - pass.Probabilities[i];
            squares += difference * difference;
        }

        // Written so that a NaN in either fails, too.
        if (!(Math.Sqrt(squares) <= Tolerance))
        {
            throw Refused(modelName, "the means of its feature maps and its classifier's weights do not give its probabilities");
        }
    }

    /// <summary>Compares the number of feature maps and probabilities with those that the classifier is for.</summary>
    /// <exception cref="ModelException">They differ.</exception>
    public static void CheckSizes(string modelName, int featureCount, int classCount, ForwardPass pass)
    {
        if (pass.FeatureCount != featureCount || pass.Probabilities.Length != classCount)
        {
            throw Refused(
                modelName,
                $"its classifier takes {featureCount} features to {classCount} classes, but its outputs have {pass.FeatureCount} feature"
                + $" maps and {pass.Probabilities.Length} probabilities");
        }
    }

    private static ModelException Refused(string modelName, string reason) => new(
        ModelFailure.NotLinearHead,
        $"The network '{modelName}' does not end in global average pooling, one linear layer and softmax or sigmoid: {reason}. Maps of its"
        + " classes would not be true to it.");
}
