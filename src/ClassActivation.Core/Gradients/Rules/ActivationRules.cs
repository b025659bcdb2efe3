using ClassActivation.Onnx;

namespace ClassActivation.Gradients.Rules;

/// <summary>Activation functions.</summary>
internal sealed class ActivationRules : IGradientRules
{
    private const float SeluAlpha = 1.67326319217681884765625f;
    private const float SeluGamma = 1.05070102214813232421875f;

    public string Family => "Activation functions";

    public IReadOnlyList<GradientRule> Rules { get; } =
    [
        // The runtime takes more than twice as long for Sign as for the comparison and the cast.
        Slope("Relu", "d where x > 0", static (node, write) => write.Mask(write.Greater(node.Y, 0))),
        Gradient("LeakyRelu", "d where x > 0, else α d", static (node, write) =>
            Above(node, write, node.Cotangent, write.Mul(node.Cotangent, node.Proto.Number("alpha", 0.01f)))),
        new("PRelu", "d where x > 0, else slope · d; x · d for the slope where x < 0", Parametric),
        Gradient("ThresholdedRelu", "d where x > α", static (node, write) =>
            write.Masked(write.Greater(node.X, node.Proto.Number("alpha", 1)), node.Cotangent)),
        Gradient("Elu", "d where x > 0, else d · (y + α)", static (node, write) =>
            Above(node, write, node.Cotangent, write.Mul(node.Cotangent, write.Add(node.Y, write.Scalar(node.Proto.Number("alpha", 1)))))),
        Gradient("Selu", "γ d where x > 0, else d · (y + γα)", Selu),
        Gradient("Celu", "d where x > 0, else d · (y / α + 1)", static (node, write) => Above(
            node,
            write,
            node.Cotangent,
            write.Mul(node.Cotangent, write.Add(write.Mul(node.Y, 1 / node.Proto.Number("alpha", 1)), write.Scalar(1))))),
        Slope("Softplus", "d · σ(x)", static (node, write) => write.Sigmoid(node.X)),
        Gradient("Softsign", "d / (1 + |x|)²", static (node, write) =>
            write.Div(node.Cotangent, write.Square(write.Add(write.Scalar(1), write.Op("Abs", [node.X]))))),
        Slope("Mish", "d · (t + x · (1 − t²) · σ(x)) with t = tanh(ln(1 + eˣ))", Mish),
        Slope("Sigmoid", "d · y · (1 − y)", static (node, write) => write.Mul(node.Y, write.OneMinus(node.Y))),
        Gradient("HardSigmoid", "α d where 0 < αx + β < 1", HardSigmoid),
        Gradient("HardSwish", "0 below −3, d above 3, d · (x / 3 + ½) between", HardSwish),
        Slope("Tanh", "d · (1 − y²)", static (node, write) => write.OneMinus(write.Square(node.Y))),
        Slope("Erf", "d · 2/√π · exp(−x²)", static (node, write) =>
            write.Mul(write.Exp(write.Neg(write.Square(node.X))), 2 / Math.Sqrt(Math.PI))),
        Slope("Gelu", "d · (Φ(x) + x φ(x)), or the derivative of its approximation by tanh", Gelu),
        new("Gelu", "as above", static (node, write) => node.Give(0, write.Mul(node.Cotangent, Gelu(node, write))), "com.microsoft"),
        new("QuickGelu", "d · (s + αx · s · (1 − s)) with s = σ(αx)", QuickGelu, "com.microsoft"),
        new("Swish", "d · (s + αx · s · (1 − s)) with s = σ(αx)", QuickGelu),
    ];

    private static GradientRule Slope(string name, string formula, Func<DifferentiatedNode, GradientWriter, string> slope) =>
        new(name, formula, (node, write) => node.Give(0, write.Mul(node.Cotangent, slope(node, write))));

    private static GradientRule Gradient(string name, string formula, Func<DifferentiatedNode, GradientWriter, string> gradient) =>
        new(name, formula, (node, write) => node.Give(0, gradient(node, write)));

    private static string Above(DifferentiatedNode node, GradientWriter write, string above, string below) =>
        write.Where(write.Greater(node.X, 0), above, below);

    private static void Parametric(DifferentiatedNode node, GradientWriter write)
    {
        string slope = node.Proto.Input[1];
        node.Give(0, Above(node, write, node.Cotangent, write.Mul(node.Cotangent, slope)));
        if (node.Needs(1))
        {
            string gradient = write.Masked(write.Less(node.X, 0), write.Mul(node.Cotangent, node.X));
            node.Give(1, write.SumTo(node, gradient, node.Dims(node.Y), node.Dims(slope)));
        }
    }

    private static string Selu(DifferentiatedNode node, GradientWriter write)
    {
        float gamma = node.Proto.Number("gamma", SeluGamma);
        string below = write.Add(node.Y, write.Scalar(gamma * node.Proto.Number("alpha", SeluAlpha)));
        return Above(node, write, write.Mul(node.Cotangent, gamma), write.Mul(node.Cotangent, below));
    }

    private static string Mish(DifferentiatedNode node, GradientWriter write)
    {
        string t = write.Op("Tanh", [write.Op("Softplus", [node.X])]);
        string rise = write.Mul(write.OneMinus(write.Square(t)), write.Sigmoid(node.X));
        return write.Add(t, write.Mul(node.X, rise));
    }

    private static string HardSigmoid(DifferentiatedNode node, GradientWriter write)
    {
        float alpha = node.Proto.Number("alpha", 0.2f);
        string isInside = write.Op("And", [write.Greater(node.Y, 0), write.Less(node.Y, 1)]);
        return write.Masked(isInside, write.Mul(node.Cotangent, alpha));
    }

    private static string HardSwish(DifferentiatedNode node, GradientWriter write)
    {
        string between = write.Mul(node.Cotangent, write.Add(write.Mul(node.X, 1.0 / 3), write.Scalar(0.5)));
        string belowThree = write.Where(write.Greater(node.X, 3), node.Cotangent, between);
        return write.Where(write.Less(node.X, -3), write.Scalar(0), belowThree);
    }

    private static string Gelu(DifferentiatedNode node, GradientWriter write)
    {
        string x = node.X;
        if (node.Proto.Text("approximate", "none") == "tanh")
        {
            const double Cubic = 0.044715;
            double scale = Math.Sqrt(2 / Math.PI);
            string square = write.Square(x);
            string argument = write.Mul(write.Mul(x, write.Add(write.Scalar(1), write.Mul(square, Cubic))), scale);
            string t = write.Op("Tanh", [argument]);
            string inner = write.Mul(write.Add(write.Scalar(1), write.Mul(square, 3 * Cubic)), scale);
            string rise = write.Mul(write.Mul(x, write.OneMinus(write.Square(t))), inner);
            return write.Mul(write.Add(write.Add(write.Scalar(1), t), rise), 0.5);
        }

        string distribution = write.Mul(write.Add(write.Op("Erf", [write.Mul(x, Math.Sqrt(0.5))]), write.Scalar(1)), 0.5);
        string density = write.Mul(write.Exp(write.Mul(write.Square(x), -0.5)), 1 / Math.Sqrt(2 * Math.PI));
        return write.Add(distribution, write.Mul(x, density));
    }

    private static void QuickGelu(DifferentiatedNode node, GradientWriter write)
    {
        float alpha = node.Proto.Number("alpha", node.Proto.OpType == "Swish" ? 1 : 1.702f);
        string scaled = write.Mul(node.X, alpha);
        string s = write.Sigmoid(scaled);
        string slope = write.Add(s, write.Mul(scaled, write.Mul(s, write.OneMinus(s))));
        node.Give(0, write.Mul(node.Cotangent, slope));
    }
}
