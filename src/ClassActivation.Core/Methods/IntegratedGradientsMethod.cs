namespace ClassActivation.Methods;

/// <summary><see cref="CamMethod.IntegratedGradients"/>: gradients along the way from a picture of zeros, by the midpoint rule.</summary>
internal sealed class IntegratedGradientsMethod : ILayerMethod
{
    private const int FirstSteps = 8;
    private const int MostSteps = 128;
    private const double Tolerance = 0.01;

    public CamMethod Method => CamMethod.IntegratedGradients;

    public bool NeedsGradient => false;

    public bool IsAtPixels => true;

    public double? Rest(ExplainedLayer layer) =>
        FloatSpans.Dot(layer.Pass.LogitsOfNothing(layer.CancellationToken), layer.Target.Shares);

    public float[] Map(ExplainedLayer layer)
    {
        float score = FloatSpans.Dot(layer.Pass.Logits(layer.CancellationToken), layer.Target.Shares);
        double difference = score - Rest(layer)!.Value;
        float[] map = [];
        for (int steps = FirstSteps; steps <= MostSteps; steps *= 2)
        {
            map = Integrate(layer, steps);
            if (Math.Abs(map.Sum(static value => (double)value) - difference) <= Tolerance * Math.Abs(difference))
            {
                break;
            }
        }

        return map;
    }

    private static float[] Integrate(ExplainedLayer layer, int steps)
    {
        float[] picture = layer.Pass.Elements;
        float[] mean = new float[layer.Maps.Length];
        for (int step = 0; step < steps; step++)
        {
            float share = (step + 0.5f) / steps;
            float[] gradient = layer.Pass.GradientAt(Array.ConvertAll(picture, value => share * value), layer.Target.Shares, layer.CancellationToken);
            FloatSpans.AddMultiple(gradient, 1f / steps, mean);
        }

        return GradientMaps.HiResCam(layer.Maps, mean, layer.Pass.Channels);
    }
}
