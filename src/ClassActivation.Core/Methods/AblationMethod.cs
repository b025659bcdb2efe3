namespace ClassActivation.Methods;

/// <summary>
/// <see cref="CamMethod.AblationCam"/>: the end of the network is run once for each feature map, with zeros in its place, and
/// that counts by the share of the score that is lost.
/// </summary>
internal sealed class AblationMethod : ILayerMethod
{
    public CamMethod Method => CamMethod.AblationCam;

    public bool NeedsGradient => false;

    public float[] Map(ExplainedLayer layer)
    {
        float[] shares = layer.Target.Shares;
        float score = FloatSpans.Dot(layer.Pass.Logits(layer.CancellationToken), shares);
        float[] without = layer.Pass.LogitsWithoutChannels(layer.CancellationToken);
        var weights = new float[layer.Pass.Channels];
        for (int k = 0; k < weights.Length && score != 0; k++)
        {
            weights[k] = (score - FloatSpans.Dot(without.AsSpan(k * shares.Length, shares.Length), shares)) / Math.Abs(score);
        }

        return ActivationSum.Of(layer.Maps, weights);
    }
}
