using ClassActivation.Inference;
using ClassActivation.Methods;
using ClassActivation.Networks;

namespace ClassActivation.Maps;

/// <summary>The values of one map from one forward pass.</summary>
internal static class MapValues
{
    /// <summary>Computes a map.</summary>
    /// <param name="method">How; <see cref="CamMethod"/> has the formulas.</param>
    /// <param name="target">What is explained.</param>
    /// <param name="classifier">The network's linear layer.</param>
    /// <param name="pass">The forward pass.</param>
    /// <returns>rows × columns values, row by row.</returns>
    public static float[] Of(CamMethod method, MapTarget target, Classifier classifier, ForwardPass pass) => method switch
    {
        CamMethod.EigenCam => PrincipalComponent.Of(pass, Ones(pass.FeatureCount), ActivationSum.Of(pass, target.Weights)),
        CamMethod.EigenGradCam => PrincipalComponent.Of(pass, ChannelWeights.Gradient(target, pass), ActivationSum.Of(pass, target.Weights)),
        _ => ActivationSum.Of(pass, ChannelWeights.Of(method, target, classifier, pass)),
    };

    /// <summary>A combination of logits at each place.</summary>
    /// <param name="logitsOfPlaces">rows × columns × C logits.</param>
    /// <param name="shares">The combination, C numbers.</param>
    /// <returns>rows × columns values, row by row.</returns>
    public static float[] Combine(float[] logitsOfPlaces, float[] shares)
    {
        var map = new float[logitsOfPlaces.Length / shares.Length];
        for (int place = 0; place < map.Length; place++)
        {
            map[place] = FloatSpans.Dot(logitsOfPlaces.AsSpan(place * shares.Length, shares.Length), shares);
        }

        return map;
    }

    private static float[] Ones(int count)
    {
        var ones = new float[count];
        Array.Fill(ones, 1);
        return ones;
    }
}
