using System.Collections.Frozen;
using System.Text;
using ClassActivation.Gradients.Rules;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;

namespace ClassActivation.Gradients;

/// <summary>All operators that can be differentiated. A new family is added to the list here, and nowhere else.</summary>
internal static class GradientRules
{
    /// <summary>The families.</summary>
    public static readonly IReadOnlyList<IGradientRules> Families =
    [
        new ArithmeticRules(),
        new ActivationRules(),
        new SoftmaxRules(),
        new ProductRules(),
        new ConvolutionRules(),
        new NormalizationRules(),
        new PoolingRules(),
        new ReductionRules(),
        new ShapeRules(),
        new SelectionRules(),
        new ResizeRules(),
        new QuantizationRules(),
    ];

    private static readonly FrozenDictionary<string, GradientRule> ByKey =
        Families.SelectMany(static family => family.Rules).ToFrozenDictionary(static rule => rule.Key, StringComparer.Ordinal);

    /// <summary>The rule for a node; null where its operator has none.</summary>
    public static GradientRule? Find(NodeProto node) => ByKey.GetValueOrDefault(KeyOf(node));

    /// <summary>An operator's name, with its domain where it is no standard one.</summary>
    public static string KeyOf(NodeProto node) =>
        OnnxGraph.DomainOf(node.Domain) is { Length: > 0 } domain ? $"{domain}.{node.OpType}" : node.OpType;

    /// <summary>The operators and their formulas as a page of Markdown.</summary>
    public static string ToMarkdown()
    {
        var page = new StringBuilder();
        page.Append("# Operators with a gradient\n\n");
        page.Append(
            "This page is written from the code. `x`, `a`, `b` are what an operator takes, `y` is its result, `d` the gradient of the ");
        page.Append(
            "score in `y`; the formula is the gradient of the score in `x`. Products are element by element where no `·` of matrices is ");
        page.Append(
            "meant; where an operand was broadcast, the gradient is summed over the repeated axes. [gradients.md](gradients.md) explains ");
        page.Append("the idea.\n");
        foreach (IGradientRules family in Families)
        {
            page.Append("\n## ").Append(family.Family).Append("\n\n| operator | gradient |\n|---|---|\n");
            foreach (GradientRule rule in family.Rules)
            {
                page.Append("| ").Append(rule.Key).Append(" | ").Append(rule.Formula.Replace("|", "\\|", StringComparison.Ordinal))
                    .Append(" |\n");
            }
        }

        return page.ToString();
    }
}
