using System.Text.Json;
using ClassActivation.Gradients;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;
using ClassActivation.Tests.Onnx;
using Microsoft.ML.OnnxRuntime;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;
using OnnxValueType = ClassActivation.Onnx.OnnxValueType;

namespace ClassActivation.Tests.Gradients;

/// <summary>A few nodes with values, and what torch's autograd gives for them.</summary>
internal sealed class RuleCase
{
    private static readonly Lazy<Dictionary<string, RuleCase>> All = new(static () => JsonDocument
        .Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Gradients", "rule-cases.json")))
        .RootElement.EnumerateArray()
        .Select(static item => new RuleCase(item))
        .ToDictionary(static rule => rule.Name, StringComparer.Ordinal));

    private readonly JsonElement _json;

    private RuleCase(JsonElement json) => _json = json;

    public static IEnumerable<string> Names => All.Value.Keys;

    public string Name => _json.GetProperty("name").GetString()!;

    public bool IsLinear => _json.GetProperty("linear").GetBoolean();

    public IEnumerable<string> Operators =>
        _json.GetProperty("nodes").EnumerateArray().Select(static node => GradientRules.KeyOf(Node(node)));

    /// <summary>The inputs that torch has a gradient for.</summary>
    public IEnumerable<string> Differentiated => _json.GetProperty("gradients").EnumerateObject().Select(static entry => entry.Name);

    public double[] Result => Numbers(_json.GetProperty("y"));

    public double[] Cotangent => Numbers(_json.GetProperty("cotangent"));

    public static RuleCase Of(string name) => All.Value[name];

    public double[] GradientOf(string input) => Numbers(_json.GetProperty("gradients").GetProperty(input));

    public Dictionary<string, double[]> Inputs() =>
        _json.GetProperty("inputs").EnumerateObject().ToDictionary(static entry => entry.Name, static entry => Numbers(entry.Value));

    /// <summary>The graph in double where the runtime has all kernels for it, and otherwise in float.</summary>
    public OnnxGraph GraphOfBestPrecision(out bool isDouble)
    {
        isDouble = true;
        try
        {
            OnnxGraph graph = Graph(DataType.Double);
            string first = Differentiated.First();
            OnnxGraph whole = NetworkGradient.Write(graph, first, "y").Whole();
            Dictionary<string, double[]> inputs = Inputs();
            inputs[NetworkGradient.CotangentName] = Cotangent;
            GraphRun.Numbers(whole, inputs, NetworkGradient.GradientName);
            return graph;
        }
        catch (Exception e) when (e is OnnxRuntimeException or InvalidDataException)
        {
            isDouble = false;
            return Graph(DataType.Float);
        }
    }

    public OnnxGraph Graph(DataType type = DataType.Float)
    {
        var model = new ModelProto { IrVersion = 10, Graph = new GraphProto { Name = Name } };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = _json.GetProperty("opset").GetInt64() });
        foreach (JsonProperty input in _json.GetProperty("inputs").EnumerateObject())
        {
            model.Graph.Input.Add(new OnnxValueType(type, Dims(input.Value)).ToValueInfo(input.Name));
        }

        foreach (JsonProperty constant in _json.GetProperty("constants").EnumerateObject())
        {
            model.Graph.Initializer.Add(Tensor(constant, type));
        }

        model.Graph.Node.AddRange(_json.GetProperty("nodes").EnumerateArray().Select(Node));
        model.Graph.Output.Add(new ValueInfoProto { Name = "y" });
        var graph = new OnnxGraph(model);
        GraphProbe.StateTypes(graph);
        return graph;
    }

    private static NodeProto Node(JsonElement json)
    {
        var node = new NodeProto { OpType = json.GetProperty("op").GetString()!, Domain = json.GetProperty("domain").GetString()! };
        node.Input.AddRange(json.GetProperty("inputs").EnumerateArray().Select(static input => input.GetString()!));
        node.Output.AddRange(json.GetProperty("outputs").EnumerateArray().Select(static output => output.GetString()!));
        node.Name = node.Output[0];
        foreach (JsonProperty attribute in json.GetProperty("attributes").EnumerateObject())
        {
            node.Set(attribute.Name, Attribute(attribute.Value));
        }

        return node;
    }

    private static object Attribute(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString()!,
        JsonValueKind.Array when json.EnumerateArray().Any(IsFloat) => json.EnumerateArray().Select(static item => item.GetSingle())
            .ToArray(),
        JsonValueKind.Array => json.EnumerateArray().Select(static item => item.GetInt64()).ToArray(),
        _ when IsFloat(json) => json.GetSingle(),
        _ => json.GetInt64(),
    };

    private static bool IsFloat(JsonElement json) => json.GetRawText().AsSpan().ContainsAny(".e");

    private static TensorProto Tensor(JsonProperty json, DataType type)
    {
        long[] dims = Dims(json.Value);
        double[] numbers = json.Value.GetProperty("type").GetString() == "int64" ? [] : Numbers(json.Value);
        return json.Value.GetProperty("type").GetString() switch
        {
            "int64" => TensorElements.Create<long>(json.Name, [.. Data(json.Value).Select(static item => item.GetInt64())], dims),
            "bool" => TensorElements.Create<bool>(json.Name, [.. numbers.Select(static number => number != 0)], dims),
            _ when type == DataType.Double && !IsScale(json) => TensorElements.Create<double>(json.Name, numbers, dims),
            _ => TensorElements.Create<float>(json.Name, [.. numbers.Select(static number => (float)number)], dims),
        };
    }

    // Resize takes its scales as float32, whatever it resizes.
    private static bool IsScale(JsonProperty json) => json.Name == "s" && Numbers(json.Value) is [1, 1, 2, 2];

    private static long[] Dims(JsonElement json) => [.. json.GetProperty("dims").EnumerateArray().Select(static dim => dim.GetInt64())];

    private static double[] Numbers(JsonElement json) => [.. Data(json).Select(static item => item.GetDouble())];

    private static JsonElement.ArrayEnumerator Data(JsonElement json) => json.GetProperty("data").EnumerateArray();
}
