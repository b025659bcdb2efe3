using ClassActivation.Onnx;

namespace ClassActivation.Gradients.Rules;

/// <summary>Softmax and its logarithm.</summary>
internal sealed class SoftmaxRules : IGradientRules
{
    public string Family => "Softmax";

    public IReadOnlyList<GradientRule> Rules { get; } =
    [
        new("Softmax", "y · (d − Σ d · y)", Softmax),
        new("LogSoftmax", "d − exp(y) · Σ d", LogSoftmax),
    ];

    private static void Softmax(DifferentiatedNode node, GradientWriter write)
    {
        string product = write.Mul(node.Cotangent, node.Y);
        node.Give(0, write.Sub(product, write.Mul(node.Y, write.Sum(product, [Axis(node)]))));
    }

    private static void LogSoftmax(DifferentiatedNode node, GradientWriter write) =>
        node.Give(0, write.Sub(node.Cotangent, write.Mul(write.Exp(node.Y), write.Sum(node.Cotangent, [Axis(node)]))));

    private static int Axis(DifferentiatedNode node)
    {
        int axis = DifferentiatedNode.Axis(node.Proto.Integer("axis", -1), node.Dims(node.X).Length);
        node.RefuseRowsOn([axis]);
        return axis;
    }
}
