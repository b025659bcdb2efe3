using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Onnx;

/// <summary>Sessions that run once: nothing is laid out for speed, so that they hold little beside the network's own constants.</summary>
internal static class FrugalSession
{
    /// <summary>Options of such a session; the caller keeps them.</summary>
    public static SessionOptions Options(GraphOptimizationLevel level)
    {
        SessionOptions options = new()
        {
            GraphOptimizationLevel = level,
            EnableCpuMemArena = false,
            EnableMemoryPattern = false,
            IntraOpNumThreads = Math.Min(Environment.ProcessorCount, 4),
        };
        options.AddSessionConfigEntry("session.disable_prepacking", "1");
        return options;
    }

    /// <summary>Tells a want of memory from other failures of the runtime.</summary>
    /// <exception cref="InsufficientMemoryException">It is one.</exception>
    public static void ThrowIfOutOfMemory(OnnxRuntimeException failure)
    {
        if (InferenceRuntime.IsOutOfMemory(failure))
        {
            throw new InsufficientMemoryException("There is not enough memory for the network.", failure);
        }
    }
}
