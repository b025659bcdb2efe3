using System.Runtime.InteropServices;
using ClassActivation.Onnx.Schema;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Onnx;

/// <summary>
/// An ONNX graph that can be walked and changed. Its nodes are always in an order in which they can be computed.
/// Constant tensors are shared between graphs, never changed, and those in other files stay there until they are read.
/// </summary>
internal sealed class OnnxGraph
{
    private const int LowestIrVersion = 8;
    private const int MostConstants = 1 << 24;

    private readonly List<NodeProto> _nodes = [];
    private readonly List<string> _inputs = [];
    private readonly List<string> _outputs = [];
    private readonly Dictionary<string, TensorProto> _initializers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxValueType> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _opsets = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<TensorProto, ExternalRange> _external;
    private readonly string? _dataFolder;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _nextNumbers = new(StringComparer.Ordinal);
    private readonly string _name;
    private readonly long _irVersion;
    private Dictionary<string, NodeProto>? _producers;
    private Dictionary<string, List<NodeProto>>? _consumers;

    /// <summary>The graph of a file that has been checked; the file's own description stays as it is.</summary>
    /// <exception cref="InvalidDataException">A node needs its own result.</exception>
    public OnnxGraph(OnnxModelFile file)
        : this(file.Model, file.ExternalRanges, Path.GetDirectoryName(file.FilePath))
    {
    }

    /// <summary>The graph of a network in memory, without data in other files.</summary>
    /// <exception cref="InvalidDataException">A node needs its own result.</exception>
    public OnnxGraph(ModelProto model)
        : this(model, new Dictionary<TensorProto, ExternalRange>(ReferenceEqualityComparer.Instance), null)
    {
    }

    private OnnxGraph(ModelProto model, IReadOnlyDictionary<TensorProto, ExternalRange> external, string? dataFolder)
    {
        _external = external;
        _dataFolder = dataFolder;
        _name = model.Graph.Name.Length > 0 ? model.Graph.Name : "network";
        _irVersion = Math.Max(model.IrVersion, LowestIrVersion);
        foreach (OperatorSetIdProto opset in model.OpsetImport)
        {
            _opsets[DomainOf(opset.Domain)] = opset.Version;
        }

        foreach (StringStringEntryProto entry in model.MetadataProps)
        {
            _metadata[entry.Key] = entry.Value;
        }

        GraphProto graph = model.Graph;
        foreach (TensorProto tensor in graph.Initializer)
        {
            _initializers[tensor.Name] = tensor;
        }

        foreach (ValueInfoProto value in graph.ValueInfo.Concat(graph.Output).Concat(graph.Input))
        {
            if (OnnxValueType.Of(value) is { } type)
            {
                _types[value.Name] = type;
            }
        }

        // Before version 4 of the format, constants had to be inputs as well.
        _inputs.AddRange(graph.Input.Select(static value => value.Name).Where(name => !_initializers.ContainsKey(name)));
        _outputs.AddRange(graph.Output.Select(static value => value.Name));
        _nodes.AddRange(graph.Node.Select(static node => node.Clone()));
        CollectNames();
        Sort();
    }

    private OnnxGraph(OnnxGraph source)
    {
        _external = source._external;
        _dataFolder = source._dataFolder;
        _name = source._name;
        _irVersion = source._irVersion;
        _opsets = new(source._opsets, StringComparer.Ordinal);
        _metadata = new(source._metadata, StringComparer.Ordinal);
    }

    /// <summary>The nodes, each behind those whose results it takes.</summary>
    public IReadOnlyList<NodeProto> Nodes => _nodes;

    /// <summary>The names of the inputs; constants are none.</summary>
    public IReadOnlyList<string> Inputs => _inputs;

    /// <summary>The names of the outputs.</summary>
    public IReadOnlyList<string> Outputs => _outputs;

    /// <summary>The names of the constant tensors; those of Constant nodes are not among them.</summary>
    public IReadOnlyCollection<string> Initializers => _initializers.Keys;

    /// <summary>The model's <c>metadata_props</c>.</summary>
    public IDictionary<string, string> Metadata => _metadata;

    /// <summary>The version of the standard operators.</summary>
    public long OpsetVersion
    {
        get => _opsets.GetValueOrDefault("", 1);
        set => _opsets[""] = value;
    }

    /// <summary>The bytes that all constant tensors take.</summary>
    public long ConstantBytes => _initializers.Values.Sum(tensor =>
        _external.TryGetValue(tensor, out ExternalRange? range) ? range.Length : tensor.CalculateSize());

    /// <summary>The bytes of those that are in memory.</summary>
    public long HeldBytes =>
        _initializers.Values.Where(tensor => !_external.ContainsKey(tensor)).Sum(static tensor => (long)tensor.CalculateSize());

    /// <summary>Reads the graph of a model file.</summary>
    /// <param name="path">The <c>.onnx</c> file.</param>
    /// <exception cref="FileNotFoundException">The file, or one with external data, is missing.</exception>
    /// <exception cref="InvalidDataException">The file is not an ONNX model, damaged, or names files outside of its folder.</exception>
    public static OnnxGraph Read(string path) => new(OnnxModelFile.Read(path));

    /// <summary>The same graph once more; what is done to one is not done to the other.</summary>
    public OnnxGraph Clone()
    {
        var clone = new OnnxGraph(this);
        clone._nodes.AddRange(_nodes.Select(static node => node.Clone()));
        clone._inputs.AddRange(_inputs);
        clone._outputs.AddRange(_outputs);
        Copy(_initializers, clone._initializers);
        Copy(_types, clone._types);
        clone.CollectNames();
        return clone;
    }

    /// <summary>
    /// The part of the graph between some of its values: the nodes that the outputs need, without those that only the
    /// inputs need. The body of a network is the part from its input to a layer, the tail that from the layer to its scores.
    /// </summary>
    /// <param name="inputs">The values that become inputs; their types must be known.</param>
    /// <param name="outputs">The values that become outputs.</param>
    /// <exception cref="InvalidDataException">The outputs need another input of the graph, too.</exception>
    public OnnxGraph Extract(IReadOnlyList<string> inputs, IReadOnlyList<string> outputs)
    {
        HashSet<NodeProto> needed = NodesBetween(inputs, outputs);
        var part = new OnnxGraph(this);
        HashSet<string> computed = new(inputs, StringComparer.Ordinal);
        foreach (NodeProto node in _nodes.Where(needed.Contains))
        {
            part._nodes.Add(node.Clone());
            computed.UnionWith(node.Output);
        }

        foreach (string input in part._nodes.SelectMany(InputsOf).Concat(outputs).Where(name => !computed.Contains(name)))
        {
            if (_initializers.TryGetValue(input, out TensorProto? tensor))
            {
                part._initializers[input] = tensor;
            }
            else if (_inputs.Contains(input))
            {
                throw new InvalidDataException(
                    $"The values {string.Join(", ", outputs)} do not follow from {string.Join(", ", inputs)} alone;"
                    + $" they need '{input}', too.");
            }
        }

        foreach ((string name, OnnxValueType type) in _types)
        {
            if (computed.Contains(name))
            {
                part._types[name] = type;
            }
        }

        part._inputs.AddRange(inputs);
        part._outputs.AddRange(outputs);
        part.CollectNames();
        return part;
    }

    /// <summary>The nodes that some values need, where others are given.</summary>
    public HashSet<NodeProto> NodesBetween(IEnumerable<string> given, IEnumerable<string> wanted)
    {
        HashSet<string> seen = new(given, StringComparer.Ordinal);
        HashSet<NodeProto> needed = new(ReferenceEqualityComparer.Instance);
        var left = new Stack<string>(wanted);
        while (left.TryPop(out string? value))
        {
            if (seen.Add(value) && Producer(value) is { } node && needed.Add(node))
            {
                foreach (string input in InputsOf(node))
                {
                    left.Push(input);
                }
            }
        }

        return needed;
    }

    /// <summary>The names of a value and of all that is computed from it.</summary>
    public HashSet<string> Dependents(string value)
    {
        HashSet<string> dependents = new(StringComparer.Ordinal) { value };
        foreach (NodeProto node in _nodes)
        {
            if (InputsOf(node).Any(dependents.Contains))
            {
                dependents.UnionWith(node.Output.Where(static output => output.Length > 0));
            }
        }

        return dependents;
    }

    /// <summary>The node that computes a value; null for inputs and constant tensors.</summary>
    public NodeProto? Producer(string value)
    {
        if (_producers is null)
        {
            _producers = new(StringComparer.Ordinal);
            foreach (NodeProto node in _nodes)
            {
                foreach (string output in node.Output.Where(static output => output.Length > 0))
                {
                    _producers[output] = node;
                }
            }
        }

        return _producers.GetValueOrDefault(value);
    }

    /// <summary>The nodes that take a value, each once.</summary>
    public IReadOnlyList<NodeProto> Consumers(string value)
    {
        if (_consumers is null)
        {
            _consumers = new(StringComparer.Ordinal);
            foreach (NodeProto node in _nodes)
            {
                foreach (string input in InputsOf(node).Distinct(StringComparer.Ordinal))
                {
                    if (!_consumers.TryGetValue(input, out List<NodeProto>? consumers))
                    {
                        _consumers[input] = consumers = [];
                    }

                    consumers.Add(node);
                }
            }
        }

        return _consumers.TryGetValue(value, out List<NodeProto>? found) ? found : [];
    }

    /// <summary>What is known of a value's type; null where nothing is.</summary>
    public OnnxValueType? TypeOf(string value) =>
        _types.TryGetValue(value, out OnnxValueType? type) ? type
        : ConstantTensor(value) is { } tensor ? new OnnxValueType((TensorProto.Types.DataType)tensor.DataType, [.. tensor.Dims])
        : null;

    /// <summary>States a value's type.</summary>
    public void SetType(string value, OnnxValueType type) => _types[value] = type;

    /// <summary>Forgets the types of everything but inputs and constants, as after a change of the inputs' sizes.</summary>
    public void ForgetTypes()
    {
        foreach (string value in _types.Keys.Except(_inputs).ToArray())
        {
            _types.Remove(value);
        }
    }

    /// <summary>Whether a value is a constant tensor or the result of a Constant node.</summary>
    public bool IsConstant(string value) => _initializers.ContainsKey(value) || Producer(value) is { OpType: "Constant", Domain: "" };

    /// <summary>A constant of float32 numbers, row-major; null where the value is no constant or holds others.</summary>
    public float[]? Floats(string value) =>
        ConstantTensor(value) is { DataType: (int)TensorProto.Types.DataType.Float } tensor && RawBytes(tensor) is { IsEmpty: false } raw
            ? MemoryMarshal.Cast<byte, float>(raw).ToArray()
            : null;

    /// <summary>A constant as numbers, row-major; null where the value is no constant or does not hold numbers.</summary>
    public double[]? Numbers(string value) =>
        ConstantTensor(value) is { } tensor ? TensorElements.Numbers(tensor, RawBytes(tensor)) : null;

    /// <summary>A constant of integers, row-major; null where the value is no constant or does not hold integers.</summary>
    public long[]? Integers(string value) =>
        ConstantTensor(value) is { } tensor ? TensorElements.Integers(tensor, RawBytes(tensor)) : null;

    /// <summary>Adds an input.</summary>
    public void AddInput(string name, OnnxValueType type)
    {
        _names.Add(name);
        _inputs.Add(name);
        _types[name] = type;
    }

    /// <summary>Makes a value no input any more; nodes that take it must be given another one.</summary>
    public void RemoveInput(string name)
    {
        _inputs.Remove(name);
        _types.Remove(name);
    }

    /// <summary>Makes an input a constant.</summary>
    /// <param name="name">The input.</param>
    /// <param name="values">One number for all places, or one for each; free dimensions count 1.</param>
    /// <exception cref="InvalidDataException">There are more or fewer numbers, or the input does not take numbers.</exception>
    public void FixInput(string name, double[] values)
    {
        OnnxValueType type = TypeOf(name) is { Dims: not null } known ? known
            : throw new InvalidDataException($"The input '{name}' of the network is no tensor of a known shape.");
        long[] dims = [.. type.Dims!.Select(static dim => Math.Max(dim, 1))];
        double count = dims.Aggregate(1.0, static (product, dim) => product * dim);
        if ((values.Length != 1 && values.Length != count) || count > MostConstants)
        {
            throw new InvalidDataException(
                $"The input '{name}' of the network takes {count:0} numbers ({type}), and {values.Length} were given; give one"
                + " for all, or one for each.");
        }

        double[] all = values.Length == 1 ? [.. Enumerable.Repeat(values[0], (int)count)] : values;
        _initializers[name] = type.ElementType switch
        {
            TensorProto.Types.DataType.Float => TensorElements.Create<float>(
                name, Array.ConvertAll(all, static value => (float)value), dims),
            TensorProto.Types.DataType.Double => TensorElements.Create<double>(name, all, dims),
            TensorProto.Types.DataType.Int64 => TensorElements.Create<long>(name, Array.ConvertAll(all, static value => (long)value), dims),
            TensorProto.Types.DataType.Int32 => TensorElements.Create<int>(name, Array.ConvertAll(all, static value => (int)value), dims),
            TensorProto.Types.DataType.Bool => TensorElements.Create<bool>(name, Array.ConvertAll(all, static value => value != 0), dims),
            _ => throw new InvalidDataException(
                $"The input '{name}' of the network is {type}, and a constant can be made of numbers or truth values alone."),
        };
        RemoveInput(name);
    }

    /// <summary>Makes a value an output.</summary>
    public void AddOutput(string value)
    {
        if (!_outputs.Contains(value))
        {
            _outputs.Add(value);
        }
    }

    /// <summary>Makes a value no output any more.</summary>
    public void RemoveOutput(string value) => _outputs.Remove(value);

    /// <summary>Makes these values the outputs.</summary>
    public void SetOutputs(params IReadOnlyList<string> values)
    {
        string[] outputs = [.. values];
        _outputs.Clear();
        _outputs.AddRange(outputs);
    }

    /// <summary>Adds a constant tensor; no dims make a scalar.</summary>
    /// <returns>The tensor's name, which is the one wished for or that with a number.</returns>
    public string AddInitializer<T>(string name, ReadOnlySpan<T> elements, params ReadOnlySpan<long> dims)
        where T : unmanaged
    {
        string unique = UniqueName(name);
        _initializers[unique] = TensorElements.Create(unique, elements, dims);
        return unique;
    }

    /// <summary>Adds a node with one output behind those whose results it takes.</summary>
    /// <param name="opType">The operator.</param>
    /// <param name="name">The name wished for the node and its output.</param>
    /// <param name="inputs">The values it takes; an empty name leaves one out.</param>
    /// <param name="attributes">As <see cref="OnnxAttributes.Set"/> takes them.</param>
    /// <returns>The name of the output.</returns>
    public string AddNode(
        string opType, string name, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes) =>
        AddNode(opType, name, inputs, 1, attributes).Output[0];

    /// <summary>Adds a node behind those whose results it takes.</summary>
    /// <returns>The node; its outputs are named after the first one.</returns>
    public NodeProto AddNode(
        string opType,
        string name,
        ReadOnlySpan<string> inputs,
        int outputCount,
        params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var node = new NodeProto { OpType = opType, Name = UniqueName(name) };
        foreach (string input in inputs)
        {
            node.Input.Add(input);
        }

        node.Output.Add(node.Name);
        for (int i = 1; i < outputCount; i++)
        {
            node.Output.Add(UniqueName($"{node.Name}/{i}"));
        }

        foreach ((string key, object value) in attributes)
        {
            node.Attribute.Add(OnnxAttributes.Create(key, value));
        }

        Append(node);
        return node;
    }

    /// <summary>Adds a node behind all others.</summary>
    public void Append(NodeProto node)
    {
        _nodes.Add(node);
        _names.UnionWith(node.Output);
        _consumers = null;

        // A gradient asks for producers between any two nodes that it adds.
        if (_producers is not null)
        {
            foreach (string output in node.Output)
            {
                _producers[output] = node;
            }
        }
    }

    /// <summary>Lets a node give one more of its operator's outputs.</summary>
    /// <returns>The output's name.</returns>
    public string AddResult(NodeProto node, string name)
    {
        string unique = UniqueName(name);
        node.Output.Add(unique);
        _producers?.Add(unique, node);
        return unique;
    }

    /// <summary>Puts nodes in the place of one; they compute its outputs by the same names.</summary>
    public void Replace(NodeProto node, params IReadOnlyList<NodeProto> replacements)
    {
        int index = IndexOf(node);
        _nodes.RemoveAt(index);
        _nodes.InsertRange(index, replacements);
        foreach (NodeProto replacement in replacements)
        {
            _names.UnionWith(replacement.Output);
        }

        Invalidate();
    }

    /// <summary>Puts a node in front of another one.</summary>
    public void InsertBefore(NodeProto node, NodeProto inserted)
    {
        _nodes.Insert(IndexOf(node), inserted);
        _names.UnionWith(inserted.Output);
        Invalidate();
    }

    /// <summary>Takes a node out.</summary>
    public void Remove(NodeProto node)
    {
        _nodes.RemoveAt(IndexOf(node));
        Invalidate();
    }

    /// <summary>Changes what a node takes.</summary>
    public void SetInput(NodeProto node, int index, string value)
    {
        while (node.Input.Count <= index)
        {
            node.Input.Add("");
        }

        node.Input[index] = value;
        Invalidate();
    }

    /// <summary>Gives all nodes that take a value another one instead; outputs of the graph stay.</summary>
    public void ReplaceUses(string value, string replacement)
    {
        foreach (NodeProto node in Consumers(value))
        {
            ReplaceNames(node.Input, value, replacement);
        }

        Invalidate();
    }

    /// <summary>Renames a value everywhere, in the inputs and outputs of the graph as well.</summary>
    /// <exception cref="ArgumentException">The new name is taken.</exception>
    public void Rename(string value, string newName)
    {
        if (value == newName)
        {
            return;
        }

        if (!_names.Add(newName))
        {
            throw new ArgumentException($"The graph has a value '{newName}' already.", nameof(newName));
        }

        foreach (NodeProto node in _nodes)
        {
            ReplaceNames(node.Input, value, newName);
            ReplaceNames(node.Output, value, newName);
            foreach (GraphProto graph in node.Graphs())
            {
                RenameInside(graph, value, newName);
            }
        }

        ReplaceNames(_inputs, value, newName);
        ReplaceNames(_outputs, value, newName);
        if (_types.Remove(value, out OnnxValueType? type))
        {
            _types[newName] = type;
        }

        if (_initializers.Remove(value, out TensorProto? tensor))
        {
            _initializers[newName] = tensor;
        }

        Invalidate();
    }

    /// <summary>Removes all that no output needs.</summary>
    public void RemoveDeadNodes()
    {
        HashSet<NodeProto> needed = NodesBetween([], _outputs);
        _nodes.RemoveAll(node => !needed.Contains(node));
        HashSet<string> used = new(_nodes.SelectMany(InputsOf).Concat(_outputs), StringComparer.Ordinal);
        foreach (string name in _initializers.Keys.Where(name => !used.Contains(name)).ToArray())
        {
            _initializers.Remove(name);
        }

        Invalidate();
    }

    /// <summary>A name that nothing in the graph has yet; it is taken from now on.</summary>
    public string UniqueName(string name)
    {
        string unique = name;
        for (int i = _nextNumbers.GetValueOrDefault(name, 2); !_names.Add(unique); i++)
        {
            unique = $"{name}_{i}";
            _nextNumbers[name] = i + 1;
        }

        return unique;
    }

    /// <summary>Brings the nodes into an order in which they can be computed, and changes none that is.</summary>
    /// <exception cref="InvalidDataException">A node needs its own result.</exception>
    public void Sort()
    {
        Dictionary<NodeProto, bool> isDone = new(ReferenceEqualityComparer.Instance);
        List<NodeProto> sorted = new(_nodes.Count);
        var path = new Stack<(NodeProto Node, bool IsReady)>();
        foreach (NodeProto first in _nodes)
        {
            path.Push((first, false));
            while (path.TryPop(out (NodeProto Node, bool IsReady) step))
            {
                if (step.IsReady)
                {
                    isDone[step.Node] = true;
                    sorted.Add(step.Node);
                }
                else if (isDone.TryGetValue(step.Node, out bool done))
                {
                    if (!done)
                    {
                        throw new InvalidDataException(
                            $"The node '{step.Node.Name}' ({step.Node.OpType}) needs its own result; the file is damaged.");
                    }
                }
                else
                {
                    isDone[step.Node] = false;
                    path.Push((step.Node, true));
                    foreach (string input in InputsOf(step.Node))
                    {
                        if (Producer(input) is { } producer && !isDone.GetValueOrDefault(producer))
                        {
                            path.Push((producer, false));
                        }
                    }
                }
            }
        }

        _nodes.Clear();
        _nodes.AddRange(sorted);
        Invalidate();
    }

    /// <summary>The graph as the schema's message. Tensors in other files are named by those files.</summary>
    public ModelProto ToModel()
    {
        ModelProto model = ToModelWithoutConstants();
        model.Graph.Initializer.AddRange(_initializers.Select(static entry => Named(entry.Value, entry.Key)));
        return model;
    }

    /// <summary>Writes the graph, and its larger tensors into a file beside it.</summary>
    /// <param name="path">The <c>.onnx</c> file; that of the tensors has <c>.data</c> added to the name.</param>
    /// <returns>The size of both files in bytes.</returns>
    public long Save(string path)
    {
        using var writer = new OnnxModelWriter(path);
        ModelProto model = ToModelWithoutConstants();
        foreach ((string name, TensorProto tensor) in _initializers)
        {
            ReadOnlySpan<byte> raw = RawBytes(tensor);
            model.Graph.Initializer.Add(raw.IsEmpty
                ? Named(tensor, name)
                : writer.WriteTensor(name, (TensorProto.Types.DataType)tensor.DataType, raw, [.. tensor.Dims]));
        }

        return writer.Commit(model);
    }

    /// <summary>Takes tensors that stand in other files into memory, so that the files are needed no longer.</summary>
    public void LoadExternalData()
    {
        foreach ((string name, TensorProto tensor) in _initializers.ToArray())
        {
            if (_external.TryGetValue(tensor, out ExternalRange? range))
            {
                var loaded =
                    new TensorProto { Name = name, DataType = tensor.DataType, RawData = UnsafeByteOperations.UnsafeWrap(Read(range)) };
                loaded.Dims.AddRange(tensor.Dims);
                _initializers[name] = loaded;
            }
        }
    }

    /// <summary>The same graph with its larger constants in a file, so that sessions map them and nobody holds them.</summary>
    /// <param name="folder">A folder of its own, which must live as long as the graph.</param>
    public OnnxGraph WithConstantsIn(string folder)
    {
        string path = Path.Combine(folder, "constants.onnx");
        Save(path);
        OnnxGraph moved = Read(path);
        Copy(_types, moved._types);
        return moved;
    }

    /// <summary>Opens a session for the graph as it is.</summary>
    /// <param name="options">The session's options; the caller keeps them.</param>
    /// <exception cref="OnnxRuntimeException">The runtime refuses the graph.</exception>
    public InferenceSession OpenSession(SessionOptions options) => new(Serialize(options), options);

    /// <summary>The graph as it is, as bytes to open a session of.</summary>
    /// <param name="options">The options to open it with.</param>
    public byte[] Serialize(SessionOptions options)
    {
        _ = InferenceRuntime.Environment;
        options.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
        options.AddSessionConfigEntry("session.load_model_format", "ONNX");
        if (_dataFolder is not null && _initializers.Values.Any(_external.ContainsKey))
        {
            options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", _dataFolder);
        }

        return ToModel().ToByteArray();
    }

    /// <summary>The raw bytes of a tensor, wherever they stand; empty where its elements are in a list.</summary>
    internal ReadOnlySpan<byte> RawBytes(TensorProto tensor) =>
        _external.TryGetValue(tensor, out ExternalRange? range) ? Read(range) : tensor.RawData.Span;

    internal static string DomainOf(string domain) => domain == "ai.onnx" ? "" : domain;

    /// <summary>The values a node takes, with those that graphs inside it take from around it.</summary>
    internal static IEnumerable<string> InputsOf(NodeProto node) =>
        node.Input.Where(static input => input.Length > 0).Concat(node.Graphs().SelectMany(Captured));

    /// <summary>The tensor of a constant; null where the value is none.</summary>
    internal TensorProto? ConstantTensor(string value)
    {
        if (_initializers.TryGetValue(value, out TensorProto? tensor))
        {
            return tensor;
        }

        if (Producer(value) is not { OpType: "Constant", Domain: "", Attribute: [AttributeProto attribute] })
        {
            return null;
        }

        return attribute.Name switch
        {
            "value" => attribute.T,
            "value_float" => TensorElements.Create<float>(value, [attribute.F]),
            "value_int" => TensorElements.Create<long>(value, [attribute.I]),
            "value_floats" => TensorElements.Create<float>(value, [.. attribute.Floats], attribute.Floats.Count),
            "value_ints" => TensorElements.Create<long>(value, [.. attribute.Ints], attribute.Ints.Count),
            _ => null,
        };
    }

    private static byte[] Read(ExternalRange range)
    {
        var bytes = new byte[range.Length];
        using var file = new FileStream(range.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        file.Position = range.Offset;
        file.ReadExactly(bytes);
        return bytes;
    }

    private static IEnumerable<string> Captured(GraphProto graph)
    {
        HashSet<string> own = new(graph.Input.Select(static input => input.Name), StringComparer.Ordinal);
        own.UnionWith(graph.Initializer.Select(static tensor => tensor.Name));
        own.UnionWith(graph.Node.SelectMany(static node => node.Output));
        return graph.Node.SelectMany(InputsOf).Concat(graph.Output.Select(static output => output.Name)).Where(name => !own.Contains(name));
    }

    private static void RenameInside(GraphProto graph, string value, string newName)
    {
        foreach (NodeProto node in graph.Node)
        {
            ReplaceNames(node.Input, value, newName);
            foreach (GraphProto inner in node.Graphs())
            {
                RenameInside(inner, value, newName);
            }
        }

        foreach (ValueInfoProto output in graph.Output.Where(output => output.Name == value))
        {
            output.Name = newName;
        }
    }

    private static void ReplaceNames(IList<string> names, string from, string to)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i] == from)
            {
                names[i] = to;
            }
        }
    }

    private static void Copy<T>(Dictionary<string, T> from, Dictionary<string, T> to)
    {
        foreach ((string key, T value) in from)
        {
            to[key] = value;
        }
    }

    private static TensorProto Named(TensorProto tensor, string name) =>
        tensor.Name == name ? tensor : new TensorProto(tensor) { Name = name };

    private ModelProto ToModelWithoutConstants()
    {
        var graph = new GraphProto { Name = _name };
        graph.Node.AddRange(_nodes);
        graph.Input.AddRange(_inputs.Select(ValueInfo));
        graph.Output.AddRange(_outputs.Select(ValueInfo));
        var model = new ModelProto { IrVersion = _irVersion, ProducerName = "ClassActivation", Graph = graph };
        HashSet<string> domains = new(_opsets.Keys, StringComparer.Ordinal);
        foreach (string domain in _nodes.Select(static node => DomainOf(node.Domain)).Where(domain => !domains.Contains(domain)).Distinct())
        {
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = 1 });
        }

        foreach ((string domain, long version) in _opsets)
        {
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = version });
        }

        foreach ((string key, string value) in _metadata)
        {
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        }

        return model;
    }

    private ValueInfoProto ValueInfo(string name) =>
        TypeOf(name) is { } type ? type.ToValueInfo(name) : new ValueInfoProto { Name = name };

    private int IndexOf(NodeProto node)
    {
        int index = _nodes.FindIndex(other => ReferenceEquals(other, node));
        return index >= 0 ? index : throw new ArgumentException($"The node '{node.Name}' is not in the graph.", nameof(node));
    }

    private void Invalidate()
    {
        _producers = null;
        _consumers = null;
    }

    private void CollectNames()
    {
        _names.UnionWith(_inputs);
        _names.UnionWith(_initializers.Keys);
        foreach (NodeProto node in _nodes)
        {
            _names.Add(node.Name);
            _names.UnionWith(InputsOf(node));
            _names.UnionWith(node.Output);
        }
    }
}
