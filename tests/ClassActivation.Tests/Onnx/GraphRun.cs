using ClassActivation.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;

namespace ClassActivation.Tests.Onnx;

/// <summary>Computes values of a graph, without any optimisation unless wished for.</summary>
internal static class GraphRun
{
    public static float[] Floats(OnnxGraph graph, Dictionary<string, float[]> inputs, string output) =>
        Floats(graph, inputs, [output])[0];

    public static float[][] Floats(OnnxGraph graph, Dictionary<string, float[]> inputs, params string[] outputs)
    {
        OrtValue[] values =
        [
            .. inputs.Select(input => OrtValue.CreateTensorValueFromMemory(input.Value, Dims(graph, input.Key, input.Value.Length)))
        ];
        try
        {
            using SessionOptions options = new() { IntraOpNumThreads = 1, GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL };
            using InferenceSession session = graph.OpenSession(options);
            using RunOptions run = new();
            using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, [.. inputs.Keys], values, outputs);
            return [.. results.Select(result => result.GetTensorDataAsSpan<float>().ToArray())];
        }
        finally
        {
            Array.ForEach(values, value => value.Dispose());
        }
    }

    /// <summary>Computes values in whatever types the graph has.</summary>
    public static double[][] Numbers(OnnxGraph graph, Dictionary<string, double[]> inputs, params string[] outputs)
    {
        OrtValue[] values = [.. inputs.Select(input => Value(graph, input.Key, input.Value))];
        try
        {
            using SessionOptions options = new() { IntraOpNumThreads = 1, GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL };
            using InferenceSession session = graph.OpenSession(options);
            using RunOptions run = new();
            using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, [.. inputs.Keys], values, outputs);
            return [.. results.Select(static result => result.GetTensorTypeAndShape().ElementDataType == TensorElementType.Double
                ? result.GetTensorDataAsSpan<double>().ToArray()
                : Array.ConvertAll(result.GetTensorDataAsSpan<float>().ToArray(), static number => (double)number))];
        }
        finally
        {
            Array.ForEach(values, value => value.Dispose());
        }
    }

    private static OrtValue Value(OnnxGraph graph, string input, double[] numbers)
    {
        long[] dims = Dims(graph, input, numbers.Length);
        return graph.TypeOf(input)!.ElementType == DataType.Double
            ? OrtValue.CreateTensorValueFromMemory(numbers, dims)
            : OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(numbers, static number => (float)number), dims);
    }

    /// <summary>The dimensions of an input, with a free first one that follows from the number of elements.</summary>
    private static long[] Dims(OnnxGraph graph, string input, long count)
    {
        long[] dims = [.. graph.TypeOf(input)!.Dims!];
        if (dims is [-1, ..])
        {
            dims[0] = count / dims.Skip(1).Aggregate(1L, static (product, dim) => product * dim);
        }

        return dims;
    }
}
