using ClassActivation.Networks;
using ClassActivation.Photos;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Inference;

/// <summary>A network that runs in this process.</summary>
internal sealed class NetworkSession(string name, InferenceSession session) : INetworkRunner
{
    private static readonly string[] InputNames = [CamModel.InputName];

    /// <inheritdoc/>
    public IDisposableReadOnlyCollection<OrtValue> Run(
        NetworkInput input, IReadOnlyList<string> outputs, CancellationToken cancellationToken)
    {
        using var options = new RunOptions();
        using CancellationTokenRegistration registration =
            cancellationToken.UnsafeRegister(static state => ((RunOptions)state!).Terminate = true, options);
        using OrtValue image = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, input.Memory, [1, input.Height, input.Width, 3]);
        try
        {
            return OwnThreads.Run(() => session.Run(options, InputNames, [image], outputs));
        }
        catch (OnnxRuntimeException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (InferenceRuntime.IsOutOfMemory(e))
            {
                throw new InsufficientMemoryException(
                    $"The network '{name}' needs more memory for an input of {input.Width}×{input.Height} pixels than there is.", e);
            }

            throw new ModelException(
                ModelFailure.RunFailed, $"The network '{name}' cannot be run on an input of {input.Width}×{input.Height} pixels.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();
}
