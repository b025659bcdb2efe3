using System.Globalization;
using System.Runtime.InteropServices;
using ClassActivation.Onnx.Schema;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;

namespace ClassActivation.Onnx;

/// <summary>Where a tensor's elements are in another file.</summary>
/// <remarks>A class: collections of own structs are compiled at run time, which this is on the way to the first map.</remarks>
internal sealed record ExternalRange(string Path, long Offset, long Length);

/// <summary>
/// Checks what a model file states before anything believes it: that tensors are as large as their data, that external
/// data is in the model's own folder and as long as it must be, and that there is nothing in the model that the runtime
/// would take from elsewhere. The runtime is native code, and is given no file that fails this.
/// </summary>
internal sealed class OnnxModelCheck
{
    // Other domains are those of custom operators, which would need a library of their own, or the runtime's internal
    // ones, whose kernels believe what they are given.
    private static readonly HashSet<string> Domains = new(StringComparer.Ordinal) { "", "ai.onnx", "ai.onnx.ml", "com.microsoft" };

    /// <summary>The widest window or margin of one node.</summary>
    // No network of images has a wider one, and a single damaged bit can ask for gigabytes by one.
    public const long WidestWindow = 1024;

    // The runtime divides by these before it looks at them, and a division by zero ends the process.
    private static readonly HashSet<string> Divisors = new(StringComparer.Ordinal) { "group", "q_num_heads", "kv_num_heads" };

    private readonly string _path;
    private readonly string _folder;
    private readonly string _realFolder;
    private readonly Dictionary<string, (string Path, long Length)> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<TensorProto, ExternalRange> _ranges = new(ReferenceEqualityComparer.Instance);

    private OnnxModelCheck(string path)
    {
        _path = path;
        _folder = Path.GetDirectoryName(path)!;
        // Download caches keep a model and its data as links into one folder.
        _realFolder = Path.GetDirectoryName(ContainedPath.RealPath(path))!;
    }

    /// <summary>Checks a model.</summary>
    /// <param name="path">The full path of its file.</param>
    /// <param name="model">What the file says.</param>
    /// <returns>Where each tensor with external data has it.</returns>
    /// <exception cref="InvalidDataException">Something is wrong with it; the message says what.</exception>
    /// <exception cref="FileNotFoundException">A file with external data is missing.</exception>
    public static IReadOnlyDictionary<TensorProto, ExternalRange> Check(string path, ModelProto model)
    {
        var check = new OnnxModelCheck(path);
        if (model.Functions.Count > 0)
        {
            throw check.Refused($"defines operators of its own, such as '{model.Functions[0].Name}'; export it with its functions inlined");
        }

        check.Graph(model.Graph);
        if (IntegerDivisions.Find(model.Graph) is { } division)
        {
            throw check.Refused(
                $"divides integers by what may be 0 or −1 in the node '{division.Name}' ({division.OpType}), which would end the process; "
                + "export it with fixed sizes and with its constants folded");
        }

        check.Overlaps();
        return check._ranges;
    }

    /// <summary>The bytes that elements of a type take; null where their number is unknown or differs from one to the next.</summary>
    private static long? Bytes(DataType type, long count) => type switch
    {
        DataType.Float or DataType.Int32 or DataType.Uint32 => checked(count * 4),
        DataType.Double or DataType.Int64 or DataType.Uint64 or DataType.Complex64 => checked(count * 8),
        DataType.Complex128 => checked(count * 16),
        DataType.Float16 or DataType.Bfloat16 or DataType.Int16 or DataType.Uint16 => checked(count * 2),
        DataType.Uint8 or DataType.Int8 or DataType.Bool or (>= DataType.Float8E4M3Fn and <= DataType.Float8E5M2Fnuz) => count,
        DataType.Uint4 or DataType.Int4 => (count / 2) + (count % 2),
        _ => null,
    };

    /// <summary>Whether the elements that are listed in the field of the type are as many as the dimensions say.</summary>
    private static bool IsListed(TensorProto tensor, DataType type, long count) => type switch
    {
        DataType.Float => tensor.FloatData.Count == count,
        DataType.Complex64 => tensor.FloatData.Count / 2.0 == count,
        DataType.Double => tensor.DoubleData.Count == count,
        DataType.Complex128 => tensor.DoubleData.Count / 2.0 == count,
        DataType.Int64 => tensor.Int64Data.Count == count,
        DataType.Uint32 or DataType.Uint64 => tensor.Uint64Data.Count == count,
        DataType.String => tensor.StringData.Count == count,
        DataType.Uint4 or DataType.Int4 => tensor.Int32Data.Count == (count / 2) + (count % 2),
        _ => tensor.Int32Data.Count == count,
    };

    private void Graph(GraphProto graph)
    {
        if (graph.SparseInitializer.Count > 0)
        {
            throw Sparse();
        }

        foreach (TensorProto tensor in graph.Initializer)
        {
            Tensor(tensor);
        }

        HashSet<string> values = new(StringComparer.Ordinal);
        foreach (NodeProto node in graph.Node)
        {
            if (node.Output.FirstOrDefault(output => output.Length > 0 && !values.Add(output)) is { } twice)
            {
                throw Refused($"computes the value '{twice}' twice; the file is damaged");
            }

            if (!Domains.Contains(node.Domain))
            {
                throw Refused(
                    $"needs the operator '{node.OpType}' of the domain '{node.Domain}'; only operators that come with the runtime are"
                    + " used, never libraries with others");
            }

            if (node is { OpType: "STFT", Domain: "" or "ai.onnx" })
            {
                // It divides by the length of a frame, whose value may come of anything.
                throw Refused("has the operator 'STFT', which is for sound and may end the process; no network of images needs it");
            }

            foreach (AttributeProto attribute in node.Attribute)
            {
                Attribute(attribute);
                if (Divisors.Contains(attribute.Name) && attribute.I < 1)
                {
                    throw Refused(
                        $"has '{attribute.Name}' {attribute.I} in the node '{node.Name}' ({node.OpType}), where 1 is the"
                        + " least; the file is damaged");
                }

                if (attribute.Name is "pads" or "kernel_shape" or "strides" or "dilations" or "output_padding" or "output_shape")
                {
                    Window(node, attribute.Ints);
                }
            }

            if (node.OpType == "Pad"
                && node.Input.Count > 1
                && graph.Initializer.FirstOrDefault(tensor => tensor.Name == node.Input[1]) is { } pads)
            {
                Window(node, pads.HasRawData ? MemoryMarshal.Cast<byte, long>(pads.RawData.Span).ToArray() : pads.Int64Data);
            }
        }
    }

    private void Window(NodeProto node, IEnumerable<long> sizes)
    {
        foreach (long size in sizes.Where(static size => size is < -WidestWindow or > WidestWindow))
        {
            throw Refused(
                $"has a window or a margin of {size} in the node '{node.Name}' ({node.OpType}), as no network of images"
                + " has; the file is damaged");
        }
    }

    private void Attribute(AttributeProto attribute)
    {
        if (attribute.SparseTensor is not null || attribute.SparseTensors.Count > 0)
        {
            throw Sparse();
        }

        foreach (TensorProto tensor in attribute.T is null ? attribute.Tensors : attribute.Tensors.Prepend(attribute.T))
        {
            Tensor(tensor);
        }

        foreach (GraphProto graph in attribute.G is null ? attribute.Graphs : attribute.Graphs.Prepend(attribute.G))
        {
            Graph(graph);
        }
    }

    private void Tensor(TensorProto tensor)
    {
        var type = (DataType)tensor.DataType;
        long count = 1;
        long? bytes;
        try
        {
            foreach (long dim in tensor.Dims)
            {
                count = dim >= 0 ? checked(count * dim) : throw new OverflowException();
            }

            bytes = Bytes(type, count);
        }
        catch (OverflowException)
        {
            throw Refused(
                $"has a tensor '{tensor.Name}' with the dimensions {string.Join(" × ", tensor.Dims.Take(10))}, which no tensor can have");
        }

        bool isExternal = tensor.DataLocation == TensorProto.Types.DataLocation.External || tensor.ExternalData.Count > 0;
        if (bytes is null && (type != DataType.String || isExternal))
        {
            throw Refused($"has a tensor '{tensor.Name}' with elements of an unknown type ({tensor.DataType})");
        }

        if (isExternal)
        {
            _ranges[tensor] = External(tensor, bytes!.Value);
        }
        else if (tensor.HasRawData ? tensor.RawData.Length != bytes : !IsListed(tensor, type, count))
        {
            throw Refused($"holds less or more data for the tensor '{tensor.Name}' than its dimensions say; the file is damaged");
        }
    }

    private ExternalRange External(TensorProto tensor, long bytes)
    {
        Dictionary<string, string> entries = new(StringComparer.Ordinal);
        foreach (StringStringEntryProto entry in tensor.ExternalData)
        {
            // Weights that the runtime packed for one processor are believed without a check, and are of no use elsewhere.
            if (entry.Key is not ("location" or "offset" or "length" or "checksum") || !entries.TryAdd(entry.Key, entry.Value))
            {
                throw Refused(
                    $"says '{entry.Key}' of the external data of the tensor '{tensor.Name}', which is not understood;"
                    + " export the network again");
            }
        }

        (string path, long fileLength) = DataFile(tensor, entries.GetValueOrDefault("location", ""));
        long offset = Number(tensor, entries, "offset", 0);
        long length = Number(tensor, entries, "length", bytes);
        if (length != bytes)
        {
            throw Refused(
                $"keeps {length} bytes for the tensor '{tensor.Name}' in '{path}', whose dimensions need {bytes}; the file is damaged");
        }

        return offset <= fileLength && length <= fileLength - offset
            ? new ExternalRange(path, offset, length)
            : throw new InvalidDataException(
                $"The tensor '{tensor.Name}' in '{path}' is cut short: the file ends at {fileLength} bytes, the tensor at {offset} +"
                + $" {length}; build or copy the model again.");
    }

    private (string Path, long Length) DataFile(TensorProto tensor, string location)
    {
        if (_files.TryGetValue(location, out (string Path, long Length) known))
        {
            return known;
        }

        string path = ContainedPath.Resolve(_folder, location, _realFolder)
            ?? throw new InvalidDataException(
                $"The model '{_path}' keeps the tensor '{tensor.Name}' at '{location}', outside of its own folder;"
                + " such a model is not read.");
        // The length of a pipe or a device is 0, so that none is opened.
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new FileNotFoundException($"The data file '{path}' of the model '{_path}' is missing; both files belong together.", path);
        }

        long length = file.LinkTarget is null ? file.Length : new FileInfo(ContainedPath.RealPath(path)).Length;
        return _files[location] = (path, length);
    }

    private long Number(TensorProto tensor, Dictionary<string, string> entries, string key, long absent)
    {
        string? text = entries.GetValueOrDefault(key);
        return text is null ? absent
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number
            : throw Refused($"has '{text}' as the {key} of the tensor '{tensor.Name}' in its data file; the file is damaged");
    }

    /// <summary>Tensors may share all of their data, but no writer lets two overlap in part.</summary>
    private void Overlaps()
    {
        ExternalRange? last = null;
        foreach (ExternalRange range in _ranges.Values.Where(static range => range.Length > 0).Distinct()
            .OrderBy(static range => range.Path, StringComparer.Ordinal).ThenBy(static range => range.Offset))
        {
            if (range.Path == last?.Path && range.Offset - last.Offset < last.Length)
            {
                throw Refused($"has tensors that overlap in '{range.Path}' at {range.Offset}; the file is damaged");
            }

            last = range;
        }
    }

    private InvalidDataException Sparse() => Refused("holds sparse tensors, which cannot be used; export it with dense ones");

    private InvalidDataException Refused(string what) => new($"The model '{_path}' {what}.");
}
