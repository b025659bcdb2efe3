using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;

namespace ClassActivation.Tests.Onnx;

/// <summary>
/// Divisions of the smallest number by −1 whose divisor is meant to be taken for something else. Each of the found ones ended
/// a process when it was run (SIGFPE) without this check.
/// </summary>
public sealed class IntegerDivisionProofTests
{
    [Fact]
    public void What_comes_out_of_a_branch_is_not_known()
    {
        NodeProto branch = Node("If", "d", "condition");
        branch.Attribute.Add(Part("then_branch", new GraphProto { Node = { Node("Identity", "one", "minus") } }));

        Assert.True(IsFound(Of([Constant("minus", -1)], Node("Equal", "condition", "x", "x"), branch, Node("Div", "q", "x", "d"))));
    }

    [Theory]
    [InlineData("NonMaxSuppression")]
    [InlineData("TreeEnsembleClassifier")]
    [InlineData("Loop")]
    [InlineData("SequenceAt")]
    public void Operators_that_give_integers_of_other_numbers_give_what_is_not_known(string type) =>
        Assert.True(IsFound(Of([], Node(type, "n", "f", "f"), Node("Sub", "d", "n", "n"), Node("Div", "q", "x", "d"))));

    [Theory]
    [InlineData("MaxPool")]
    [InlineData("TopK")]
    [InlineData("Unique")]
    [InlineData("Dropout")]
    public void The_second_value_of_an_operator_is_not_of_the_type_of_the_first(string type)
    {
        NodeProto two = Node(type, "first", "f");
        two.Output.Add("second");

        Assert.True(IsFound(Of([], two, Node("Sub", "d", "second", "second"), Node("Div", "q", "x", "d"))));
    }

    [Fact]
    public void Sizes_that_wrap_round_are_no_sizes()
    {
        // Three colours times a third of 2^64 − 1 is −1, and so is 3 + (2^63 − 2) + (2^63 − 2).
        Assert.True(IsFound(Of(
            [Constant("i", 3), Constant("third", 6148914691236517205)],
            Node("Shape", "s", "f"), Node("Gather", "c", "s", "i"), Node("Mul", "d", "c", "third"), Node("Div", "q", "x", "d"))));
        Assert.True(IsFound(Of(
            [Constant("half", long.MaxValue - 1)],
            Node("Shape", "s", "f"), Node("Add", "e", "s", "half"), Node("Add", "d", "e", "half"), Node("Mod", "q", "x", "d"))));

        // What is computed of anything but the network's input may have any size, if it has no elements.
        Assert.True(IsFound(Of(
            [Constant("three", 3)], Node("Relu", "r", "f"), Node("Shape", "s", "r"), Node("Mul", "d", "s", "three"), Node("Div", "q", "x", "d"))));

        // As 32-bit integers, sizes that fit into 64 bits may be negative.
        Assert.True(
            IsFound(Of([], Node("Relu", "r", "f"), Node("Shape", "s", "r"), Cast("d", "s", DataType.Int32), Node("Div", "q", "x", "d"))));
        Assert.True(IsFound(Of(
            [new TensorProto { Name = "many", DataType = (int)DataType.Int32, Dims = { 1 }, Int32Data = { int.MaxValue } }],
            Node("Shape", "s", "f"), Cast("n", "s", DataType.Int32), Node("Mul", "d", "n", "many"), Node("Div", "q", "x", "d"))));
    }

    [Fact]
    public void Sizes_are_divided_by()
    {
        Assert.False(IsFound(Of([], Node("Relu", "r", "f"), Node("Shape", "s", "r"), Node("Div", "q", "x", "s"))));
        Assert.False(IsFound(Of(
            [Constant("i", 2), Constant("one", 1)],
            Node("Relu", "r", "f"), Node("Shape", "s", "r"), Node("Gather", "h", "s", "i"), Node("Concat", "d", "h", "one"),
            Node("Mod", "q", "x", "d"))));
        Assert.False(IsFound(Of(
            [Constant("two", 2)],
            Node("Shape", "s", "f"), Node("Mul", "m", "s", "two"), Node("Add", "a", "m", "two"), Node("Div", "h", "a", "two"),
            Node("Div", "q", "x", "h"))));
        Assert.False(IsFound(Of([], Node("Shape", "s", "f"), Cast("d", "s", DataType.Int32), Node("Div", "q", "x", "d"))));
    }

    [Fact]
    public void What_is_never_the_smallest_number_is_divided_by_anything()
    {
        // Windows of a Swin transformer: a size of one value by the product of two of another.
        Assert.False(IsFound(Of(
            [Constant("i", 1)],
            Node("Relu", "r", "f"), Node("Shape", "s", "r"), Node("Gather", "h", "s", "i"), Node("Mul", "d", "h", "h"),
            Node("Div", "q", "h", "d"))));
        Assert.False(IsFound(Of([Constant("n", -7)], Node("Div", "q", "n", "x"))));
        Assert.True(IsFound(Of([Constant("n", long.MinValue)], Node("Div", "q", "n", "x"))));
        Assert.True(IsFound(Of([Constant("n", 7)], Node("Mul", "m", "n", "x"), Node("Div", "q", "m", "x"))));
    }

    [SkippableFact]
    public void Networks_of_ten_families_pass()
    {
        string[] files = Directory.GetFiles(Path.Combine(Locations.Reference(), "onnx"), "*.onnx");

        Assert.NotEmpty(files);
        Assert.All(files, static file => Assert.Null(IntegerDivisions.Find(OnnxModelFile.Read(file).Model.Graph)));
    }

    [Fact]
    public void Floating_point_numbers_stay_what_they_are_on_their_way()
    {
        Assert.False(IsFound(Of(
            [],
            Node("Conv", "c", "n", "w"), Node("Reshape", "r", "c", "s"), Node("ReduceMean", "m", "r"), Node("Sub", "d", "r", "m"),
            Node("Sqrt", "v", "d"), Node("Div", "q", "d", "v"))));
        Assert.False(IsFound(Of([], Node("Unknown", "u", "f"), Node("Div", "q", "u", "f"))));
    }

    [Fact]
    public void A_part_hides_what_is_around_it_whatever_the_order_of_its_nodes()
    {
        // The part computes a divisor of the name of a constant around it, and the file lists the division first.
        NodeProto loop = Node("Loop", "y", "x");
        loop.Attribute.Add(Part("body", new GraphProto { Node = { Node("Div", "q", "x", "d"), Node("Identity", "d", "minus") } }));
        Assert.True(IsFound(Of([Constant("d", 5), Constant("minus", -1)], loop)));

        // What goes into a part is another value, too.
        NodeProto scan = Node("Scan", "y", "x");
        scan.Attribute.Add(
            Part("body", new GraphProto { Input = { new ValueInfoProto { Name = "d" } }, Node = { Node("Div", "q", "x", "d") } }));
        Assert.True(IsFound(Of([Constant("d", 5)], scan)));
    }

    private static bool IsFound(GraphProto graph) => IntegerDivisions.Find(graph) is not null;

    private static GraphProto Of(TensorProto[] initializers, params NodeProto[] nodes)
    {
        var graph = new GraphProto();
        graph.Input.Add(Input("x", DataType.Int64));
        graph.Input.Add(Input("f", DataType.Float));
        graph.Initializer.Add(initializers);
        graph.Node.Add(nodes);
        return graph;
    }

    private static ValueInfoProto Input(string name, DataType type) =>
        new() { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type } } };

    private static TensorProto Constant(string name, long value) =>
        new() { Name = name, DataType = (int)DataType.Int64, Dims = { 1 }, Int64Data = { value } };

    private static AttributeProto Part(string name, GraphProto graph) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Graph, G = graph };

    private static NodeProto Node(string type, string output, params string[] inputs) =>
        new() { OpType = type, Output = { output }, Input = { inputs } };

    private static NodeProto Cast(string output, string input, DataType type)
    {
        NodeProto node = Node("Cast", output, input);
        node.Attribute.Add(new AttributeProto { Name = "to", Type = AttributeProto.Types.AttributeType.Int, I = (long)type });
        return node;
    }
}
