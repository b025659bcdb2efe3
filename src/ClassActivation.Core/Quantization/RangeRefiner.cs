using System.Numerics.Tensors;
using ClassActivation.Inference;
using ClassActivation.Networks;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;
using ClassActivation.Photos;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Quantization;

/// <summary>
/// Widens or narrows the range of one tensor after the other to what disturbs the network's last feature maps least.
/// The error inside of a tensor does not tell that: what is clamped is often what matters most, and what is rounded is
/// averaged out by the layers behind it.
/// </summary>
internal sealed class RangeRefiner : IDisposable
{
    private const float Wider = 1.25f;
    private const float Narrower = 0.85f;
    private const int LargestSteps = 3;

    // So fine a step, beside the 256 of 8 bits, changes nothing that could be measured.
    private const float FineSteps = 4096;

    private readonly IReadOnlyDictionary<string, ActivationRange> _ranges;
    private readonly InferenceSession _session;
    private readonly Dictionary<string, Simulation> _simulations = new(StringComparer.Ordinal);
    private readonly List<string> _inputNames = [CamModel.InputName];
    private readonly List<OrtValue> _inputs = [];

    /// <summary>Loads a network in which every tensor that has a range of its own can be rounded to 8 bits.</summary>
    public RangeRefiner(OnnxModelFile file, QuantizationPlan plan, IReadOnlyDictionary<string, ActivationRange> ranges)
    {
        _ranges = ranges;
        ModelProto model = file.Model.Clone();
        foreach (string tensor in plan.Calibrated.Where(tensor => plan.RangeOf(tensor) == tensor))
        {
            var simulation = new Simulation();
            _simulations.Add(tensor, simulation);
            Insert(model.Graph, tensor, simulation);
            Set(simulation, ranges[tensor], isRounded: false);
        }

        _session = GraphSession.Open(file, model);
    }

    /// <summary>Finds the better ranges.</summary>
    /// <param name="photos">Some of the photos, as the network sees them.</param>
    /// <param name="progress">Told of each tensor.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public IReadOnlyDictionary<string, ActivationRange> Refine(
        IReadOnlyList<NetworkInput> photos, IProgress<ConversionProgress>? progress, CancellationToken cancellationToken)
    {
        float[][] exact = [.. photos.Select(photo => Run(photo, cancellationToken))];
        var refined = new Dictionary<string, ActivationRange>(_ranges, StringComparer.Ordinal);
        int completed = 0;
        foreach ((string tensor, Simulation simulation) in _simulations)
        {
            refined[tensor] = Refine(_ranges[tensor], range => Error(simulation, range));
            Set(simulation, _ranges[tensor], isRounded: false);
            progress?.Report(new ConversionProgress(tensor, ++completed, _simulations.Count));
        }

        return refined;

        double Error(Simulation simulation, ActivationRange range)
        {
            Set(simulation, range, isRounded: true);
            double error = 0;
            for (int i = 0; i < photos.Count; i++)
            {
                double distance = TensorPrimitives.Distance<float>(exact[i], Run(photos[i], cancellationToken));
                error += distance * distance;
            }

            return error;
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        foreach (OrtValue value in _inputs)
        {
            value.Dispose();
        }
    }

    private static ActivationRange Refine(ActivationRange start, Func<ActivationRange, double> error)
    {
        (ActivationRange best, double least) = (start, error(start));
        foreach (float factor in new[] { Wider, Narrower })
        {
            for (int step = 0; step < LargestSteps; step++)
            {
                ActivationRange candidate = best with { Minimum = best.Minimum * factor, Maximum = best.Maximum * factor };
                double candidateError = error(candidate);
                if (candidateError >= least)
                {
                    break;
                }

                (best, least) = (candidate, candidateError);
            }

            if (best != start)
            {
                break;
            }
        }

        return best;
    }

    private float[] Run(NetworkInput photo, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using OrtValue image = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, photo.Memory, [1, photo.Height, photo.Width, 3]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(
            options, _inputNames, [image, .. _inputs], [CamModel.ActivationsName]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>Puts clamping and rounding, with a range that every run can choose, between a tensor and its consumers.</summary>
    private void Insert(GraphProto graph, string tensor, Simulation simulation)
    {
        string[] names = [tensor + "/simulated_minimum", tensor + "/simulated_maximum", tensor + "/simulated_step"];
        foreach ((string name, float[] value) in names.Zip([simulation.Minimum, simulation.Maximum, simulation.Step]))
        {
            var type = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = new TensorShapeProto() };
            graph.Input.Add(new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = type } });
            _inputNames.Add(name);
            _inputs.Add(OrtValue.CreateTensorValueFromMemory(value, []));
        }

        string simulated = tensor + "/simulated";
        foreach (NodeProto node in graph.Node)
        {
            for (int i = 0; i < node.Input.Count; i++)
            {
                node.Input[i] = node.Input[i] == tensor ? simulated : node.Input[i];
            }
        }

        int at = graph.Node.Select(static (node, i) => (node, i)).First(pair => pair.node.Output.Contains(tensor)).i;
        Add("Clip", simulated + "/clamped", tensor, names[0], names[1]);
        Add("Div", simulated + "/steps", simulated + "/clamped", names[2]);
        Add("Round", simulated + "/rounded", simulated + "/steps");
        Add("Mul", simulated, simulated + "/rounded", names[2]);

        void Add(string type, string output, params ReadOnlySpan<string> inputs)
        {
            var node = new NodeProto { OpType = type, Name = output };
            foreach (string input in inputs)
            {
                node.Input.Add(input);
            }

            node.Output.Add(output);
            graph.Node.Insert(++at, node);
        }
    }

    private static void Set(Simulation simulation, ActivationRange range, bool isRounded)
    {
        simulation.Minimum[0] = isRounded ? -range.ZeroPoint * range.Scale : float.MinValue;
        simulation.Maximum[0] = isRounded ? (byte.MaxValue - range.ZeroPoint) * range.Scale : float.MaxValue;
        simulation.Step[0] = isRounded ? range.Scale : range.Scale / FineSteps;
    }

    /// <summary>The runtime reads these numbers in place at every run.</summary>
    private sealed record Simulation
    {
        public float[] Minimum { get; } = new float[1];

        public float[] Maximum { get; } = new float[1];

        public float[] Step { get; } = new float[1];
    }
}
