namespace ClassActivation.Gradients;

/// <summary>Writes nodes that carry the cotangent of a node's results on to the values it takes.</summary>
internal delegate void GradientStep(DifferentiatedNode node, GradientWriter write);

/// <summary>How an operator is differentiated: its vector–Jacobian product as further nodes.</summary>
/// <param name="Operator">The operator's name.</param>
/// <param name="Formula">The gradient as one reads it: d is the cotangent of the result y, and x what the node takes.</param>
/// <param name="Step">Writes it.</param>
/// <param name="Domain">The operator's domain; empty for the standard ones.</param>
internal sealed record GradientRule(string Operator, string Formula, GradientStep Step, string Domain = "")
{
    /// <summary>The name that <see cref="GradientRules"/> finds it by.</summary>
    public string Key => Domain.Length == 0 ? Operator : $"{Domain}.{Operator}";
}

/// <summary>A family of operators that are differentiated alike.</summary>
internal interface IGradientRules
{
    /// <summary>What the operators have in common, as a heading.</summary>
    string Family { get; }

    /// <summary>The rules, one for each operator.</summary>
    IReadOnlyList<GradientRule> Rules { get; }
}
