namespace ClassActivation.Networks;

/// <summary>What makes a network's answers of its logits.</summary>
public enum ClassifierActivation
{
    /// <summary>One class of all: the answers add up to 1.</summary>
    Softmax,

    /// <summary>Each class is a question of its own, and several may be true.</summary>
    Sigmoid,
}
