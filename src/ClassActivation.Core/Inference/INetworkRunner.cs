using ClassActivation.Networks;
using ClassActivation.Photos;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Inference;

/// <summary>What runs a network: a session of this process, or another process. Safe for use by many threads.</summary>
internal interface INetworkRunner : IDisposable
{
    /// <summary>Runs the network on one photo.</summary>
    /// <param name="input">The photo as the network sees it.</param>
    /// <param name="outputs">The names of the values to give, in this order.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="ModelException">The network cannot be run on this input.</exception>
    /// <exception cref="InsufficientMemoryException">There is not enough memory for the run.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    IDisposableReadOnlyCollection<OrtValue> Run(NetworkInput input, IReadOnlyList<string> outputs, CancellationToken cancellationToken);
}
