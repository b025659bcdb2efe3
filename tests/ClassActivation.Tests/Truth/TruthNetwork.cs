using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;

namespace ClassActivation.Tests.Truth;

/// <summary>A network of five detectors with hand-set weights, each of which answers to one cell of 16×16 pixels alone.</summary>
internal static class TruthNetwork
{
    /// <summary>The side of a cell in pixels.</summary>
    public const int Cell = 16;

    /// <summary>The cells along a side of a picture.</summary>
    public const int Cells = 14;

    /// <summary>The pixels along a side of a picture.</summary>
    public const int Side = Cell * Cells;

    /// <summary>A colour's detector on a cell of its colour: one channel less the two others, (230 − 25 − 25) / 255.</summary>
    public const float Colored = 180f / 255;

    /// <summary>A pattern's detector on a cell of its pattern: half of the pixels are 1, the others 0, less what noise may reach.</summary>
    public const float Striped = 0.5f - NoiseReach;

    private const float NoiseReach = 0.1f;

    private static readonly Thing[] Things = Enum.GetValues<Thing>();

    /// <summary>What a thing's own detector answers to a cell of it; all others answer 0, and to the background all do.</summary>
    public static float Answer(Thing thing) => thing is Thing.Upright or Thing.Level ? Striped : Colored;

    /// <summary>Writes a network of three classes: the class, the other one, and neither.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="forClass">How much each thing counts for the class.</param>
    /// <param name="forOther">How much each thing counts for the other class.</param>
    public static void Write(string path, IReadOnlyDictionary<Thing, float> forClass, IReadOnlyDictionary<Thing, float> forOther)
    {
        using var graph = new OnnxGraphBuilder(path, "truth");
        string image = graph.AddInput("image", TensorProto.Types.DataType.Uint8, "N", "H", "W", 3L);
        string value = graph.AddNode("Cast", "cast", [image], ("to", (long)TensorProto.Types.DataType.Float));
        value = graph.AddNode("Transpose", "transpose", [value], ("perm", new long[] { 0, 3, 1, 2 }));
        value = graph.AddNode("Div", "scaled", [value, graph.AddInitializer<float>("range", [255f])]);
        float[] kernels = [.. Things.SelectMany(Kernel)];
        float[] thresholds = [.. Things.Select(static thing => thing is Thing.Upright or Thing.Level ? -NoiseReach : 0)];
        value = graph.AddNode(
            "Conv",
            "detectors",
            [
                value,
                graph.AddInitializer<float>("kernels", kernels, Things.Length, 3, Cell, Cell),
                graph.AddInitializer<float>("thresholds", thresholds, Things.Length)
            ],
            ("kernel_shape", new long[] { Cell, Cell }),
            ("strides", new long[] { Cell, Cell }));
        string activations = graph.AddNode("Relu", "answers", [value]);
        float[] weights =
        [
            .. Things.SelectMany(thing => new[] { forClass.GetValueOrDefault(thing), forOther.GetValueOrDefault(thing), 0 })
        ];
        string logits = graph.AddNode("Gemm", "logits",
        [
            graph.AddNode("Flatten", "flat", [graph.AddNode("GlobalAveragePool", "gap", [activations])]),
            graph.AddInitializer<float>("classifier.weight", weights, Things.Length, 3),
            graph.AddInitializer<float>("classifier.bias", [0, 0, 1], 3),
        ]);
        string predictions = graph.AddNode("Softmax", "softmax", [logits], ("axis", 1L));
        graph.AddOutput(activations, "activations", TensorProto.Types.DataType.Float, "N", (long)Things.Length, "h", "w");
        graph.AddOutput(predictions, "predictions", TensorProto.Types.DataType.Float, "N", 3L);
        graph.AddMetadata("labels", "class\nother\nneither");
        graph.AddMetadata("source", "weights set by hand");
        graph.AddMetadata("resolution", $"{Side}");
        graph.Save();
    }

    private static IEnumerable<float> Kernel(Thing thing) =>
        from channel in Enumerable.Range(0, 3)
        from y in Enumerable.Range(0, Cell)
        from x in Enumerable.Range(0, Cell)
        select (thing switch
        {
            Thing.Upright => (TruthPicture.IsWhite(x) ? 1f : -1f) / 3,
            Thing.Level => (TruthPicture.IsWhite(y) ? 1f : -1f) / 3,
            _ => channel == (int)thing ? 1f : -1f,
        }) / (Cell * Cell);
}
