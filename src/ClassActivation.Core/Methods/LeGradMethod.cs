namespace ClassActivation.Methods;

/// <summary>
/// <see cref="CamMethod.LeGrad"/>: the network's own graph computes it, with the same number for all channels of a token.
/// </summary>
internal sealed class LeGradMethod : ILayerMethod
{
    public CamMethod Method => CamMethod.LeGrad;

    public bool NeedsGradient => true;

    public MapPlace Place => MapPlace.Tokens;

    public float[] Map(ExplainedLayer layer) => layer.Gradient[..(layer.Pass.Rows * layer.Pass.Columns)];
}
