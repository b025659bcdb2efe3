namespace ClassActivation.Gradients.Rules;

/// <summary>Arithmetic, element by element.</summary>
internal sealed class ArithmeticRules : IGradientRules
{
    public string Family => "Arithmetic";

    public IReadOnlyList<GradientRule> Rules { get; } =
    [
        new("Add", "d for both", static (node, write) => ToOperands(node, write, node.Cotangent, node.Cotangent)),
        new("Sub", "d for a, −d for b", Subtract),
        new("Mul", "d · b for a, d · a for b", Multiply),
        new("Div", "d / b for a, −d · y / b for b", Divide),
        new("Neg", "−d", static (node, write) => node.Give(0, write.Neg(node.Cotangent))),
        new("Abs", "d · sign(x)", static (node, write) => node.Give(0, write.Mul(node.Cotangent, write.Op("Sign", [node.X])))),
        new("Pow", "d · p · x^(p−1) for x, d · y · ln x for p", Power),
        new("Sqrt", "d / (2 y)", static (node, write) => node.Give(0, write.Div(write.Mul(node.Cotangent, 0.5), node.Y))),
        new("Exp", "d · y", static (node, write) => node.Give(0, write.Mul(node.Cotangent, node.Y))),
        new("Log", "d / x", static (node, write) => node.Give(0, write.Div(node.Cotangent, node.X))),
        new("Reciprocal", "−d · y²", static (node, write) => node.Give(0, write.Neg(write.Mul(node.Cotangent, write.Square(node.Y))))),
        new("Sin", "d · cos x", static (node, write) => node.Give(0, write.Mul(node.Cotangent, write.Op("Cos", [node.X])))),
        new("Cos", "−d · sin x", static (node, write) => node.Give(0, write.Neg(write.Mul(node.Cotangent, write.Op("Sin", [node.X]))))),
        new("Sum", "d for each", static (node, write) => ToEach(node, write, _ => node.Cotangent)),
        new("Mean", "d / n for each of n", Average),
        new("Min", "d where x is the least; equals share it", Extremum),
        new("Max", "d where x is the greatest; equals share it", Extremum),
        new("Clip", "d where min < x < max", Clip),
        new("Where", "d where the value was taken, else 0", Choose),
        new("Floor", "0", static (_, _) => { }),
        new("Ceil", "0", static (_, _) => { }),
        new("Round", "0", static (_, _) => { }),
        new("Sign", "0", static (_, _) => { }),
    ];

    private static void Subtract(DifferentiatedNode node, GradientWriter write) =>
        ToOperands(node, write, node.Cotangent, node.Needs(1) ? write.Neg(node.Cotangent) : "");

    private static void Multiply(DifferentiatedNode node, GradientWriter write) => ToOperands(
        node,
        write,
        node.Needs(0) ? write.Mul(node.Cotangent, node.Proto.Input[1]) : "",
        node.Needs(1) ? write.Mul(node.Cotangent, node.Proto.Input[0]) : "");

    private static void Divide(DifferentiatedNode node, GradientWriter write)
    {
        string quotient = write.Div(node.Cotangent, node.Proto.Input[1]);
        ToOperands(node, write, quotient, node.Needs(1) ? write.Neg(write.Mul(quotient, node.Y)) : "");
    }

    private static void Power(DifferentiatedNode node, GradientWriter write)
    {
        (string x, string exponent) = (node.X, node.Proto.Input[1]);
        string forBase = "";
        if (node.Needs(0))
        {
            string slope = node.IsConstant(1) && node.Numbers(1) is [double power]
                ? power switch
                {
                    2 => write.Mul(x, 2),
                    3 => write.Mul(write.Square(x), 3),
                    _ => write.Mul(write.Op("Pow", [x, write.Scalar(power - 1)]), power),
                }
                : write.Mul(exponent, write.Op("Pow", [x, write.Sub(exponent, write.Scalar(1))]));
            forBase = write.Mul(node.Cotangent, slope);
        }

        string forExponent = node.Needs(1) ? write.Mul(node.Cotangent, write.Mul(node.Y, write.Op("Log", [x]))) : "";
        ToOperands(node, write, forBase, forExponent);
    }

    private static void Average(DifferentiatedNode node, GradientWriter write)
    {
        string share = write.Mul(node.Cotangent, 1.0 / node.Proto.Input.Count);
        ToEach(node, write, _ => share);
    }

    private static void Extremum(DifferentiatedNode node, GradientWriter write)
    {
        string[] masks = [.. node.Proto.Input.Select(input => write.Mask(write.Op("Equal", [input, node.Y])))];
        string share = masks.Length == 1 ? node.Cotangent : write.Div(node.Cotangent, write.Op("Sum", masks));
        ToEach(node, write, input => write.Mul(share, masks[input]));
    }

    private static void Clip(DifferentiatedNode node, GradientWriter write)
    {
        node.RequireIndependent(1, 2);
        string gradient = node.Cotangent;
        if (node.Proto.Input.Count > 1 && node.Proto.Input[1].Length > 0)
        {
            gradient = write.Masked(write.Op("Greater", [node.X, node.Proto.Input[1]]), gradient);
        }

        if (node.Proto.Input.Count > 2 && node.Proto.Input[2].Length > 0)
        {
            gradient = write.Masked(write.Op("Less", [node.X, node.Proto.Input[2]]), gradient);
        }

        node.Give(0, gradient);
    }

    private static void Choose(DifferentiatedNode node, GradientWriter write)
    {
        string condition = node.X;
        ToEach(node, write, input => input == 1
            ? write.Where(condition, node.Cotangent, write.Scalar(0))
            : write.Where(condition, write.Scalar(0), node.Cotangent), first: 1);
    }

    private static void ToOperands(DifferentiatedNode node, GradientWriter write, string forFirst, string forSecond) =>
        ToEach(node, write, input => input == 0 ? forFirst : forSecond);

    /// <summary>Gives each operand its gradient, summed to the operand's own dimensions.</summary>
    private static void ToEach(DifferentiatedNode node, GradientWriter write, Func<int, string> gradient, int first = 0)
    {
        long[] dims = node.Dims(node.Y);
        for (int input = first; input < node.Proto.Input.Count; input++)
        {
            if (node.Needs(input))
            {
                node.Give(input, write.SumTo(node, gradient(input), dims, node.Dims(node.Proto.Input[input])));
            }
        }
    }
}
