using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;

namespace ClassActivation.Quantization;

/// <summary>
/// Makes an 8-bit copy of a dual-output network in ONNX's QDQ form, which the runtime fuses into integer kernels:
/// 8-bit symmetric weights with a scale for each output channel, unsigned 8-bit activations, 32-bit biases. The last
/// sum and activation before <c>activations</c> and everything behind them stay float32.
/// </summary>
public static class ModelQuantizer
{
    /// <summary>What the metadata entry <c>precision</c> says of an 8-bit network.</summary>
    public const string Precision = "int8";

    /// <summary>Makes the copy. The files appear when they are complete, or not at all.</summary>
    /// <param name="sourcePath">The float32 network's file.</param>
    /// <param name="destinationPath">The <c>.onnx</c> file to make; the weights go to this name with <c>.data</c> added.</param>
    /// <param name="ranges">The ranges that calibration found for this network.</param>
    /// <param name="weightBits">
    /// 8; or 7, with which no processor's 16-bit sums of two products can overflow: 2 · 255 · 63 is less than 2^15.
    /// </param>
    /// <returns>The size of both files in bytes.</returns>
    /// <exception cref="QuantizationException">
    /// The network is none that can be computed in 8 bits, its file is the destination, or the ranges are another network's.
    /// </exception>
    /// <exception cref="InvalidDataException">The source is no ONNX model, or damaged.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static long Quantize(string sourcePath, string destinationPath, ActivationRanges ranges, int weightBits = 8)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        ArgumentOutOfRangeException.ThrowIfLessThan(weightBits, 7);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(weightBits, 8);
        if (Path.GetFullPath(sourcePath) == Path.GetFullPath(destinationPath))
        {
            throw new QuantizationException($"The 8-bit network would replace '{sourcePath}', which it is made from; name another file.");
        }

        return QuantizationGuard.Run(sourcePath, () =>
        {
            OnnxModelFile source = OnnxModelFile.Read(sourcePath);
            QuantizationPlan plan = PlanFor(source, ranges);
            using var graph = new QuantizedGraph(source, plan, ranges, destinationPath, weightBits);
            foreach (NodeProto node in plan.Nodes)
            {
                graph.Add(node);
            }

            return graph.Save(Path.GetFileNameWithoutExtension(destinationPath));
        });
    }

    // What was kept in float32 when the ranges were found has none.
    private static QuantizationPlan PlanFor(OnnxModelFile source, ActivationRanges ranges)
    {
        QuantizationPlan whole = QuantizationPlan.Create(source);
        return HasAll(whole) ? whole
            : Enum.GetValues<FloatParts>().Skip(1).Select(kept => QuantizationPlan.TryCreate(source, kept)).OfType<QuantizationPlan>()
                .FirstOrDefault(HasAll)
                ?? whole;

        bool HasAll(QuantizationPlan plan) => plan.Calibrated.All(tensor => ranges.Find(tensor) is not null);
    }
}
