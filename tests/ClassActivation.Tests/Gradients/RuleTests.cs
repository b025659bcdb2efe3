using ClassActivation.Gradients;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;
using ClassActivation.Tests.Onnx;
using Xunit.Abstractions;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;
using OnnxValueType = ClassActivation.Onnx.OnnxValueType;

namespace ClassActivation.Tests.Gradients;

/// <summary>Each operator's rule, by itself.</summary>
public sealed class RuleTests(ITestOutputHelper output)
{
    private const double AutogradTolerance = 1e-5;
    private const double AdjointTolerance = 1e-5;
    private const double DifferenceTolerance = 1e-3;

    public static TheoryData<string> Cases => [.. RuleCase.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_gradient_is_that_of_autograd(string name)
    {
        var rule = RuleCase.Of(name);
        OnnxGraph graph = rule.Graph();
        foreach (string input in rule.Differentiated)
        {
            foreach (bool copiesWeights in (bool[])[false, true])
            {
                var written = NetworkGradient.Write(graph, input, "y", copiesWeights: copiesWeights);
                (double[] result, double[] gradient) = Run(written, rule.Inputs(), rule.Cotangent);

                Assert.InRange(Error(rule.Result, result), 0, AutogradTolerance);
                Assert.InRange(Error(rule.GradientOf(input), gradient), 0, AutogradTolerance);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_of_linear_operators_are_their_adjoints_and_those_of_others_their_differences(string name)
    {
        var rule = RuleCase.Of(name);
        OnnxGraph graph = rule.GraphOfBestPrecision(out bool isDouble);
        foreach (string input in rule.Differentiated)
        {
            Dictionary<string, double[]> inputs = rule.Inputs();
            var gradient = NetworkGradient.Write(graph, input, "y");
            double[] cotangent = Numbers(rule.Cotangent.Length, seed: 3);
            double[] x = inputs[input];
            double[] direction = rule.IsLinear ? x : Numbers(x.Length, seed: 4);
            double step = isDouble ? 1e-4 : 2e-3;

            // A linear operator's difference is exact at any distance, from 0 to x as well.
            (double ahead, double behind) = rule.IsLinear ? (0.0, -1.0) : (step, -step);
            double[] after = Result(graph, inputs, input, x, direction, ahead);
            double[] before = Result(graph, inputs, input, x, direction, behind);
            double expected = after.Zip(before).Select((pair, i) => (pair.First - pair.Second) / (ahead - behind) * cotangent[i]).Sum();
            double[] given = Run(gradient, inputs, cotangent).Gradient;
            double actual = given.Zip(direction, static (a, b) => a * b).Sum();

            // Sums of terms of both signs are compared by the size of the terms.
            double scale = Math.Sqrt(given.Sum(static value => value * value) * direction.Sum(static value => value * value));
            output.WriteLine($"{name} {input}: {Math.Abs(expected - actual) / scale:e1} {(isDouble ? "double" : "float")}");
            Assert.InRange(Math.Abs(expected - actual) / scale, 0, rule.IsLinear ? AdjointTolerance : DifferenceTolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rows_of_cotangents_give_what_each_gives_alone(string name)
    {
        var rule = RuleCase.Of(name);
        OnnxGraph graph = rule.Graph();
        foreach (string input in rule.Differentiated)
        {
            var gradient = NetworkGradient.Write(graph, input, "y");
            if (!gradient.CarriesRows)
            {
                continue;
            }

            Dictionary<string, double[]> inputs = rule.Inputs();
            double[][] cotangents = [rule.Cotangent, Numbers(rule.Cotangent.Length, seed: 5), Numbers(rule.Cotangent.Length, seed: 6)];
            double[] alone = [.. cotangents.SelectMany(cotangent => Run(gradient, inputs, cotangent).Gradient)];

            Assert.InRange(Error(alone, Run(gradient, inputs, [.. cotangents.SelectMany(static row => row)]).Gradient), 0, 1e-6);
        }
    }

    [Fact]
    public void The_operators_of_image_networks_have_rules()
    {
        string[] operators =
        [
            "Add", "Sub", "Mul", "Div", "Neg", "Pow", "Sqrt", "Exp", "Log", "Reciprocal", "Abs", "Min", "Max", "Where", "Clip",
            "Relu", "LeakyRelu", "PRelu", "Elu", "Selu", "Celu", "Softplus", "Softsign", "Mish", "Sigmoid", "HardSigmoid", "HardSwish",
            "Tanh", "Erf", "Gelu", "Softmax", "LogSoftmax", "MatMul", "Gemm", "Einsum", "Conv", "ConvTranspose",
            "BatchNormalization", "InstanceNormalization", "LayerNormalization", "GroupNormalization", "RMSNormalization",
            "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "ReduceMean", "ReduceSum", "ReduceMax", "ReduceL2",
            "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Expand", "Tile", "Concat", "Split", "Slice", "Gather",
            "GatherElements", "Pad", "Resize", "DepthToSpace", "SpaceToDepth", "Cast", "Identity", "Dropout", "QuantizeLinear",
            "DequantizeLinear",
        ];

        Assert.Empty(operators.Except(GradientRules.Families.SelectMany(static family => family.Rules).Select(static rule => rule.Key)));
    }

    // Torch gives a tie to the first maximum, too, where its kernel scans in that order; others need not. Of these 2×2 windows of a
    // 4×4 value, all equal in the first, two equal in the second and none in the others, the first maximum has all.
    [Fact]
    public void Of_tied_maxima_in_a_window_the_first_has_the_gradient()
    {
        var model = new ModelProto { IrVersion = 10, Graph = new GraphProto { Name = "ties" } };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 18 });
        model.Graph.Input.Add(new OnnxValueType(DataType.Float, [1, 1, 4, 4]).ToValueInfo("x"));
        var graph = new OnnxGraph(model);
        string pooled = graph.AddNode("MaxPool", "pooled", ["x"], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));
        graph.SetOutputs(graph.AddNode("Reshape", "y", [pooled, graph.AddInitializer<long>("dims", [1, 4], 2)]));
        GraphProbe.StateTypes(graph);

        float[] gradient = GraphRun.Floats(
            NetworkGradient.Write(graph, "x", graph.Outputs[0]).Whole(),
            new()
            {
                ["x"] = [5, 5, 1, 7, 5, 5, 7, 2, 1, 2, 8, 7, 3, 4, 6, 5],
                [NetworkGradient.CotangentName] = [1, 2, 3, 4],
            },
            NetworkGradient.GradientName);

        Assert.Equal([1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 4, 0, 0, 3, 0, 0], gradient);
    }

    [Fact]
    public void Every_rule_has_a_case()
    {
        // Rounding has no derivative that differences could find; QuantizationTests have these.
        string[] straightThrough = ["DequantizeLinear", "QuantizeLinear"];
        HashSet<string> known = [.. RuleCase.Names.SelectMany(static name => RuleCase.Of(name).Operators), .. straightThrough];

        Assert.Empty(GradientRules.Families.SelectMany(static family => family.Rules).Select(static rule => rule.Key).Except(known));
    }

    private static (double[] Result, double[] Gradient) Run(
        NetworkGradient gradient, Dictionary<string, double[]> inputs, double[] cotangent)
    {
        OnnxGraph whole = gradient.Whole();
        Dictionary<string, double[]> all = new(inputs) { [NetworkGradient.CotangentName] = cotangent };
        double[][] results = GraphRun.Numbers(whole, all, "y", NetworkGradient.GradientName);
        return (results[0], results[1]);
    }

    private static double[] Result(
        OnnxGraph graph, Dictionary<string, double[]> inputs, string input, double[] x, double[] direction, double step)
    {
        Dictionary<string, double[]> moved = new(inputs) { [input] = [.. x.Zip(direction, (a, b) => a + (step * b))] };
        return GraphRun.Numbers(graph, moved, "y")[0];
    }

    private static double[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble() * 2) - 1)];
    }

    private static double Error(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = expected.Max(Math.Abs);
        double difference = expected.Zip(actual, static (a, b) => Math.Abs(a - b)).Max();
        return largest > 0 ? difference / largest : difference;
    }
}
