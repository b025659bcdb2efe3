using ClassActivation.Onnx.Schema;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Onnx;

/// <summary>Finds the types of all values of a graph by computing each once, since few files state them.</summary>
internal static class GraphProbe
{
    /// <summary>States the type of every value that the graph computes.</summary>
    /// <param name="graph">A graph whose inputs have fixed dimensions.</param>
    /// <exception cref="InvalidDataException">An input has a free dimension, or the runtime cannot compute the graph.</exception>
    public static void StateTypes(OnnxGraph graph)
    {
        string[] values = [.. graph.Nodes
            .Where(static node => node is not { OpType: "Constant", Domain: "" })
            .SelectMany(static node => node.Output)
            .Where(static output => output.Length > 0)];
        OnnxGraph probe = graph.Clone();
        probe.ForgetTypes();
        probe.SetOutputs(values);
        List<OrtValue> inputs = [];
        try
        {
            inputs.AddRange(graph.Inputs.Select(input => Zeros(graph, input)));
            using SessionOptions options = new() { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL };
            using InferenceSession session = probe.OpenSession(options);
            using RunOptions run = new();
            using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, graph.Inputs, inputs, values);
            for (int i = 0; i < values.Length; i++)
            {
                if (results[i].IsTensor)
                {
                    OrtTensorTypeAndShapeInfo info = results[i].GetTensorTypeAndShape();
                    // The runtime numbers the types as the schema does.
                    graph.SetType(values[i], new OnnxValueType((TensorProto.Types.DataType)(int)info.ElementDataType, info.Shape));
                }
            }
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException("The network cannot be computed; it is damaged, or needs an operator or a size that the runtime does not support.", e);
        }
        finally
        {
            inputs.ForEach(static input => input.Dispose());
        }
    }

    private static OrtValue Zeros(OnnxGraph graph, string input)
    {
        if (graph.TypeOf(input) is not { IsFixed: true } type)
        {
            throw new InvalidDataException($"The input '{input}' of the network has a free dimension; give all of them.");
        }

        OrtValue value = OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance, (Microsoft.ML.OnnxRuntime.Tensors.TensorElementType)(int)type.ElementType, [.. type.Dims!]);
        value.GetTensorMutableRawData().Clear();
        return value;
    }
}
