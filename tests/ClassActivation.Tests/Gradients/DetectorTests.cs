using System.Text.Json;
using ClassActivation.Gradients;
using ClassActivation.Onnx;
using ClassActivation.Tests.Onnx;

namespace ClassActivation.Tests.Gradients;

/// <summary>A detector's target is one box's score, and any value of a network may be differentiated (make_detector.py).</summary>
public sealed class DetectorTests
{
    private const int Corners = 4;
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Gradients");

    [Fact]
    public void The_score_of_one_box_is_differentiated_as_autograd_does()
    {
        OnnxGraph graph = GraphPreparation.Prepare(OnnxGraph.Read(Path.Combine(Folder, "detector.onnx")));
        IReadOnlyList<string> saved = SavedValues.Of(graph, "features", "output0");
        OnnxGraph backward = NetworkGradient.Write(graph, "features", "output0", copiesWeights: true).Backward(saved);
        using JsonDocument figures = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "detector.json")));
        string[] given = [.. backward.Inputs.Where(static input => input != NetworkGradient.CotangentName)];
        OnnxGraph forward = graph.Clone();
        forward.SetOutputs([.. given, "output0"]);
        float[][] values = GraphRun.Floats(
            forward, new() { ["images"] = ReferenceNetwork.Numbers(figures.RootElement.GetProperty("image")) }, [.. forward.Outputs]);
        int boxes = figures.RootElement.GetProperty("shape")[2].GetInt32();
        foreach (JsonElement box in figures.RootElement.GetProperty("boxes").EnumerateArray())
        {
            int score = ((Corners + box.GetProperty("class").GetInt32()) * boxes) + box.GetProperty("box").GetInt32();
            var cotangent = new float[values[^1].Length];
            cotangent[score] = 1;
            Dictionary<string, float[]> inputs = given.Zip(values).ToDictionary(static pair => pair.First, static pair => pair.Second);
            inputs[NetworkGradient.CotangentName] = cotangent;
            float[] gradient = GraphRun.Floats(backward, inputs, NetworkGradient.GradientName);

            Assert.Equal(box.GetProperty("score").GetDouble(), values[^1][score], 1e-6);
            Assert.InRange(ReferenceNetwork.Error(ReferenceNetwork.Numbers(box.GetProperty("gradient")), gradient), 0, 5e-5);
        }

        Assert.Equal(4, figures.RootElement.GetProperty("boxes").GetArrayLength());
    }
}
