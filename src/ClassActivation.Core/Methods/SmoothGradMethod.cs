namespace ClassActivation.Methods;

/// <summary><see cref="CamMethod.SmoothGrad"/>: the mean saliency of noisy pictures.</summary>
internal sealed class SmoothGradMethod : ILayerMethod
{
    private const int Pictures = 16;
    private const float Noise = 0.15f;

    public CamMethod Method => CamMethod.SmoothGrad;

    public bool NeedsGradient => false;

    public MapPlace Place => MapPlace.Pixels;

    public float[] Map(ExplainedLayer layer)
    {
        float[] picture = layer.Pass.Elements;
        (float least, float most) = FloatSpans.Extremes(picture);
        float deviation = Noise * (most - least);
        // The same noise for every photo: a map is the same each time.
        var random = new Random(0);
        var mean = new float[layer.Maps.Length / layer.Pass.Channels];
        for (int i = 0; i < Pictures; i++)
        {
            float[] noisy = Array.ConvertAll(picture, value => value + (deviation * Normal(random)));
            float[] gradient = layer.Pass.GradientAt(noisy, layer.Target.Shares, layer.CancellationToken);
            FloatSpans.AddMultiple(GradientMaps.Saliency(layer.Maps, gradient, layer.Pass.Channels), 1f / Pictures, mean);
        }

        return mean;
    }

    // Box and Muller's.
    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
