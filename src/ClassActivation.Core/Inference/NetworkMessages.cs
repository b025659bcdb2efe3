using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Inference;

/// <summary>What one process can ask another to do with a network.</summary>
internal enum NetworkRequest : byte
{
    /// <summary>To load it.</summary>
    Load,

    /// <summary>To run it on a photo.</summary>
    Run,

    /// <summary>To run its end.</summary>
    Scores,

    /// <summary>To differentiate its end.</summary>
    Gradients,
}

/// <summary>How numbers and ends of networks go from one process to another.</summary>
internal static class NetworkMessages
{
    private const int MostInputs = 4096;
    private const int MostDims = 8;

    public static void WriteTail(this BinaryWriter writer, NetworkTail tail)
    {
        writer.Write(tail.Layer);
        writer.Write(tail.IsAttention);
        writer.Write(tail.Scores ?? "");
        writer.WriteNames(tail.Boundary);
        writer.WriteNames(tail.Saved);
    }

    public static NetworkTail ReadTail(this BinaryReader reader)
    {
        string layer = reader.ReadString();
        bool isAttention = reader.ReadBoolean();
        string scores = reader.ReadString();
        string[] boundary = reader.ReadNames();
        return new NetworkTail(layer, boundary)
        {
            IsAttention = isAttention,
            Scores = scores.Length == 0 ? null : scores,
            Saved = reader.ReadNames(),
        };
    }

    public static void WriteTensors(this BinaryWriter writer, IReadOnlyList<TensorValues> tensors)
    {
        writer.Write(tensors.Count);
        foreach (TensorValues tensor in tensors)
        {
            writer.Write(tensor.Dims.Count);
            foreach (long dim in tensor.Dims)
            {
                writer.Write(dim);
            }

            writer.WriteFloats(tensor.Elements);
        }
    }

    public static void WriteTensors(this BinaryWriter writer, IReadOnlyList<OrtValue> tensors)
    {
        writer.Write(tensors.Count);
        foreach (OrtValue tensor in tensors)
        {
            long[] dims = tensor.GetTensorTypeAndShape().Shape;
            writer.Write(dims.Length);
            Array.ForEach(dims, writer.Write);
            writer.WriteFloats(tensor.GetTensorDataAsSpan<float>());
        }
    }

    public static TensorValues[] ReadTensors(this BinaryReader reader)
    {
        var tensors = new TensorValues[ReadCount(reader, MostInputs)];
        for (int i = 0; i < tensors.Length; i++)
        {
            var dims = new long[ReadCount(reader, MostDims)];
            for (int axis = 0; axis < dims.Length; axis++)
            {
                dims[axis] = reader.ReadInt64();
            }

            tensors[i] = new TensorValues(reader.ReadFloats(), dims);
        }

        return tensors;
    }

    public static void WriteFloats(this BinaryWriter writer, ReadOnlySpan<float> values)
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values));
    }

    /// <exception cref="InvalidDataException">There are fewer numbers than the message says.</exception>
    public static float[] ReadFloats(this BinaryReader reader)
    {
        int length = reader.ReadInt32();
        // No more memory is taken than the message itself has.
        if (length < 0 || (long)length * sizeof(float) > reader.BaseStream.Length - reader.BaseStream.Position)
        {
            throw new InvalidDataException("It has fewer numbers than it says.");
        }

        var values = new float[length];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    private static void WriteNames(this BinaryWriter writer, IReadOnlyList<string> names)
    {
        writer.Write(names.Count);
        foreach (string name in names)
        {
            writer.Write(name);
        }
    }

    private static string[] ReadNames(this BinaryReader reader)
    {
        var names = new string[ReadCount(reader, MostInputs)];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = reader.ReadString();
        }

        return names;
    }

    private static int ReadCount(BinaryReader reader, int most) => reader.ReadInt32() is var count && count >= 0 && count <= most
        ? count
        : throw new InvalidDataException("It has a list of an impossible length.");
}
