using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Quantization;

/// <summary>Turns the failures of working on a graph of an unknown form into one that names its file.</summary>
internal static class QuantizationGuard
{
    /// <summary>Works on a network's graph.</summary>
    /// <exception cref="QuantizationException">The graph, or a value in it, is not what it must be.</exception>
    public static T Run<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (
            e is OnnxRuntimeException or KeyNotFoundException or ArgumentException or IndexOutOfRangeException or ArithmeticException)
        {
            throw new QuantizationException(
                $"The network '{path}' cannot be made 8-bit: its graph is damaged, or of a form that is not known. Make the network again.",
                e);
        }
    }
}
