using ClassActivation.Gradients;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;
using ClassActivation.Tests.Onnx;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;

namespace ClassActivation.Tests.Gradients;

public sealed class NetworkGradientTests
{
    private const int Features = 8;
    private const int Classes = 3;

    // Heads of ReLU and linear layers are homogeneous but for their biases.
    [Fact]
    public void Activations_times_gradients_and_the_biases_part_are_the_score()
    {
        OnnxGraph graph = DenseHead(out string[] biases);
        float[] x = Numbers(Features, seed: 1);
        float[] cotangent = [0, 1, 0];
        float score = 0;
        double sum = 0;
        foreach (string value in (string[])["x", .. biases])
        {
            OnnxGraph whole = NetworkGradient.Write(WithInput(graph, value), value, "scores").Whole();
            Dictionary<string, float[]> inputs = new() { ["x"] = x, [NetworkGradient.CotangentName] = cotangent };
            float[] values = value == "x" ? x : Array.ConvertAll(graph.Numbers(value)!, static number => (float)number);
            inputs[value] = values;
            float[][] results = GraphRun.Floats(whole, inputs, "scores", NetworkGradient.GradientName);
            score = results[0][1];
            sum += values.Zip(results[1], static (a, g) => (double)a * g).Sum();
        }

        Assert.Equal(score, sum, 1e-5);
    }

    [Fact]
    public void The_greatest_score_is_found_in_the_graph()
    {
        OnnxGraph graph = DenseHead(out _);
        float[] x = Numbers(Features, seed: 2);
        float[][] found = GraphRun.Floats(
            NetworkGradient.Write(graph, "x", "scores", CotangentSource.GreatestScore).Whole(), new() { ["x"] = x }, "scores",
            NetworkGradient.GradientName);
        var cotangent = new float[Classes];
        cotangent[Array.IndexOf(found[0], found[0].Max())] = 1;
        float[] named = GraphRun.Floats(
            NetworkGradient.Write(graph, "x", "scores").Whole(), new() { ["x"] = x, [NetworkGradient.CotangentName] = cotangent },
            NetworkGradient.GradientName);

        Assert.Equal(named, found[1]);
    }

    [Fact]
    public void A_tail_answers_many_classes_in_one_run()
    {
        var gradient = NetworkGradient.Write(DenseHead(out _), "x", "scores");
        float[] x = Numbers(Features, seed: 3);
        float[] rows = GraphRun.Floats(
            gradient.Tail(), new() { ["x"] = x, [NetworkGradient.CotangentName] = [1, 0, 0, 0, 0, 1] }, NetworkGradient.GradientName);
        float[] last = GraphRun.Floats(
            gradient.Tail(), new() { ["x"] = x, [NetworkGradient.CotangentName] = [0, 0, 1] }, NetworkGradient.GradientName);

        Assert.True(gradient.CarriesRows);
        Assert.Equal(2 * Features, rows.Length);
        Assert.Equal(last, rows[Features..]);
    }

    // 700 of 5,000 values, as the parts of a vision transformer's queries, keys and values are taken of their common product.
    [Fact]
    public void Margins_wider_than_a_checked_graph_may_have_are_written_in_steps()
    {
        const int Length = 5000;
        OnnxGraph graph = Empty();
        graph.SetType("x", new OnnxValueType(DataType.Float, [1, Length]));
        string taken = graph.AddNode("Slice", "taken",
        [
            "x",
            graph.AddInitializer<long>("from", [1800], 1),
            graph.AddInitializer<long>("to", [2500], 1),
            graph.AddInitializer<long>("axes", [1], 1),
        ]);
        float[] weights = Numbers(700 * Classes, seed: 21);
        graph.SetOutputs(graph.AddNode("MatMul", "scores", [taken, graph.AddInitializer<float>("w", weights, 700, Classes)]));
        GraphProbe.StateTypes(graph);
        OnnxGraph whole = NetworkGradient.Write(graph, "x", "scores").Whole();
        using var folder = new TemporaryFolder();
        whole.Save(folder.File("gradient.onnx"));

        float[] gradient = GraphRun.Floats(
            OnnxGraph.Read(folder.File("gradient.onnx")),
            new() { ["x"] = Numbers(Length, seed: 22), [NetworkGradient.CotangentName] = [0, 0, 1] },
            NetworkGradient.GradientName);

        float[] expected = new float[Length];
        for (int i = 0; i < 700; i++)
        {
            expected[1800 + i] = weights[(i * Classes) + 2];
        }

        Assert.Equal(expected, gradient);
        Assert.Equal(3, whole.Nodes.Count(static node => node.OpType == "Pad"));
    }

    [Fact]
    public void Weights_are_not_held_twice()
    {
        OnnxGraph graph = DenseHead(out _);
        OnnxGraph whole = NetworkGradient.Write(graph, "x", "scores").Whole();

        Assert.InRange(whole.ConstantBytes, 0, graph.ConstantBytes + 200);
    }

    [Fact]
    public void The_forward_pass_keeps_masks_and_what_products_of_values_take_and_no_more()
    {
        OnnxGraph graph = Empty();
        string weights = graph.AddInitializer<float>("w", Numbers(Features * Features, seed: 31), Features, Features);
        string mask = graph.AddNode(
            "Relu", "mask", [graph.AddNode("Add", "sum", [graph.AddNode("MatMul", "hidden", ["x", weights]), "x"])]);
        string before = graph.AddNode("MatMul", "before", [mask, weights]);
        string swish = graph.AddNode("Mul", "swish", [before, graph.AddNode("Sigmoid", "sigmoid", [before])]);
        graph.SetOutputs(graph.AddNode("Neg", "scores", [graph.AddNode("MatMul", "last", [swish, weights])]));
        GraphProbe.StateTypes(graph);

        IReadOnlyList<string> saved = SavedValues.Of(graph, "x", "scores");
        var gradient = NetworkGradient.Write(graph, "x", "scores");

        Assert.Equal(["mask", "before"], saved);
        Assert.Equal(["before"], SavedValues.Of(graph, "mask", "scores"));
        Assert.Empty(SavedValues.Of(graph, "swish", "scores"));
        float[] x = Numbers(Features, seed: 32), cotangent = Numbers(Features, seed: 33);
        float[][] kept = GraphRun.Floats(WithOutputs(graph, saved), new() { ["x"] = x }, [.. saved]);
        Assert.Equal(
            GraphRun.Floats(
                gradient.Whole(), new() { ["x"] = x, [NetworkGradient.CotangentName] = cotangent }, NetworkGradient.GradientName),
            GraphRun.Floats(
                gradient.Backward(saved),
                new() { ["mask"] = kept[0], ["before"] = kept[1], ["x"] = x, [NetworkGradient.CotangentName] = cotangent },
                NetworkGradient.GradientName));
    }

    private static OnnxGraph WithOutputs(OnnxGraph graph, IReadOnlyList<string> values)
    {
        OnnxGraph clone = graph.Clone();
        clone.SetOutputs(values);
        return clone;
    }

    [Fact]
    public void Operators_without_a_rule_are_named_with_what_to_use_instead()
    {
        OnnxGraph graph = DenseHead(out _);
        graph.SetOutputs(graph.AddNode("CumSum", "summed", ["scores", graph.AddInitializer<long>("axis", [1])]));
        GraphProbe.StateTypes(graph);

        GradientException e = Assert.Throws<GradientException>(() => NetworkGradient.Write(graph, "x", "summed"));
        Assert.Equal(["CumSum"], e.Operators);
        Assert.Contains("'CumSum'", e.Message);
        Assert.Contains("Recipro-CAM", e.Message);
        Assert.Contains("do not depend", Assert.Throws<GradientException>(() => NetworkGradient.Write(graph, "scores", "x")).Message);
    }

    [Fact]
    public void What_goes_around_a_layer_is_handed_to_the_tail()
    {
        OnnxGraph graph = Empty();
        string inner = graph.AddNode("Tanh", "inner", ["x"]);
        string around = graph.AddNode("Sigmoid", "around", ["x"]);
        graph.SetOutputs(graph.AddNode("Mul", "scores", [inner, around]));
        GraphProbe.StateTypes(graph);
        var gradient = NetworkGradient.Write(graph, inner, "scores");

        Assert.Equal(["around"], gradient.Boundary);
        Assert.Equal(["inner", "around"], gradient.Body().Outputs);
        float[] x = Numbers(Features, seed: 4);
        float[] ones = [.. Enumerable.Repeat(1f, Features)];
        float[] given = GraphRun.Floats(
            gradient.Tail(), new() { ["inner"] = x, ["around"] = x, [NetworkGradient.CotangentName] = ones }, NetworkGradient.GradientName);
        Assert.Equal(x, given);
    }

    [Fact]
    public void Quantization_is_passed_straight_through()
    {
        OnnxGraph graph = Empty();
        string scale = graph.AddInitializer<float>("scale", [0.02f]);
        string zero = graph.AddInitializer<byte>("zero", [128]);
        string quantized = graph.AddNode("QuantizeLinear", "quantized", ["x", scale, zero]);
        string back = graph.AddNode("DequantizeLinear", "back", [quantized, scale, zero]);
        graph.SetOutputs(graph.AddNode("Neg", "scores", [back]));
        GraphProbe.StateTypes(graph);
        float[] cotangent = Numbers(Features, seed: 5);
        float[] gradient = GraphRun.Floats(
            NetworkGradient.Write(graph, "x", "scores").Whole(),
            new() { ["x"] = Numbers(Features, seed: 6), [NetworkGradient.CotangentName] = cotangent },
            NetworkGradient.GradientName);

        Assert.Equal(cotangent.Select(static value => -value), gradient, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [SkippableTheory]
    [InlineData("vgg")]
    [InlineData("vit")]
    public void A_written_graph_passes_the_check_of_foreign_files(string name)
    {
        ReferenceNetwork network = ReferenceNetwork.Open(name);
        using TemporaryFolder folder = new();
        OnnxGraph whole = NetworkGradient.Write(network.Prepared, network.Input, network.Logits).Whole();
        whole.Save(folder.File("gradient.onnx"));
        OnnxGraph read = OnnxGraph.Read(folder.File("gradient.onnx"));

        Dictionary<string, float[]> inputs = new()
        {
            [network.Input] = ReferenceNetwork.Read(network.Photos.First()),
            [NetworkGradient.CotangentName] = network.OneHot(3),
        };
        Assert.Equal(
            GraphRun.Floats(whole, inputs, NetworkGradient.GradientName), GraphRun.Floats(read, inputs, NetworkGradient.GradientName));
    }

    [Fact]
    public void The_page_of_operators_is_current()
    {
        string path = Path.Combine(Locations.Repository(), "docs", "gradients-operators.md");
        if (Environment.GetEnvironmentVariable("CLASSACTIVATION_APPROVE_API") is not null)
        {
            File.WriteAllText(path, GradientRules.ToMarkdown());
        }

        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), GradientRules.ToMarkdown());
    }

    private static OnnxGraph Empty()
    {
        var model = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "network" } };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        var graph = new OnnxGraph(model);
        graph.AddInput("x", new OnnxValueType(DataType.Float, [1, Features]));
        return graph;
    }

    /// <summary>Three layers, once as Gemm with transposed weights, once without, once as MatMul and Add.</summary>
    private static OnnxGraph DenseHead(out string[] biases)
    {
        OnnxGraph graph = Empty();
        biases =
        [
            graph.AddInitializer<float>("b1", Numbers(16, seed: 11), 1, 16),
            graph.AddInitializer<float>("b2", Numbers(16, seed: 12), 1, 16),
            graph.AddInitializer<float>("b3", Numbers(Classes, seed: 13), 1, Classes),
        ];
        string w1 = graph.AddInitializer<float>("w1", Numbers(16 * Features, seed: 14), 16, Features);
        string w2 = graph.AddInitializer<float>("w2", Numbers(16 * 16, seed: 15), 16, 16);
        string w3 = graph.AddInitializer<float>("w3", Numbers(16 * Classes, seed: 16), 16, Classes);
        string first = graph.AddNode("Relu", "first", [graph.AddNode("Gemm", "gemm1", ["x", w1, biases[0]], ("transB", 1))]);
        string second = graph.AddNode("Relu", "second", [graph.AddNode("Gemm", "gemm2", [first, w2, biases[1]])]);
        graph.SetOutputs(graph.AddNode("Add", "scores", [graph.AddNode("MatMul", "product", [second, w3]), biases[2]]));
        GraphProbe.StateTypes(graph);
        return graph;
    }

    /// <summary>The same graph with a constant as an input, to differentiate by it.</summary>
    private static OnnxGraph WithInput(OnnxGraph graph, string value)
    {
        if (value == "x")
        {
            return graph;
        }

        ModelProto model = graph.ToModel();
        TensorProto constant = model.Graph.Initializer.Single(tensor => tensor.Name == value);
        model.Graph.Initializer.Remove(constant);
        model.Graph.Input.Add(new OnnxValueType(DataType.Float, [.. constant.Dims]).ToValueInfo(value));
        var opened = new OnnxGraph(model);
        GraphProbe.StateTypes(opened);
        return opened;
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 2) - 1))];
    }
}
