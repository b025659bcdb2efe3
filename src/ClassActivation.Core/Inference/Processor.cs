using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ClassActivation.Inference;

/// <summary>What the runtime's choice of kernels depends on.</summary>
internal static class Processor
{
    /// <summary>A text that is the same on processors with the same instructions.</summary>
    public static string Identity { get; } = $"{RuntimeInformation.OSArchitecture}-{Features()}";

    private static string Features()
    {
        if (X86Base.IsSupported)
        {
            (int signature, _, int ecx, _) = X86Base.CpuId(1, 0);
            (_, int ebx7, int ecx7, int edx7) = X86Base.CpuId(7, 0);
            (int eax71, _, _, _) = X86Base.CpuId(7, 1);
            return $"{signature:x}-{ecx:x}-{ebx7:x}-{ecx7:x}-{edx7:x}-{eax71:x}";
        }

        return $"{AdvSimd.IsSupported}-{Dp.IsSupported}-{Rdm.IsSupported}";
    }
}
