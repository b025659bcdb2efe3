using ClassActivation.Gradients;

namespace ClassActivation.Tests.Seams;

/// <summary>Hyperbolic functions: with y = sinh x the score's gradient is d · cosh x.</summary>
internal sealed class ExampleGradientRules : IGradientRules
{
    public string Family => "Hyperbolic functions";

    public IReadOnlyList<GradientRule> Rules { get; } =
    [
        new("Sinh", "d · cosh x", static (node, write) => node.Give(0, write.Mul(node.Cotangent, write.Op("Cosh", [node.X])))),
        new("Cosh", "d · sinh x", static (node, write) => node.Give(0, write.Mul(node.Cotangent, write.Op("Sinh", [node.X])))),
    ];
}
