using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;
using Google.Protobuf;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;

namespace ClassActivation.Tests.Onnx;

/// <summary>What may end the process by dividing integers is found before the runtime sees it, and nothing else is.</summary>
public sealed class IntegerDivisionTests
{
    [Theory]
    [InlineData(2, false)]
    [InlineData(-2, false)]
    [InlineData(0, true)]
    [InlineData(-1, true)]
    public void A_constant_divisor_counts_by_its_value(long divisor, bool traps)
    {
        Assert.Equal(traps, IsFound(Of(Integers("d", divisor), Node("Div", "q", "x", "d"))));
        Assert.Equal(traps, IsFound(Of(Integers("d", divisor), Node("Mod", "q", "x", "d"))));
        Assert.Equal(traps, IsFound(Of(Raw("d", divisor), Node("Div", "q", "x", "d"))));
        Assert.Equal(traps, IsFound(Of(null, Constant("d", divisor), Node("Div", "q", "x", "d"))));
    }

    [Fact]
    public void A_divisor_that_is_computed_is_found()
    {
        Assert.True(IsFound(Of(null, Node("Div", "q", "x", "x"))));
        Assert.True(IsFound(Of(null, Node("Shape", "s", "f"), Node("Neg", "n", "s"), Node("Div", "q", "x", "n"))));
        Assert.True(IsFound(Of(null, Node("Cast", "c", "f", ("to", (int)DataType.Int64)), Node("Mod", "q", "c", "c"))));
        // Computed after a constant of the same name: the computed one counts.
        Assert.True(IsFound(Of(null, Constant("d", 2), Node("Identity", "d", "x"), Node("Div", "q", "x", "d"))));
    }

    [Fact]
    public void Sizes_and_what_is_made_of_them_are_divided_by()
    {
        Assert.False(
            IsFound(
                Of(
                    Integers("two", 2),
                    Node("Shape", "s", "f"),
                    Node("Mul", "m", "s", "two"),
                    Node("Div", "half", "m", "two"),
                    Node("Div", "q", "x", "half"))));
        Assert.True(IsFound(Of(null, Node("Shape", "s", "f"), Node("Sub", "zero", "s", "s"), Node("Div", "q", "x", "zero"))));
        Assert.True(IsFound(Of(Integers("m", -2), Node("Shape", "s", "f"), Node("Mul", "n", "s", "m"), Node("Div", "q", "x", "n"))));
    }

    [Fact]
    public void Floating_point_numbers_are_divided_by_anything()
    {
        Assert.False(IsFound(Of(null, Node("Div", "q", "f", "f"))));
        Assert.False(IsFound(Of(null, Node("Cast", "c", "x", ("to", (int)DataType.Float)), Node("Div", "q", "f", "c"))));
        Assert.False(IsFound(Of(null, Node("Sqrt", "r", "f"), Node("Div", "q", "f", "r"))));
    }

    [Fact]
    public void Parts_of_a_graph_are_searched_with_what_is_around_them()
    {
        var part = new GraphProto { Node = { Node("Div", "q", "x", "d") } };
        NodeProto branch = Node("If", "y", "b");
        branch.Attribute.Add(new AttributeProto { Name = "then_branch", Type = AttributeProto.Types.AttributeType.Graph, G = part });

        Assert.True(IsFound(Of(Integers("d", -1), branch)));
        Assert.False(IsFound(Of(Integers("d", 3), branch)));
    }

    private static bool IsFound(GraphProto graph) => IntegerDivisions.Find(graph) is not null;

    private static GraphProto Of(TensorProto? initializer, params NodeProto[] nodes)
    {
        var graph = new GraphProto();
        graph.Input.Add(Input("x", DataType.Int64));
        graph.Input.Add(Input("f", DataType.Float));
        if (initializer is not null)
        {
            graph.Initializer.Add(initializer);
        }

        graph.Node.AddRange(nodes);
        return graph;
    }

    private static ValueInfoProto Input(string name, DataType type) =>
        new() { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type } } };

    private static TensorProto Integers(string name, long value) =>
        new() { Name = name, DataType = (int)DataType.Int64, Dims = { 1 }, Int64Data = { value } };

    private static TensorProto Raw(string name, long value) =>
        new() { Name = name, DataType = (int)DataType.Int64, Dims = { 1 }, RawData = ByteString.CopyFrom(BitConverter.GetBytes(value)) };

    private static NodeProto Constant(string name, long value)
    {
        NodeProto node = Node("Constant", name);
        node.Attribute.Add(
            new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = Integers("", value) });
        return node;
    }

    private static NodeProto Node(string type, string output, params string[] inputs)
    {
        var node = new NodeProto { OpType = type, Output = { output } };
        node.Input.AddRange(inputs);
        return node;
    }

    private static NodeProto Node(string type, string output, string input, (string Name, long Value) attribute)
    {
        NodeProto node = Node(type, output, input);
        node.Attribute.Add(
            new AttributeProto { Name = attribute.Name, Type = AttributeProto.Types.AttributeType.Int, I = attribute.Value });
        return node;
    }
}
