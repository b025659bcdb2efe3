using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Inference;

/// <summary>What figures depend on beside the question: versions, and the processor's type.</summary>
internal static class ComputedBy
{
    /// <summary>The version of this module.</summary>
    public static string ModuleVersion { get; } = typeof(ComputedBy).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>The version of ONNX Runtime.</summary>
    public static string RuntimeVersion { get; } =
        (typeof(OrtEnv).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "").Split('+')[0];

    /// <summary>The same text on processors with the same instructions, on which the same bits are computed.</summary>
    public static string ProcessorType => Processor.Identity;

    /// <summary>The operating system and .NET.</summary>
    public static string Platform => $"{RuntimeInformation.RuntimeIdentifier} {RuntimeInformation.FrameworkDescription}";
}
