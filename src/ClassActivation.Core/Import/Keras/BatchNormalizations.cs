using ClassActivation.Onnx;

namespace ClassActivation.Import.Keras;

/// <summary>Batch normalisation with its moving statistics, which is one scale and one shift for each channel.</summary>
internal sealed class BatchNormalizations(OnnxGraphBuilder graph, LayersWeights weights, LayersTopology topology, double? epsilon)
{
    /// <summary>The scale and the shift, in double precision.</summary>
    public (double[] Scale, double[] Shift) Load(KerasLayer layer, int channels)
    {
        float[] mean = Vector("moving_mean");
        float[] variance = Vector("moving_variance");
        float[]? gamma = layer.Flag("scale", true) ? Vector("gamma") : null;
        float[]? beta = layer.Flag("center", true) ? Vector("beta") : null;
        double stabilizer = epsilon ?? layer.Number("epsilon", 1e-3);
        double[] scale = new double[channels];
        double[] shift = new double[channels];
        for (int i = 0; i < channels; i++)
        {
            scale[i] = (gamma?[i] ?? 1.0) / Math.Sqrt(variance[i] + stabilizer);
            shift[i] = (beta?[i] ?? 0.0) - (mean[i] * scale[i]);
            if (!double.IsFinite(scale[i]) || !double.IsFinite(shift[i]))
            {
                throw layer.Error(
                    $"has a variance of {variance[i]} and an epsilon of {stabilizer}, which cannot be divided by; the weight files are"
                    + " damaged, fetch the model again");
            }
        }

        return (scale, shift);

        float[] Vector(string name) => weights.Load(layer, name).Data is var data && data.Length == channels
            ? data
            : throw layer.Error($"has a '{name}' of {data.Length} numbers for {channels} channels; export the model again");
    }

    /// <summary>Adds one that stands alone.</summary>
    public string Add(KerasLayer layer, string input, int?[] shape)
    {
        int channels = shape[^1] ?? throw layer.Error("takes an unknown number of channels");
        CheckAxis(layer, shape.Length);
        (double[] scale, double[] shift) = Load(layer, channels);
        return graph.AddNode(
            "BatchNormalization",
            layer.Key,
            [
                input,
                Constant("scale", Array.ConvertAll(scale, value => (float)value)),
                Constant("shift", Array.ConvertAll(shift, value => (float)value)),
                Constant("mean", new float[channels]),
                Constant("variance", [.. Enumerable.Repeat(1f, channels)]),
            ],
            ("epsilon", 0f));

        string Constant(string name, float[] values) => graph.AddInitializer<float>($"{layer.Key}/{name}", values, channels);
    }

    public void CheckAxis(KerasLayer layer, int rank)
    {
        if (Axes.Logical(layer, rank, topology.ChannelsFirst) != rank - 1)
        {
            throw layer.Error("normalises along an axis that is not the channels, which cannot be imported");
        }
    }
}
