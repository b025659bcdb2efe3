using ClassActivation.Onnx.Schema;
using ClassActivation.Tests.Quantization;
using Google.Protobuf;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;

namespace ClassActivation.Tests.Isolation;

/// <summary>Networks that are well-formed and of the right kind, and take all time or all memory there is.</summary>
internal static class GreedyNetwork
{
    /// <summary>Writes one that counts to more than 2^50 for each photo.</summary>
    public static void WriteEndless(string path)
    {
        var body = new GraphProto { Name = "body" };
        body.Input.Add([Value("turn", DataType.Int64), Value("goes_on", DataType.Bool), Value("sum", DataType.Float)]);
        body.Initializer.Add(new TensorProto { Name = "one", DataType = (int)DataType.Float, FloatData = { 1f } });
        body.Node.Add(Node("Identity", "goes_on_too", "goes_on"));
        body.Node.Add(Node("Add", "next_sum", "sum", "one"));
        body.Output.Add([Value("goes_on_too", DataType.Bool), Value("next_sum", DataType.Float)]);
        NodeProto loop = Node("Loop", "extra", "turns", "", "zero");
        loop.Attribute.Add(new AttributeProto { Name = "body", Type = AttributeProto.Types.AttributeType.Graph, G = body });
        Write(
            path,
            Node("Size", "size", "image"),
            Node("Mul", "turns", "size", "many"),
            loop);
    }

    /// <summary>Writes one that needs four bytes for each pixel of a photo whose sides are multiplied.</summary>
    public static void WriteWide(string path, long times)
    {
        NodeProto largest = Node("ReduceMax", "extra", "wide");
        largest.Attribute.Add(new AttributeProto { Name = "keepdims", Type = AttributeProto.Types.AttributeType.Int, I = 0 });
        Write(
            path,
            Node("Shape", "shape", "image"),
            Node("Mul", "wide_shape", "shape", "times"),
            Node("Expand", "wide", "zero_of_one", "wide_shape"),
            largest);
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        model.Graph.Initializer.Add(
            new TensorProto { Name = "times", DataType = (int)DataType.Int64, Dims = { 4 }, Int64Data = { 1, times, times, 1 } });
        File.WriteAllBytes(path, model.ToByteArray());
    }

    // What is computed besides is added to the feature maps, so that it is needed.
    private static void Write(string path, params NodeProto[] nodes)
    {
        ResidualNetwork.Write(path);
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        GraphProto graph = model.Graph;
        graph.Initializer.Add(new TensorProto { Name = "many", DataType = (int)DataType.Int64, Int64Data = { 1L << 40 } });
        graph.Initializer.Add(new TensorProto { Name = "zero", DataType = (int)DataType.Float, FloatData = { 0f } });
        graph.Initializer.Add(new TensorProto { Name = "zero_of_one", DataType = (int)DataType.Float, Dims = { 1 }, FloatData = { 0f } });
        int first = graph.Node.IndexOf(graph.Node.First(static node => node.OpType == "Relu"));
        NodeProto relu = graph.Node[first];
        NodeProto add = Node("Add", "disturbed", relu.Input[0], "extra");
        relu.Input[0] = "disturbed";
        for (int i = 0; i < nodes.Length; i++)
        {
            graph.Node.Insert(first + i, nodes[i]);
        }

        graph.Node.Insert(first + nodes.Length, add);
        File.WriteAllBytes(path, model.ToByteArray());
    }

    private static NodeProto Node(string type, string output, params string[] inputs) =>
        new() { OpType = type, Name = output, Output = { output }, Input = { inputs } };

    private static ValueInfoProto Value(string name, DataType type) => new()
    {
        Name = name,
        Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = new TensorShapeProto() } },
    };
}
