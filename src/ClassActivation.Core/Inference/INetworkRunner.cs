using ClassActivation.Networks;
using ClassActivation.Photos;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Inference;

/// <summary>What runs a network: sessions of this process, or another process. Safe for use by many threads.</summary>
internal interface INetworkRunner : IDisposable
{
    /// <summary>Runs the network on one photo.</summary>
    /// <param name="input">The photo as the network sees it.</param>
    /// <param name="outputs">The names of the values to give, in this order: outputs of the network, and inner values.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="ModelException">The network cannot be run on this input.</exception>
    /// <exception cref="InsufficientMemoryException">There is not enough memory for the run.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    IDisposableReadOnlyCollection<OrtValue> Run(NetworkInput input, IReadOnlyList<string> outputs, CancellationToken cancellationToken);

    /// <summary>Runs the end of the network.</summary>
    /// <param name="tail">From which layer on.</param>
    /// <param name="values">What it takes.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>C logits, or the values that the tail ends in.</returns>
    /// <exception cref="ModelException">It cannot be run.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    float[] Scores(NetworkTail tail, IReadOnlyList<TensorValues> values, CancellationToken cancellationToken);

    /// <summary>Differentiates combinations of logits by the values of a layer.</summary>
    /// <param name="tail">From which layer on.</param>
    /// <param name="values">What the end of the network takes.</param>
    /// <param name="saved">
    /// What a forward pass on these values gave for <see cref="NetworkTail.Saved"/>; nothing where there was none.
    /// </param>
    /// <param name="cotangents">The combinations: as many numbers for each as the tail gives, C of logits.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>As many gradients.</returns>
    /// <exception cref="ModelException">An operator has no gradient, or it cannot be run.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    LayerGradients Gradients(
        NetworkTail tail,
        IReadOnlyList<TensorValues> values,
        IReadOnlyList<OrtValue> saved,
        IReadOnlyList<float[]> cotangents,
        CancellationToken cancellationToken);
}
