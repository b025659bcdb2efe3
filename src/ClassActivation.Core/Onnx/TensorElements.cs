using System.Runtime.InteropServices;
using ClassActivation.Onnx.Schema;
using Google.Protobuf;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;

namespace ClassActivation.Onnx;

/// <summary>Reads and makes the schema's tensors, whose elements stand in raw bytes or in one of several lists.</summary>
internal static class TensorElements
{
    /// <summary>A tensor of raw bytes; no dims make a scalar.</summary>
    public static TensorProto Create<T>(string name, ReadOnlySpan<T> elements, params ReadOnlySpan<long> dims)
        where T : unmanaged
    {
        var tensor = new TensorProto
        {
            Name = name,
            DataType = (int)TypeOf<T>(),
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(elements)),
        };
        foreach (long dim in dims)
        {
            tensor.Dims.Add(dim);
        }

        return tensor;
    }

    public static DataType TypeOf<T>()
        where T : unmanaged => default(T) switch
        {
            float => DataType.Float,
            double => DataType.Double,
            Half => DataType.Float16,
            long => DataType.Int64,
            int => DataType.Int32,
            byte => DataType.Uint8,
            sbyte => DataType.Int8,
            bool => DataType.Bool,
            _ => throw new NotSupportedException($"Tensors of {typeof(T).Name} cannot be written."),
        };

    /// <summary>The elements of a tensor as numbers; null where they are none.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="raw">Its raw bytes, which may stand in another file; empty where its elements are in a list.</param>
    public static double[]? Numbers(TensorProto tensor, ReadOnlySpan<byte> raw) => (DataType)tensor.DataType switch
    {
        DataType.Float => raw.IsEmpty ? Widen(tensor.FloatData) : Widen<float>(raw),
        DataType.Double => raw.IsEmpty ? [.. tensor.DoubleData] : Widen<double>(raw),
        DataType.Float16 => raw.IsEmpty
            ? [.. tensor.Int32Data.Select(static bits => (double)BitConverter.UInt16BitsToHalf((ushort)bits))]
            : Widen<Half>(raw),
        _ => Integers(tensor, raw) is { } integers ? Array.ConvertAll(integers, static integer => (double)integer) : null,
    };

    /// <summary>The elements of a tensor of integers or truth values; null where they are none.</summary>
    public static long[]? Integers(TensorProto tensor, ReadOnlySpan<byte> raw) => (DataType)tensor.DataType switch
    {
        DataType.Int64 => raw.IsEmpty ? [.. tensor.Int64Data] : MemoryMarshal.Cast<byte, long>(raw).ToArray(),
        DataType.Int32 => raw.IsEmpty ? WidenList(tensor) : Convert<int>(raw),
        DataType.Int16 => raw.IsEmpty ? WidenList(tensor) : Convert<short>(raw),
        DataType.Int8 => raw.IsEmpty ? WidenList(tensor) : Convert<sbyte>(raw),
        DataType.Uint8 or DataType.Bool => raw.IsEmpty ? WidenList(tensor) : Convert<byte>(raw),
        DataType.Uint16 => raw.IsEmpty ? WidenList(tensor) : Convert<ushort>(raw),
        _ => null,
    };

    private static long[] WidenList(TensorProto tensor) => [.. tensor.Int32Data.Select(static value => (long)value)];

    private static double[] Widen(IEnumerable<float> values) => [.. values.Select(static value => (double)value)];

    private static double[] Widen<T>(ReadOnlySpan<byte> raw)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(raw);
        var widened = new double[values.Length];
        for (int i = 0; i < widened.Length; i++)
        {
            widened[i] = double.CreateTruncating(values[i]);
        }

        return widened;
    }

    private static long[] Convert<T>(ReadOnlySpan<byte> raw)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(raw);
        var converted = new long[values.Length];
        for (int i = 0; i < converted.Length; i++)
        {
            converted[i] = long.CreateTruncating(values[i]);
        }

        return converted;
    }
}
