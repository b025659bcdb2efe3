using ClassActivation.Onnx.Schema;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;

namespace ClassActivation.Onnx;

/// <summary>The type of a tensor that a graph computes.</summary>
/// <param name="ElementType">The type of its elements.</param>
/// <param name="Dims">Its dimensions; −1 for one that is free. Null where not even their number is known.</param>
internal sealed record OnnxValueType(DataType ElementType, IReadOnlyList<long>? Dims)
{
    /// <summary>Whether all dimensions are known.</summary>
    public bool IsFixed => Dims is not null && Dims.All(static dim => dim >= 0);

    public static OnnxValueType? Of(ValueInfoProto value)
    {
        TypeProto.Types.Tensor? tensor = value.Type?.TensorType;
        return tensor is null || tensor.ElemType == 0
            ? null
            : new OnnxValueType((DataType)tensor.ElemType, tensor.Shape is null ? null : [.. tensor.Shape.Dim.Select(Size)]);

        static long Size(TensorShapeProto.Types.Dimension dim) =>
            dim.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue ? dim.DimValue : -1;
    }

    /// <summary>How the schema writes it.</summary>
    public ValueInfoProto ToValueInfo(string name)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)ElementType };
        if (Dims is not null)
        {
            tensor.Shape = new TensorShapeProto();
            foreach (long dim in Dims)
            {
                tensor.Shape.Dim.Add(
                    dim >= 0 ? new TensorShapeProto.Types.Dimension { DimValue = dim } : new TensorShapeProto.Types.Dimension());
            }
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    public override string ToString() =>
        Dims is null ? $"{ElementType}" : $"{ElementType} {string.Join('×', Dims.Select(static dim => dim < 0 ? "?" : $"{dim}"))}";
}
