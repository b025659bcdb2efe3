using ClassActivation.Methods;

namespace ClassActivation.Tests.Seams;

/// <summary>Σ over the feature maps of A ⊙ G: HiResCAM once more (Draelos and Carin 2020).</summary>
internal sealed class ExampleLayerMethod : ILayerMethod
{
    public CamMethod Method => CamMethod.HiResCam;

    public bool NeedsGradient => true;

    public float[] Map(ExplainedLayer layer)
    {
        var map = new float[layer.Pass.Rows * layer.Pass.Columns];
        float[] products = layer.Products();
        for (int i = 0; i < products.Length; i++)
        {
            map[i % map.Length] += products[i];
        }

        return map;
    }
}
