using System.Text.Json;
using ClassActivation.Gradients;
using ClassActivation.Onnx;
using ClassActivation.Photos;
using ClassActivation.Tests.Onnx;

namespace ClassActivation.Tests.Gradients;

/// <summary>A small network of a known family, with what torch's autograd says of it.</summary>
internal sealed class ReferenceNetwork
{
    private const int Side = 224;

    internal static readonly Lazy<JsonElement> Golden = new(static () =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Locations.Reference(), "onnx", "golden.json"))).RootElement);

    private readonly JsonElement _figures;

    private ReferenceNetwork(string name)
    {
        Name = name;
        _figures = Golden.Value.GetProperty("networks").GetProperty(name).GetProperty("photos");
        Prepared = GraphPreparation.Prepare(OnnxGraph.Read(Path.Combine(Locations.Reference(), "onnx", name + ".onnx")));
    }

    public string Name { get; }

    public OnnxGraph Prepared { get; }

    public string Input => Prepared.Inputs[0];

    public string Logits => Prepared.Outputs[0];

    public IEnumerable<string> Photos => _figures.EnumerateObject().Select(static photo => photo.Name);

    /// <summary>Reads one; skips the test where the reference figures are absent.</summary>
    public static ReferenceNetwork Open(string name)
    {
        Skip.IfNot(File.Exists(Path.Combine(Locations.Reference(), "onnx", "golden.json")), "The reference networks are not here.");
        return new ReferenceNetwork(name);
    }

    public JsonElement Figures(string photo, string place) => _figures.GetProperty(photo).GetProperty(place);

    public float[] GoldenLogits(string photo) => Numbers(_figures.GetProperty(photo).GetProperty("logits"));

    public static IEnumerable<int> Classes(JsonElement figures) =>
        figures.EnumerateObject().Where(static entry => int.TryParse(entry.Name, out _))
            .Select(static entry => int.Parse(entry.Name, null));

    public static float[] Numbers(JsonElement list) => [.. list.EnumerateArray().SelectMany(static item =>
        item.ValueKind == JsonValueKind.Array ? Numbers(item) : [item.GetSingle()])];

    /// <summary>A photo as the networks were trained to see it: stretched, less the mean, by the deviation.</summary>
    public static float[] Read(string photo)
    {
        Photo decoded = PhotoDecoder.Decode(PhotoSource.FromFile(Path.Combine(Locations.Repository(), "samples", photo)));
        byte[] pixels = NetworkInput.Create(decoded, InputFit.Stretch, Side, Resampling.Bilinear).Pixels;
        float[] mean = Numbers(Golden.Value.GetProperty("mean"));
        float[] deviation = Numbers(Golden.Value.GetProperty("std"));
        var input = new float[pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            int channel = i % 3;
            input[(channel * Side * Side) + (i / 3)] = ((pixels[i] / 255f) - mean[channel]) / deviation[channel];
        }

        return input;
    }

    /// <summary>A cotangent that is 1 at one class.</summary>
    public float[] OneHot(int imageClass)
    {
        var cotangent = new float[Prepared.TypeOf(Logits)!.Dims![^1]];
        cotangent[imageClass] = 1;
        return cotangent;
    }

    /// <summary>Runs the body and the tail of a gradient.</summary>
    public static (float[][] Features, float[] Scores, float[] Gradient) Run(NetworkGradient gradient, float[] image, float[] cotangent)
    {
        OnnxGraph body = gradient.Body();
        float[][] features = GraphRun.Floats(body, new() { [body.Inputs[0]] = image }, [.. body.Outputs]);
        Dictionary<string, float[]> inputs = new() { [NetworkGradient.CotangentName] = cotangent };
        for (int i = 0; i < features.Length; i++)
        {
            inputs[body.Outputs[i]] = features[i];
        }

        OnnxGraph tail = gradient.Tail();
        float[][] results = GraphRun.Floats(tail, inputs, gradient.Scores, NetworkGradient.GradientName);
        return (features, results[0], results[1]);
    }

    /// <summary>
    /// Runs a forward pass that keeps what the gradient takes, and the backward pass on that, with mirrored weights, as the cmdlets do.
    /// </summary>
    public float[] RunBackward(string feature, float[] image, float[] cotangent)
    {
        IReadOnlyList<string> saved = SavedValues.Of(Prepared, feature, Logits);
        OnnxGraph backward = NetworkGradient.Write(Prepared, feature, Logits, copiesWeights: true).Backward(saved);
        string[] given = [.. backward.Inputs.Where(static input => input != NetworkGradient.CotangentName)];
        OnnxGraph forward = Prepared.Clone();
        forward.SetOutputs([.. given.Where(value => value != Input)]);
        float[][] values = GraphRun.Floats(forward, new() { [Input] = image }, [.. forward.Outputs]);
        Dictionary<string, float[]> inputs = forward.Outputs.Zip(values)
            .ToDictionary(static pair => pair.First, static pair => pair.Second);
        inputs[NetworkGradient.CotangentName] = cotangent;
        if (given.Contains(Input))
        {
            inputs[Input] = image;
        }

        return GraphRun.Floats(backward, inputs, NetworkGradient.GradientName);
    }

    /// <summary>Feature maps as channels × places; a class token is dropped, channels may come last.</summary>
    public static float[] ByChannels(float[] values, IReadOnlyList<long> dims, int channels)
    {
        if (dims[1] == channels)
        {
            return values;
        }

        int skipped = dims.Count == 3 ? 1 : 0;
        int places = (values.Length / channels) - skipped;
        var sorted = new float[channels * places];
        for (int place = 0; place < places; place++)
        {
            for (int k = 0; k < channels; k++)
            {
                sorted[(k * places) + place] = values[((place + skipped) * channels) + k];
            }
        }

        return sorted;
    }

    /// <summary>The largest difference as a part of the largest figure.</summary>
    public static double Error(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        (double difference, double largest) = (0, 0);
        for (int i = 0; i < expected.Length; i++)
        {
            difference = Math.Max(difference, Math.Abs((double)expected[i] - actual[i]));
            largest = Math.Max(largest, Math.Abs(expected[i]));
        }

        return largest > 0 ? difference / largest : difference;
    }
}
