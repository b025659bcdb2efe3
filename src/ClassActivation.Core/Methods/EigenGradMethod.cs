namespace ClassActivation.Methods;

/// <summary><see cref="CamMethod.EigenGradCam"/>: the principal component of A ⊙ G; its sign agrees with HiResCAM.</summary>
internal sealed class EigenGradMethod : ILayerMethod
{
    public CamMethod Method => CamMethod.EigenGradCam;

    public bool NeedsGradient => true;

    public float[] Map(ExplainedLayer layer) => PrincipalComponent.Of(
        layer.Products(),
        PrincipalComponent.Ones(layer.Pass.Channels),
        GradientMaps.HiResCam(layer.Maps, layer.Gradient, layer.Pass.Channels));
}
