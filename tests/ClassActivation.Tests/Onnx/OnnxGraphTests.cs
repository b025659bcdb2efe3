using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;

namespace ClassActivation.Tests.Onnx;

public sealed class OnnxGraphTests
{
    [Fact]
    public void Nodes_are_sorted_and_found_from_their_values()
    {
        OnnxGraph graph = Chain(isReversed: true);

        Assert.Equal(["relu", "neg", "sum"], graph.Nodes.Select(node => node.Name));
        Assert.Equal("neg", graph.Producer("n")!.Name);
        Assert.Null(graph.Producer("x"));
        Assert.Equal(["neg", "sum"], graph.Consumers("r").Select(node => node.Name));
        Assert.Equal([2.0, 3.0], graph.Numbers("two")!);
        Assert.Equal(["n", "r", "s"], graph.Dependents("r").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_cycle_is_refused()
    {
        ModelProto model = Chain().ToModel();
        model.Graph.Node[0].Input[0] = "s";

        Assert.Contains("needs its own result", Assert.Throws<InvalidDataException>(() => new OnnxGraph(model)).Message);
    }

    [Fact]
    public void A_part_has_only_what_its_outputs_need()
    {
        OnnxGraph graph = Chain();
        OnnxGraph body = graph.Extract(["x"], ["r"]);
        OnnxGraph tail = graph.Extract(["r"], ["s"]);

        Assert.Equal(["relu"], body.Nodes.Select(node => node.Name));
        Assert.Empty(body.Initializers);
        Assert.Equal(["neg", "sum"], tail.Nodes.Select(node => node.Name));
        Assert.Equal(["two"], tail.Initializers);
        Assert.Equal(["r"], tail.Inputs);
        Assert.Contains("'x'", Assert.Throws<InvalidDataException>(() => graph.Extract(["n"], ["s"])).Message);
    }

    [Fact]
    public void Names_are_changed_everywhere_and_stay_unique()
    {
        OnnxGraph graph = Chain();
        graph.Rename("r", "features");
        graph.Rename("s", "scores");

        Assert.Equal("features", graph.Producer("n")!.Input[0]);
        Assert.Equal(["scores"], graph.Outputs);
        Assert.Equal("scores_2", graph.UniqueName("scores"));
        Assert.Equal("scores_3", graph.UniqueName("scores"));
        Assert.Throws<ArgumentException>(() => graph.Rename("n", "x"));
    }

    [Fact]
    public void A_saved_graph_is_checked_and_computes_the_same()
    {
        using TemporaryFolder folder = new();
        OnnxGraph graph = Chain();
        var large = new float[1000];
        large.AsSpan().Fill(0.5f);
        string constant = graph.AddInitializer<float>("large", large, 500, 2);
        string sum = graph.AddNode("ReduceMean", "mean", [constant], ("axes", new long[] { 0 }), ("keepdims", 0));
        string total = graph.AddNode("Add", "total", ["s", sum]);
        graph.SetOutputs(total);
        string path = folder.File("graph.onnx");
        graph.Save(path);
        OnnxGraph read = OnnxGraph.Read(path);

        Assert.True(File.Exists(path + ".data"));
        Assert.Equal(GraphRun.Floats(graph, new() { ["x"] = [1, -1] }, total), GraphRun.Floats(read, new() { ["x"] = [1, -1] }, total));
        Assert.Equal([2.5f, 3.5f], GraphRun.Floats(read, new() { ["x"] = [1, -1] }, total));
        read.LoadExternalData();
        File.Delete(path + ".data");
        Assert.Equal(large.Select(value => (double)value), read.Numbers("large")!);
    }

    [Fact]
    public void Preparation_fixes_dimensions_computes_constants_and_states_types()
    {
        var graph = new OnnxGraph(Chain().ToModel());
        graph.SetType("x", new OnnxValueType(DataType.Float, [-1, 2]));
        string doubled = graph.AddNode("Add", "doubled", ["two", "two"]);
        graph.SetOutputs(graph.AddNode("Mul", "product", ["s", doubled]));
        OnnxGraph prepared = GraphPreparation.Prepare(graph);

        Assert.Equal([1L, 2L], prepared.TypeOf("x")!.Dims!);
        Assert.Equal([1L, 2L], prepared.TypeOf("product")!.Dims!);
        Assert.Equal(4, prepared.Nodes.Count);
        Assert.Equal([8f, 18f], GraphRun.Floats(prepared, new() { ["x"] = [1, -1] }, "product"));
        Assert.Equal(-1, graph.TypeOf("x")!.Dims![0]);

        graph.SetType("x", new OnnxValueType(DataType.Float, [1, -1]));
        Assert.Contains("free dimension", Assert.Throws<InvalidDataException>(() => GraphPreparation.Prepare(graph)).Message);
        Assert.Equal([1L, 2L], GraphPreparation.Prepare(graph, new Dictionary<string, long[]> { ["x"] = [1, 2] }).TypeOf("s")!.Dims!);
    }

    [Fact]
    public void A_graph_whose_constants_were_moved_to_a_file_computes_the_same_and_holds_none()
    {
        using TemporaryFolder folder = new();
        OnnxGraph graph = Chain();
        var large = new float[1000];
        large.AsSpan().Fill(0.25f);
        string mean = graph.AddNode(
            "ReduceMean", "mean", [graph.AddInitializer<float>("large", large, 500, 2)], ("axes", new long[] { 0 }), ("keepdims", 0));
        graph.SetOutputs(graph.AddNode("Add", "total", ["s", mean]));
        OnnxGraph moved = graph.WithConstantsIn(folder.Path);

        Assert.InRange(graph.HeldBytes, 4000, 4200);
        Assert.InRange(moved.HeldBytes, 0, 200);
        Assert.Equal(graph.ConstantBytes, moved.ConstantBytes, 100.0);
        Assert.Equal([2.25f, 3.25f], GraphRun.Floats(moved, new() { ["x"] = [1, -1] }, "total"));
        OnnxGraph prepared = GraphPreparation.PrepareIn(Directory.CreateDirectory(folder.File("prepared")).FullName, moved);
        Assert.Equal([2.25f, 3.25f], GraphRun.Floats(prepared, new() { ["x"] = [1, -1] }, "total"));
    }

    [Fact]
    public void Too_little_memory_is_told_as_such_and_not_as_damage()
    {
        OnnxGraph graph = Chain();
        string shape = graph.AddInitializer<long>("shape", [1L << 22, 1L << 24], 2);
        string huge = graph.AddNode("ConstantOfShape", "huge", [shape]);
        string least = graph.AddNode("ReduceMin", "least", [huge], ("keepdims", 0));
        graph.SetOutputs(graph.AddNode("Add", "sum", ["s", least]));

        Assert.Throws<InsufficientMemoryException>(() => GraphPreparation.Prepare(graph));
    }

    // s = relu(x) + (−relu(x)) + 2 or 3, in three nodes.
    private static OnnxGraph Chain(bool isReversed = false)
    {
        var model = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "chain" } };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        var type = new OnnxValueType(DataType.Float, [1, 2]);
        model.Graph.Input.Add(type.ToValueInfo("x"));
        model.Graph.Output.Add(type.ToValueInfo("s"));
        model.Graph.Initializer.Add(TensorElements.Create<float>("two", [2, 3], 2));
        NodeProto[] nodes = [Node("Relu", "relu", "r", "x"), Node("Neg", "neg", "n", "r"), Node("Sum", "sum", "s", "r", "n", "two")];
        model.Graph.Node.AddRange(isReversed ? nodes.Reverse() : nodes);
        return new OnnxGraph(model);
    }

    private static NodeProto Node(string type, string name, string output, params string[] inputs)
    {
        var node = new NodeProto { OpType = type, Name = name };
        node.Output.Add(output);
        node.Input.AddRange(inputs);
        return node;
    }
}
