using ClassActivation.Onnx.Schema;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Onnx;

/// <summary>
/// Finds the types of all values of a graph, since few files state them: the runtime infers those that follow from the
/// operators, and computes the others once.
/// </summary>
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
            using SessionOptions options = FrugalSession.Options(GraphOptimizationLevel.ORT_DISABLE_ALL);
            using InferenceSession session = probe.OpenSession(options);
            string[] unknown = [.. values.Where(value => !StateInferred(graph, value, session.OutputMetadata[value]))];
            if (unknown.Length > 0)
            {
                StateComputed(graph, session, inputs, unknown);
            }
        }
        catch (OnnxRuntimeException e)
        {
            FrugalSession.ThrowIfOutOfMemory(e);
            throw new InvalidDataException(
                "The network cannot be computed; it is damaged, or needs an operator or a size that the runtime does not support.", e);
        }
        finally
        {
            inputs.ForEach(static input => input.Dispose());
        }
    }

    // The runtime says of a value of unknown rank what it says of a scalar; and it numbers the types as the schema does.
    private static bool StateInferred(OnnxGraph graph, string value, NodeMetadata inferred)
    {
        if (!inferred.IsTensor || inferred.Dimensions.Length == 0 || inferred.Dimensions.Any(static dim => dim < 0))
        {
            return false;
        }

        long[] dims = Array.ConvertAll(inferred.Dimensions, static dim => (long)dim);
        graph.SetType(value, new OnnxValueType((TensorProto.Types.DataType)(int)inferred.ElementDataType, dims));
        return true;
    }

    private static void StateComputed(OnnxGraph graph, InferenceSession session, List<OrtValue> inputs, string[] values)
    {
        using RunOptions run = new();
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, graph.Inputs, inputs, values);
        for (int i = 0; i < values.Length; i++)
        {
            if (results[i].IsTensor)
            {
                OrtTensorTypeAndShapeInfo info = results[i].GetTensorTypeAndShape();
                graph.SetType(values[i], new OnnxValueType((TensorProto.Types.DataType)(int)info.ElementDataType, info.Shape));
            }
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
