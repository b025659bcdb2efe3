namespace ClassActivation.Methods;

/// <summary>What a network answered to a photo seen through masks.</summary>
/// <param name="Width">The width of the network's input.</param>
/// <param name="Height">Its height.</param>
/// <param name="Settings">How the photo was covered.</param>
/// <param name="WholeLogits">The logits of the photo itself, C values.</param>
/// <param name="MaskedLogits">C logits for each mask.</param>
/// <param name="MaskedProbabilities">C answers for each mask.</param>
internal sealed record MaskedAnswers(
    int Width, int Height, MaskingSettings Settings, float[] WholeLogits, float[][] MaskedLogits, float[][] MaskedProbabilities)
{
    /// <summary>How many masks there were.</summary>
    public int Count => MaskedLogits.Length;

    /// <summary>The logits through a mask.</summary>
    public float[] Logits(int index) => MaskedLogits[index];

    /// <summary>The answers through a mask.</summary>
    public float[] Probabilities(int index) => MaskedProbabilities[index];
}
