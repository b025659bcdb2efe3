namespace ClassActivation.Inference;

/// <summary>The end of a network: what makes logits of its last feature maps.</summary>
internal interface INetworkHead : IDisposable
{
    /// <summary>K, the number of feature maps.</summary>
    int FeatureCount { get; }

    /// <summary>C, the number of classes.</summary>
    int ClassCount { get; }

    /// <summary>Whether the logits are linear in the means of the feature maps.</summary>
    bool IsLinear { get; }

    /// <summary>
    /// The logits that each place alone gives, all others being masked with zeros: Recipro-CAM, Byun and Lee 2022,
    /// "Recipro-CAM: Fast Gradient-Free Visual Explanations for Convolutional Neural Network".
    /// </summary>
    /// <param name="pass">The forward pass with the feature maps.</param>
    /// <param name="cancellationToken">Ends the work between two places.</param>
    /// <returns>C values for each of the rows × columns places, place by place.</returns>
    float[] LogitsOfPlaces(ForwardPass pass, CancellationToken cancellationToken);
}
