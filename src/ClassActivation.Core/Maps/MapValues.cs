using ClassActivation.Inference;
using ClassActivation.Methods;
using ClassActivation.Networks;

namespace ClassActivation.Maps;

/// <summary>The values of one map from one forward pass, in closed form: behind the feature maps is a linear head.</summary>
internal static class MapValues
{
    /// <summary>Computes a map.</summary>
    /// <param name="method">How; <see cref="CamMethod"/> has the formulas.</param>
    /// <param name="target">What is explained.</param>
    /// <param name="classifier">The network's linear layer; null where no class is explained.</param>
    /// <param name="pass">The forward pass.</param>
    /// <returns>rows × columns values, row by row.</returns>
    public static float[] Of(CamMethod method, MapTarget target, Classifier? classifier, ForwardPass pass) => method switch
    {
        CamMethod.EigenCam => PrincipalComponent.Of(
            pass.Activations, PrincipalComponent.Ones(pass.FeatureCount), ActivationSum.Of(pass.Activations, target.Weights)),
        CamMethod.EigenGradCam => PrincipalComponent.Of(
            pass.Activations, ChannelWeights.Gradient(target, pass), ActivationSum.Of(pass.Activations, target.Weights)),
        CamMethod.ReciproCam => ReciproMethod.Map(target, classifier!, pass),
        _ => ActivationSum.Of(pass.Activations, ChannelWeights.Of(method, target, classifier, pass)),
    };
}
