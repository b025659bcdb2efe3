using ClassActivation.Faithfulness;
using ClassActivation.Inference;
using ClassActivation.Photos;

namespace ClassActivation.Localization;

/// <summary>Asks a network whether a class stays on top when a part of a photo is replaced, and counts how often.</summary>
internal sealed class SufficiencyTrial(
    NetworkInput input, IReadOnlyList<int> classes, CamModel model, SufficientPartOptions options, CancellationToken cancellationToken)
{
    private readonly PhotoPerturbation _perturbation = new(input, options.Seed);

    /// <summary>The forward passes so far.</summary>
    public int Passes { get; private set; }

    /// <summary>Whether another pass is allowed.</summary>
    public bool HasPassesLeft => Passes < options.MaxPasses;

    /// <summary>The probability of the class when it was on top last, 0 to 1.</summary>
    public double Probability { get; private set; }

    /// <summary>Whether the class is the most probable one when some pixels are replaced.</summary>
    /// <param name="replaced">The indexes of these pixels.</param>
    public bool Suffices(ReadOnlySpan<int> replaced)
    {
        Passes++;
        using ForwardPass pass = model.Run(_perturbation.Remove(replaced, options.Replacement), cancellationToken);
        ReadOnlySpan<float> probabilities = pass.Probabilities;
        int best = 0;
        for (int i = 1; i < probabilities.Length; i++)
        {
            best = probabilities[i] > probabilities[best] ? i : best;
        }

        if (!classes.Contains(best))
        {
            return false;
        }

        Probability = 0;
        foreach (int index in classes)
        {
            Probability += probabilities[index];
        }

        return true;
    }
}
