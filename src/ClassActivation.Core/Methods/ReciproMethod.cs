using ClassActivation.Inference;
using ClassActivation.Networks;

namespace ClassActivation.Methods;

/// <summary><see cref="CamMethod.ReciproCam"/>: the end of the network is run once for each place.</summary>
internal sealed class ReciproMethod : ILayerMethod
{
    public CamMethod Method => CamMethod.ReciproCam;

    public bool NeedsGradient => false;

    /// <summary>The same for a linear head, where no run is needed.</summary>
    public static float[] Map(MapTarget target, Classifier classifier, ForwardPass pass)
    {
        int places = pass.Rows * pass.Columns;
        var map = new float[places];
        var features = new float[classifier.FeatureCount];
        ReadOnlySpan<float> activations = pass.Activations;
        for (int place = 0; place < places; place++)
        {
            for (int k = 0; k < features.Length; k++)
            {
                features[k] = activations[(k * places) + place] / places;
            }

            map[place] = FloatSpans.Dot(classifier.Logits(features), target.Shares);
        }

        return map;
    }

    public float[] Map(ExplainedLayer layer)
    {
        float[] shares = layer.Target.Shares;
        float[] logits = layer.Pass.LogitsOfPlaces(layer.CancellationToken);
        var map = new float[logits.Length / shares.Length];
        for (int place = 0; place < map.Length; place++)
        {
            map[place] = FloatSpans.Dot(logits.AsSpan(place * shares.Length, shares.Length), shares);
        }

        return map;
    }
}
