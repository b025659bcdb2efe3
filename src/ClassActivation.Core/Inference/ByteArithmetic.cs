using System.Runtime.Intrinsics.X86;

namespace ClassActivation.Inference;

/// <summary>How this processor multiplies the 8-bit numbers of a quantized network.</summary>
internal static class ByteArithmetic
{
    /// <summary>
    /// Whether sums of two products of an unsigned and a signed 8-bit number overflow 16 bits here: on x86 processors
    /// without the vector neural network instructions (VNNI).
    /// </summary>
    public static bool Overflows { get; } = X86Base.IsSupported
        && !HasNeuralNetworkInstructions(X86Base.CpuId(7, 0).Ecx, X86Base.CpuId(7, 1).Eax);

    /// <summary>Whether the processor has AVX512-VNNI or AVX-VNNI.</summary>
    /// <param name="ecx">ECX of the processor's feature leaf 7, part 0.</param>
    /// <param name="eax">EAX of the same leaf's part 1.</param>
    internal static bool HasNeuralNetworkInstructions(int ecx, int eax) => (ecx & (1 << 11)) != 0 || (eax & (1 << 4)) != 0;
}
