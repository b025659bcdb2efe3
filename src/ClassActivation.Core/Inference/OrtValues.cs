using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Inference;

/// <summary>Values that were made one by one, freed together.</summary>
internal sealed class OrtValues : List<OrtValue>, IDisposableReadOnlyCollection<OrtValue>
{
    public void Dispose()
    {
        ForEach(static value => value.Dispose());
        Clear();
    }
}
