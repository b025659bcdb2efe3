namespace ClassActivation.Quantization;

/// <summary>What of a network stays float32 where its answers ask for it; each has what the ones before it have.</summary>
public enum FloatParts
{
    /// <summary>Nothing more than what always does.</summary>
    None,

    /// <summary>Depthwise convolutions, whose few products have no others to average their errors with.</summary>
    Depthwise,

    /// <summary>Convolutions in front of hard-swish, sigmoid and other activations that are no clamp.</summary>
    CurvedActivations,
}
