using System.Numerics.Tensors;
using ClassActivation.Faithfulness;
using ClassActivation.Inference;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Localization;

/// <summary>
/// Asks a network whether its answer stays a class when a part of a photo is replaced, and counts how often. Where the classes
/// are questions of their own, the answer to one is yes from a probability of one half on.
/// </summary>
internal sealed class SufficiencyTrial(
    NetworkInput input, IReadOnlyList<int> classes, CamModel model, SufficientPartOptions options, CancellationToken cancellationToken)
{
    private const float LeastProbability = 0.5f;

    private readonly PhotoPerturbation _perturbation = new(input, options.Seed);

    /// <summary>The forward passes so far.</summary>
    public int Passes { get; private set; }

    /// <summary>Whether another pass is allowed.</summary>
    public bool HasPassesLeft => Passes < options.MaxPasses;

    /// <summary>Whether the classes are questions of their own.</summary>
    public bool AreIndependent => model.Info.Activation == ClassifierActivation.Sigmoid;

    /// <summary>The probability of the class when it was the answer last, 0 to 1.</summary>
    public double Probability { get; private set; }

    /// <summary>Whether the class is the answer when some pixels are replaced.</summary>
    /// <param name="replaced">The indexes of these pixels.</param>
    public bool Suffices(ReadOnlySpan<int> replaced)
    {
        Passes++;
        using ForwardPass pass = model.Run(_perturbation.Remove(replaced, options.Replacement), cancellationToken);
        float[] ofClasses = Of(classes, pass.Probabilities);
        float largest = ofClasses.Max();
        if (AreIndependent ? largest < LeastProbability : largest < TensorPrimitives.Max(pass.Probabilities))
        {
            return false;
        }

        Probability = AreIndependent ? largest : ofClasses.Sum(static p => (double)p);
        return true;
    }

    private static float[] Of(IReadOnlyList<int> classes, ReadOnlySpan<float> probabilities)
    {
        float[] values = new float[classes.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = probabilities[classes[i]];
        }

        return values;
    }
}
