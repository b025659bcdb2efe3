using ClassActivation.Onnx;

namespace ClassActivation.Gradients.Rules;

/// <summary>Products of matrices. Constant weights are transposed by attribute, so that they are not held twice.</summary>
internal sealed class ProductRules : IGradientRules
{
    public string Family => "Products of matrices";

    public IReadOnlyList<GradientRule> Rules { get; } =
    [
        new("MatMul", "d · bᵀ for a, aᵀ · d for b", MatMul),
        new("Gemm", "α d · bᵀ for a, α aᵀ · d for b (transposed as a and b were), β d for c", Gemm),
        new("Einsum", "the product of d with the other operands, by their letters", Einsum),
    ];

    private static void MatMul(DifferentiatedNode node, GradientWriter write)
    {
        (string a, string b, string d) = (node.Proto.Input[0], node.Proto.Input[1], node.Cotangent);
        (long[] aDims, long[] bDims) = (node.Dims(a), node.Dims(b));

        // A vector is a matrix of one row on the left, and of one column on the right.
        long[] aMatrix = aDims.Length == 1 ? [1, aDims[0]] : aDims;
        long[] bMatrix = bDims.Length == 1 ? [bDims[0], 1] : bDims;
        long[] batch = node.Dims(node.Y)[..^((aDims.Length == 1 ? 0 : 1) + (bDims.Length == 1 ? 0 : 1))];
        long[] dMatrix = [.. batch, aMatrix[^2], bMatrix[^1]];
        if (aDims.Length == 1 || bDims.Length == 1)
        {
            node.RefuseRows();
            d = write.Reshape(d, dMatrix);
        }

        if (node.Needs(0) && bDims.Length == 2 && node.IsConstant(1))
        {
            string rows = dMatrix.Length == 2 ? d : write.Reshape(d, -1, dMatrix[^1]);
            string gradient = write.Op("Gemm", [rows, b], ("transB", 1));
            node.Give(0, aDims.Length == 2 ? gradient : write.ReshapeRows(gradient, aDims));
        }
        else if (node.Needs(0))
        {
            string right = bDims.Length == 1 ? write.Reshape(b, 1, -1) : write.TransposeMatrix(b, bMatrix.Length);
            string gradient = write.SumTo(node, write.Op("MatMul", [d, right]), [.. batch, aMatrix[^2], aMatrix[^1]], aMatrix);
            node.Give(0, aDims.Length == 1 ? write.Reshape(gradient, aDims) : gradient);
        }

        if (node.Needs(1))
        {
            if (batch.Length == 0)
            {
                node.RefuseRows();
            }

            string left = aDims.Length == 1 ? write.Reshape(a, -1, 1) : write.TransposeMatrix(a, aMatrix.Length);
            string gradient = write.SumTo(node, write.Op("MatMul", [left, d]), [.. batch, bMatrix[^2], bMatrix[^1]], bMatrix);
            node.Give(1, bDims.Length == 1 ? write.Reshape(gradient, bDims) : gradient);
        }
    }

    private static void Gemm(DifferentiatedNode node, GradientWriter write)
    {
        (string a, string b, string d) = (node.Proto.Input[0], node.Proto.Input[1], node.Cotangent);
        float alpha = node.Proto.Number("alpha", 1);
        long transA = node.Proto.Integer("transA", 0);
        long transB = node.Proto.Integer("transB", 0);
        if (transA != 0 || node.Needs(1))
        {
            node.RefuseRows();
        }

        if (node.Needs(0))
        {
            node.Give(0, transA == 0
                ? write.Op("Gemm", [d, b], ("alpha", alpha), ("transB", 1 - transB))
                : write.Op("Gemm", [b, d], ("alpha", alpha), ("transA", transB), ("transB", 1)));
        }

        if (node.Needs(1))
        {
            node.Give(1, transB == 0
                ? write.Op("Gemm", [a, d], ("alpha", alpha), ("transA", 1 - transA))
                : write.Op("Gemm", [d, a], ("alpha", alpha), ("transA", 1), ("transB", transA)));
        }

        if (node.Needs(2))
        {
            string scaled = write.Mul(d, node.Proto.Number("beta", 1));
            node.Give(2, write.SumTo(node, scaled, node.Dims(node.Y), node.Dims(node.Proto.Input[2])));
        }
    }

    private static void Einsum(DifferentiatedNode node, GradientWriter write)
    {
        node.RefuseRows();
        string equation = node.Proto.Text("equation", "").Replace(" ", "", StringComparison.Ordinal);
        string[] sides = equation.Split("->");
        string[] terms = sides[0].Split(',');
        string result = sides.Length > 1 ? sides[1] : ImplicitResult(sides[0]);
        if (equation.Contains('.', StringComparison.Ordinal) || terms.Any(static term => term.Distinct().Count() != term.Length))
        {
            throw node.Refused($"with the equation '{equation}', which is no plain product");
        }

        for (int i = 0; i < terms.Length; i++)
        {
            if (!node.Needs(i))
            {
                continue;
            }

            int own = i;
            int[] others = [.. Enumerable.Range(0, terms.Length).Where(other => other != own)];
            string[] factors = [result, .. others.Select(other => terms[other])];
            string found = string.Concat(
                terms[i].Where(letter => factors.Any(factor => factor.Contains(letter, StringComparison.Ordinal))));
            string product = write.Op(
                "Einsum",
                [node.Cotangent, .. others.Select(other => node.Proto.Input[other])],
                ("equation", $"{string.Join(',', factors)}->{found}"));
            if (found != terms[i])
            {
                // A letter that stands nowhere else was summed over: each of its elements has the same gradient.
                long[] dims = node.Dims(node.Proto.Input[i]);
                long[] kept = [.. dims.Select((dim, axis) => found.Contains(terms[own][axis], StringComparison.Ordinal) ? dim : 1)];
                product = write.Expand(write.Reshape(product, kept), dims);
            }

            node.Give(i, product);
        }
    }

    private static string ImplicitResult(string terms) => string.Concat(
        terms.Where(char.IsLetter).GroupBy(static letter => letter).Where(static group => group.Count() == 1)
            .Select(static group => group.Key).Order());
}
