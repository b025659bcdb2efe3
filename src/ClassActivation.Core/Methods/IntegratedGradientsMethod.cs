namespace ClassActivation.Methods;

/// <summary><see cref="CamMethod.IntegratedGradients"/>: gradients along the way from a picture of zeros, by the midpoint rule.</summary>
internal sealed class IntegratedGradientsMethod : ILayerMethod
{
    /// <summary>The most steps where nobody says how many.</summary>
    public const int DefaultMostSteps = 128;

    /// <summary>How far the sum may be from the difference of the logits, as a part of that, before steps are doubled.</summary>
    public const double Tolerance = 0.01;

    private const int FirstSteps = 8;

    public CamMethod Method => CamMethod.IntegratedGradients;

    public bool NeedsGradient => false;

    public MapPlace Place => MapPlace.Pixels;

    public double? Rest(ExplainedLayer layer) =>
        FloatSpans.Dot(layer.Pass.LogitsOfNothing(layer.CancellationToken), layer.Target.Shares);

    public float[] Map(ExplainedLayer layer)
    {
        float score = FloatSpans.Dot(layer.Pass.Logits(layer.CancellationToken), layer.Target.Shares);
        double difference = score - Rest(layer)!.Value;
        int steps = Math.Min(FirstSteps, layer.MostSteps);
        float[] map = Integrate(layer, steps);
        while (steps < layer.MostSteps && Math.Abs(map.Sum(static value => (double)value) - difference) > Tolerance * Math.Abs(difference))
        {
            steps = (int)Math.Min(2L * steps, layer.MostSteps);
            map = Integrate(layer, steps);
        }

        return map;
    }

    private static float[] Integrate(ExplainedLayer layer, int steps)
    {
        float[] picture = layer.Pass.Elements;
        float[] mean = new float[layer.Maps.Length];
        var between = new float[picture.Length];
        for (int step = 0; step < steps; step++)
        {
            float share = (step + 0.5f) / steps;
            for (int i = 0; i < between.Length; i++)
            {
                between[i] = share * picture[i];
            }

            float[] gradient = layer.Pass.GradientAt(between, layer.Target.Shares, layer.CancellationToken);
            FloatSpans.AddMultiple(gradient, 1f / steps, mean);
        }

        return GradientMaps.HiResCam(layer.Maps, mean, layer.Pass.Channels);
    }
}
