using System.Numerics.Tensors;
using ClassActivation.Inference;
using ClassActivation.Methods;

namespace ClassActivation.Maps;

/// <summary>The maps of one forward pass at one layer or several.</summary>
internal static class LayerMaps
{
    // Gradients of so many combinations of logits are in memory at once.
    private const int Together = 16;

    /// <summary>Computes a map for each target and method.</summary>
    /// <param name="model">The network.</param>
    /// <param name="pass">Its answers.</param>
    /// <param name="layers">What it gave at the layers.</param>
    /// <param name="wanted">The targets and methods.</param>
    /// <param name="mostSteps">The most steps on a way that is gone in steps.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>
    /// A map for each, all of the size of the finest layer's; and what the biases add to its sum, where both are the target's
    /// combination of logits.
    /// </returns>
    public static (float[] Values, double? BiasPart)[] Of(
        CamModel model,
        ForwardPass pass,
        IReadOnlyList<LayerPass> layers,
        IReadOnlyList<(MapTarget Target, ILayerMethod Method)> wanted,
        int mostSteps,
        CancellationToken cancellationToken)
    {
        float[][] cotangents = [.. wanted.Select(map =>
            map.Method.NeedsGradient ? map.Method.Cotangent(map.Target, pass.Probabilities, model.Info.Activation) : [])];
        (float[] Values, double? BiasPart)[][] maps =
        [
            .. layers.Select(layer => AtLayer(layer, wanted, cotangents, mostSteps, cancellationToken))
        ];
        return [.. wanted.Select((_, i) => (
            Fuse(layers, [.. maps.Select(ofLayer => ofLayer[i].Values)]), maps.Length == 1 ? maps[0][i].BiasPart : null))];
    }

    private static (float[] Values, double? BiasPart)[] AtLayer(
        LayerPass layer,
        IReadOnlyList<(MapTarget Target, ILayerMethod Method)> wanted,
        float[][] cotangents,
        int mostSteps,
        CancellationToken cancellationToken)
    {
        var maps = new (float[] Values, double? BiasPart)[wanted.Count];
        // The methods of one target share its gradient.
        float[][] distinct =
        [
            .. cotangents.Where(static cotangent => cotangent.Length > 0).Distinct(ReferenceEqualityComparer.Instance).Cast<float[]>()
        ];
        foreach (float[][] together in distinct.Chunk(Together))
        {
            IReadOnlyList<(float[] Gradient, double? BiasPart)> gradients = layer.Gradients(together, cancellationToken);
            for (int i = 0; i < maps.Length; i++)
            {
                int row = Array.IndexOf(together, cotangents[i]);
                if (row >= 0)
                {
                    (MapTarget target, ILayerMethod method) = wanted[i];
                    maps[i] = (
                        method.Map(new ExplainedLayer(target, layer, gradients[row].Gradient, cancellationToken)),
                        method.IsComplete ? gradients[row].BiasPart : null);
                }
            }
        }

        for (int i = 0; i < maps.Length; i++)
        {
            if (!wanted[i].Method.NeedsGradient)
            {
                var explained = new ExplainedLayer(wanted[i].Target, layer, [], cancellationToken) { MostSteps = mostSteps };
                maps[i] = (wanted[i].Method.Map(explained), wanted[i].Method.Rest(explained));
            }
        }

        return maps;
    }

    /// <summary>
    /// One map of those of several layers: each divided by its largest value, cut at zero, brought to the size of the finest, and
    /// the largest value at each place (Jiang et al. 2021, "LayerCAM", section III-D). That of one layer stays raw.
    /// </summary>
    private static float[] Fuse(IReadOnlyList<LayerPass> layers, float[][] maps)
    {
        if (maps.Length == 1)
        {
            return maps[0];
        }

        LayerPass finest = Finest(layers);
        var fused = new float[finest.Rows * finest.Columns];
        foreach ((LayerPass layer, float[] map) in layers.Zip(maps))
        {
            TensorPrimitives.Max(map, 0, map);
            float largest = TensorPrimitives.Max<float>(map);
            TensorPrimitives.Divide(map, largest > 0 ? largest : 1, map);
            float[] spread = GridUpsampler.Upsample(map, layer.Rows, layer.Columns, finest.Columns, finest.Rows, Upsampling.HalfPixel);
            TensorPrimitives.Max<float>(fused, spread, fused);
        }

        return fused;
    }

    /// <summary>The layer with the most places.</summary>
    public static LayerPass Finest(IReadOnlyList<LayerPass> layers) => layers.MaxBy(static layer => layer.Rows * layer.Columns)!;
}
