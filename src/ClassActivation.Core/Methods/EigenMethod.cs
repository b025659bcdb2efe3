namespace ClassActivation.Methods;

/// <summary><see cref="CamMethod.EigenCam"/>; its sign agrees with HiResCAM.</summary>
internal sealed class EigenMethod : ILayerMethod
{
    public CamMethod Method => CamMethod.EigenCam;

    public bool NeedsGradient => true;

    public float[] Map(ExplainedLayer layer) => PrincipalComponent.Of(
        layer.Maps,
        PrincipalComponent.Ones(layer.Pass.Channels),
        GradientMaps.HiResCam(layer.Maps, layer.Gradient, layer.Pass.Channels));
}
