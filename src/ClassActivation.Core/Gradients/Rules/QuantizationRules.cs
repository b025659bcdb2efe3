using ClassActivation.Onnx;

namespace ClassActivation.Gradients.Rules;

/// <summary>Quantisation, whose steps the gradient does not see: it is that of the network before rounding.</summary>
internal sealed class QuantizationRules : IGradientRules
{
    public string Family => "Quantisation, straight through";

    public IReadOnlyList<GradientRule> Rules { get; } =
    [
        new("QuantizeLinear", "d / scale", static (node, write) => node.Give(0, write.Div(node.Cotangent, Scale(node, write)))),
        new("DequantizeLinear", "d · scale", static (node, write) => node.Give(0, write.Mul(node.Cotangent, Scale(node, write)))),
    ];

    private static string Scale(DifferentiatedNode node, GradientWriter write)
    {
        node.RequireIndependent(1, 2);
        if (node.Proto.Integer("block_size", 0) != 0)
        {
            throw node.Refused("in blocks");
        }

        string scale = node.Proto.Input[1];
        if (node.Dims(scale) is not [> 1])
        {
            return scale;
        }

        long[] dims = node.Dims(node.X);
        int axis = DifferentiatedNode.Axis(node.Proto.Integer("axis", 1), dims.Length);
        return write.Reshape(scale, [.. dims.Select((dim, other) => other == axis ? dim : 1)]);
    }
}
