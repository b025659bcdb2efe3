using System.Text.Json;
using ClassActivation.Import.Onnx;
using ClassActivation.Import.Pixels;
using ClassActivation.Import.Weights;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;

namespace ClassActivation.Import.TensorFlow;

/// <summary>Converts graph-models of TensorFlow.js, which are made of TensorFlow's operators, to dual-output ONNX.</summary>
public static class GraphModelConverter
{
    // Far more than any network has, and few enough to be looked through.
    private const int MostNodes = 50_000;

    /// <summary>Converts a network. The files appear when they are complete, or not at all.</summary>
    /// <param name="path">The network's <c>model.json</c>, with its weight files beside it.</param>
    /// <param name="destinationPath">The <c>.onnx</c> file to make; the weights go to this name with <c>.data</c> added.</param>
    /// <param name="options">What the network does not say.</param>
    /// <param name="cancellationToken">Stops the conversion.</param>
    /// <exception cref="ModelImportException">The network cannot be imported; the message names the operator or the file.</exception>
    public static ConversionResult Convert(
        string path, string destinationPath, ImportOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        string source = Path.GetFullPath(path);
        using JsonDocument document = TensorFlowJsFile.Read(source);
        JsonElement root = document.RootElement;
        Dictionary<string, GraphNode> nodes = Guard.Description(() => ReadNodes(root), () => Unknown(source));
        string[] outputs = Guard.Description(() => Outputs(root, nodes), () => Unknown(source));
        string output = Choose(outputs, options.OutputName, source);
        GraphNode input = Guard.Description(() => Input(nodes.Values, options.InputName, source), () => Unknown(source));
        List<GraphNode> order = Arrange(nodes, output, source);
        using TensorShards store = TensorShards.Read(root.GetProperty("weightsManifest"), Path.GetDirectoryName(source)!);
        return PlainOnnx.Convert(
            graph =>
            {
                OperatorTranslator translator = new(graph, store);
                Guard.Description(
                    () =>
                    {
                        translator.AddInput(input);
                        return true;
                    },
                    () => Unknown(source));
                foreach (GraphNode node in order.Where(node => node != input))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Guard.Description(
                        () => translator.Add(node),
                        () => $"The description of the operator '{node.Name}' ({node.Operator}) is incomplete or of an unknown"
                            + " form; export the model again.");
                }

                graph.AddOutput(translator.Result(nodes[output]), "answers", DataType.Float);
            },
            source,
            destinationPath,
            // The names are those of the graph that was written, and chosen here.
            options with
            {
                InputName = null,
                OutputName = null,
                Layout = TensorLayout.Nhwc,
                Name = options.Name ?? Path.GetFileName(Path.GetDirectoryName(source)),
            },
            cancellationToken);
    }

    private static string Unknown(string path) =>
        $"The network's description in '{path}' is incomplete or of an unknown form; export the model again.";

    private static Dictionary<string, GraphNode> ReadNodes(JsonElement root)
    {
        JsonElement list = root.GetProperty("modelTopology").GetProperty("node");
        return list.GetArrayLength() > MostNodes
            ? throw new ModelImportException($"The network has more than {MostNodes} operators; such networks cannot be imported.")
            : list.EnumerateArray().Select(GraphNode.Read).ToDictionary(static node => node.Name, StringComparer.Ordinal);
    }

    /// <summary>The outputs that the signature names, or else the values that nothing takes.</summary>
    private static string[] Outputs(JsonElement root, Dictionary<string, GraphNode> nodes)
    {
        if (Signature(root) is { } signature
            && signature.TryGetProperty("outputs", out JsonElement outputs)
            && outputs.ValueKind == JsonValueKind.Object)
        {
            string[] named = [.. outputs.EnumerateObject()
                .Select(static entry => entry.Value.TryGetProperty("name", out JsonElement name) ? name.GetString() ?? "" : entry.Name)
                .Select(static name => name.Split(':')[0])
                .Where(nodes.ContainsKey)];
            if (named.Length > 0)
            {
                return named;
            }
        }

        HashSet<string> taken = [.. nodes.Values.SelectMany(static node => node.Inputs)];
        return
        [
            .. nodes.Values.Where(node => node.Operator is not ("Const" or "NoOp" or "Placeholder") && !taken.Contains(node.Name))
                .Select(static node => node.Name)
        ];
    }

    private static JsonElement? Signature(JsonElement root) =>
        root.TryGetProperty("signature", out JsonElement signature) && signature.ValueKind == JsonValueKind.Object ? signature
        : root.TryGetProperty("userDefinedMetadata", out JsonElement metadata) && metadata.ValueKind == JsonValueKind.Object
            && metadata.TryGetProperty("signature", out signature) && signature.ValueKind == JsonValueKind.Object ? signature
        : null;

    private static string Choose(string[] outputs, string? wanted, string path) =>
        wanted is not null
            ? outputs.Contains(wanted) ? wanted : throw new ModelImportException(
                $"The network '{path}' has no output '{wanted}'; it has {List(outputs)}.")
            : outputs.Length == 1
                ? outputs[0]
                : throw new ModelImportException(
                    $"The network '{path}' has {outputs.Length} outputs, of which one is needed: {List(outputs)}; name it.");

    private static GraphNode Input(IEnumerable<GraphNode> nodes, string? wanted, string path)
    {
        GraphNode[] inputs = [.. nodes.Where(static node => node.Operator is "Placeholder" or "PlaceholderWithDefault")];
        GraphNode[] fitting = wanted is null ? inputs : [.. inputs.Where(node => node.Name == wanted)];
        return fitting.Length == 1
            ? fitting[0]
            : throw new ModelImportException(
                $"The network '{path}' has {inputs.Length} inputs, of which one photo gives one:"
                + $" {List(inputs.Select(static node => node.Name))}.");
    }

    private static string List(IEnumerable<string> names) =>
        string.Join(", ", names.Take(12).Select(static name => $"'{name}'").DefaultIfEmpty("none"));

    /// <summary>The nodes that the output needs, each behind its inputs.</summary>
    private static List<GraphNode> Arrange(Dictionary<string, GraphNode> nodes, string output, string path)
    {
        List<GraphNode> order = [];
        HashSet<string> done = new(StringComparer.Ordinal), open = new(StringComparer.Ordinal);
        Stack<(string Name, bool IsReady)> stack = new([(output, false)]);
        while (stack.TryPop(out (string Name, bool IsReady) entry))
        {
            if (done.Contains(entry.Name))
            {
                continue;
            }

            if (!nodes.TryGetValue(entry.Name, out GraphNode? node))
            {
                throw new ModelImportException(
                    $"'{path}' refers to an operator '{entry.Name}' that it does not describe; export the model again.");
            }

            if (entry.IsReady)
            {
                done.Add(entry.Name);
                order.Add(node);
                continue;
            }

            if (!open.Add(entry.Name))
            {
                throw new ModelImportException(
                    $"The operator '{entry.Name}' of '{path}' is part of a loop; only networks without loops can be imported.");
            }

            stack.Push((entry.Name, true));
            foreach (string before in node.Inputs.Where(before => !done.Contains(before)))
            {
                if (open.Contains(before))
                {
                    throw new ModelImportException(
                        $"The operator '{before}' of '{path}' is part of a loop; only networks without loops can be imported.");
                }

                stack.Push((before, false));
            }
        }

        return order;
    }
}
