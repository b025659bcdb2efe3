using System.Numerics.Tensors;
using ClassActivation.Inference;
using ClassActivation.Networks;

namespace ClassActivation.Maps;

/// <summary>
/// What a photo's forward pass says of a concept, any one of its classes being meant. Its logit is
/// <c>log Σ_c exp(logit_c)</c> over its classes, the one number whose softmax is the sum of their probabilities. That
/// logit's gradient in the pooled features is <c>Σ_c q_c w^c</c>, where <c>q_c</c> is the probability of the class
/// given the concept: the concept's weights. So the breeds that the network considers decide where a dog is, each as
/// far as it is considered.
/// </summary>
/// <param name="Concept">The concept.</param>
/// <param name="Probability">The sum of its classes' probabilities.</param>
/// <param name="Logit">Its logit.</param>
/// <param name="Posterior">The probability of each class of the network given the concept; C values, 0 outside of the concept.</param>
internal sealed record ConceptScore(Concept Concept, double Probability, float Logit, float[] Posterior)
{
    /// <summary>Scores concepts, in the order given.</summary>
    public static IReadOnlyList<ConceptScore> Of(IReadOnlyList<Concept> concepts, ForwardPass pass)
    {
        if (concepts.Count == 0)
        {
            return [];
        }

        float[] logits = pass.Logits();
        return [.. concepts.Select(concept => Of(concept, logits, pass))];
    }

    private static ConceptScore Of(Concept concept, float[] logits, ForwardPass pass)
    {
        var posterior = new float[logits.Length];
        float largest = concept.ClassIndexes.Max(c => logits[c]);
        double probability = 0;
        foreach (int c in concept.ClassIndexes)
        {
            posterior[c] = MathF.Exp(logits[c] - largest);
            probability += pass.Probabilities[c];
        }

        float sum = TensorPrimitives.Sum<float>(posterior);
        TensorPrimitives.Divide(posterior, sum, posterior);
        return new ConceptScore(concept, Math.Min(probability, 1), largest + MathF.Log(sum), posterior);
    }
}
