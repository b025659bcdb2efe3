using System.Runtime.InteropServices;
using ClassActivation.Onnx.Schema;
using Google.Protobuf;

namespace ClassActivation.Onnx;

/// <summary>
/// What stands in an ONNX model file: its metadata and its constant tensors, without a runtime session.
/// Tensors that are stored as external data are read one by one, on demand.
/// </summary>
public sealed class OnnxModelFile
{
    // Protobuf's own limit.
    private const long LargestFile = int.MaxValue;

    private readonly Dictionary<string, TensorProto> _initializers;
    private readonly IReadOnlyDictionary<TensorProto, ExternalRange> _external;

    private OnnxModelFile(string path, ModelProto model)
    {
        FilePath = path;
        Model = model;
        _external = OnnxModelCheck.Check(path, model);
        _initializers = new(StringComparer.Ordinal);
        foreach (TensorProto tensor in model.Graph.Initializer)
        {
            _initializers[tensor.Name] = tensor;
        }

        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        foreach (StringStringEntryProto entry in model.MetadataProps)
        {
            metadata[entry.Key] = entry.Value;
        }

        Metadata = metadata;
    }

    /// <summary>The full path of the model file.</summary>
    public string FilePath { get; }

    /// <summary>The model's <c>metadata_props</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The names of the graph's inputs.</summary>
    public IReadOnlyList<string> Inputs => [.. Model.Graph.Input.Select(value => value.Name)];

    /// <summary>The names of the graph's outputs.</summary>
    public IReadOnlyList<string> Outputs => [.. Model.Graph.Output.Select(value => value.Name)];

    /// <summary>The names of the constant tensors.</summary>
    public IReadOnlyCollection<string> Initializers => _initializers.Keys;

    /// <summary>The dimensions of a constant tensor, without reading it.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <exception cref="KeyNotFoundException">The model has no tensor of that name.</exception>
    public IReadOnlyList<long> Dimensions(string name) => _initializers[name].Dims;

    /// <summary>The full paths of the files that hold tensors of the model.</summary>
    internal IReadOnlyList<string> DataFiles =>
        [.. _external.Values.Select(range => range.Path).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    internal ModelProto Model { get; }

    /// <summary>Where each tensor with external data has it.</summary>
    internal IReadOnlyDictionary<TensorProto, ExternalRange> ExternalRanges => _external;

    /// <summary>The type of a constant tensor's elements.</summary>
    internal TensorProto.Types.DataType ElementType(string name) => (TensorProto.Types.DataType)_initializers[name].DataType;

    /// <summary>Where a constant tensor stands in a data file; null where the model file itself holds it.</summary>
    internal ExternalRange? RangeOf(TensorProto tensor) => _external.TryGetValue(tensor, out ExternalRange? range) ? range : null;

    /// <summary>Reads a model file, and checks all that it says of the size and the place of its tensors.</summary>
    /// <param name="path">The <c>.onnx</c> file.</param>
    /// <returns>The model's description.</returns>
    /// <exception cref="FileNotFoundException">The file, or one with external data, is missing.</exception>
    /// <exception cref="InvalidDataException">The file is not an ONNX model, damaged, or names files outside of its folder.</exception>
    public static OnnxModelFile Read(string path)
    {
        string fullPath = Path.GetFullPath(path);
        var info = new FileInfo(fullPath);
        if (info is { Exists: true, Length: > LargestFile } && info.LinkTarget is null)
        {
            throw new InvalidDataException(
                $"The file '{fullPath}' has {info.Length >> 20} MB, and an ONNX file may have 2,048; export the network with its"
                + " weights in a file beside "
                + "it, as onnx.save_model does with save_as_external_data=True.");
        }

        if (info is { Exists: true, Length: 0 } && info.LinkTarget is null)
        {
            // A pipe has the length 0, too: it must not be waited for.
            throw NotAModel(fullPath, null);
        }

        using FileStream file = OpenFile(fullPath, $"The model file '{fullPath}' does not exist.");
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(file);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw NotAModel(fullPath, e);
        }
        // Any short run of bytes may parse as an empty message.
        return model.Graph is null ? throw NotAModel(fullPath, null) : new OnnxModelFile(fullPath, model);
    }

    /// <summary>Reads one constant tensor of float32 or float16 elements.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <returns>Its elements as float32 and its dimensions.</returns>
    /// <exception cref="KeyNotFoundException">The model has no tensor of that name.</exception>
    /// <exception cref="FileNotFoundException">The external data file is missing.</exception>
    /// <exception cref="InvalidDataException">The tensor is of another type, or its data is cut short.</exception>
    public OnnxTensor ReadInitializer(string name)
    {
        if (!_initializers.TryGetValue(name, out TensorProto? tensor))
        {
            throw new KeyNotFoundException($"The model '{FilePath}' has no constant tensor '{name}'.");
        }
        // What the file says of sizes was checked against what is there.
        long count = tensor.Dims.Aggregate(1L, static (product, dim) => product * dim);
        if (count > Array.MaxLength)
        {
            throw new InvalidDataException(
                $"The tensor '{name}' of the model '{FilePath}' is too large to be read: it has {count} elements.");
        }

        float[] data = (TensorProto.Types.DataType)tensor.DataType switch
        {
            TensorProto.Types.DataType.Float when tensor.FloatData.Count > 0 => [.. tensor.FloatData],
            TensorProto.Types.DataType.Float => ReadElements<float>(tensor, count),
            TensorProto.Types.DataType.Float16 => Array.ConvertAll(ReadElements<Half>(tensor, count), value => (float)value),
            TensorProto.Types.DataType other => throw new InvalidDataException(
                $"The tensor '{name}' of the model '{FilePath}' holds {other} elements, not floating-point numbers."),
        };
        return data.LongLength == count ? new OnnxTensor(data, [.. tensor.Dims]) : throw CutShort(name, FilePath);
    }

    private T[] ReadElements<T>(TensorProto tensor, long count)
        where T : unmanaged
    {
        var elements = new T[count];
        Span<byte> bytes = MemoryMarshal.AsBytes(elements.AsSpan());
        if (!_external.ContainsKey(tensor))
        {
            return tensor.RawData.Length == bytes.Length
                ? CopyRaw(tensor, elements)
                : throw CutShort(tensor.Name, FilePath);
        }

        ExternalRange range = _external[tensor];
        string path = range.Path;
        using FileStream file = OpenFile(path, $"The data file '{path}' of the model '{FilePath}' is missing; both files belong together.");
        file.Position = range.Offset;
        return file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length
            ? elements
            : throw CutShort(tensor.Name, path);
    }

    private static T[] CopyRaw<T>(TensorProto tensor, T[] elements)
        where T : unmanaged
    {
        tensor.RawData.Span.CopyTo(MemoryMarshal.AsBytes(elements.AsSpan()));
        return elements;
    }

    private static FileStream OpenFile(string path, string message)
    {
        try
        {
            return FileStatus.OpenRead(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException(message, path, e);
        }
    }

    private static InvalidDataException NotAModel(string path, Exception? inner) =>
        new($"The file '{path}' is not an ONNX model.", inner);

    private static InvalidDataException CutShort(string tensor, string path) =>
        new($"The tensor '{tensor}' in '{path}' is cut short; build or copy the model again.");
}
