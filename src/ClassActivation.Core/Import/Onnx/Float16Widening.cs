using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;

namespace ClassActivation.Import.Onnx;

/// <summary>Makes a network of float16 numbers one of float32: the processor computes those faster, and loses nothing.</summary>
internal static class Float16Widening
{
    /// <summary>The same graph with float32 in place of float16; the graph itself where it has none.</summary>
    public static OnnxGraph Apply(OnnxGraph graph)
    {
        ModelProto model = graph.ToModel();
        if (!model.Graph.Initializer.Any(IsHalf) && !model.Graph.Input.Any(static input => ElementType(input) == DataType.Float16))
        {
            return graph;
        }

        graph.LoadExternalData();
        model = graph.ToModel();
        TensorProto[] tensors = [.. model.Graph.Initializer.Select(Widen)];
        model.Graph.Initializer.Clear();
        model.Graph.Initializer.AddRange(tensors);
        foreach (ValueInfoProto value
            in model.Graph.Input.Concat(model.Graph.Output).Where(static value => ElementType(value) == DataType.Float16))
        {
            value.Type.TensorType.ElemType = (int)DataType.Float;
        }

        foreach (AttributeProto attribute in model.Graph.Node.SelectMany(static node => node.Attribute))
        {
            if (attribute is { Name: "to", I: (long)DataType.Float16 })
            {
                attribute.I = (long)DataType.Float;
            }
            else if (attribute.T is not null)
            {
                attribute.T = Widen(attribute.T);
            }
        }

        return new OnnxGraph(model);
    }

    private static DataType ElementType(ValueInfoProto value) => (DataType)(value.Type?.TensorType?.ElemType ?? 0);

    private static bool IsHalf(TensorProto tensor) => tensor.DataType == (int)DataType.Float16;

    private static TensorProto Widen(TensorProto tensor)
    {
        if (!IsHalf(tensor))
        {
            return tensor;
        }

        float[] values = Array.ConvertAll(TensorElements.Numbers(tensor, tensor.RawData.Span)!, static value => (float)value);
        return TensorElements.Create<float>(tensor.Name, values, [.. tensor.Dims]);
    }
}
