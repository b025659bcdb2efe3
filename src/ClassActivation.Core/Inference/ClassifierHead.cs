using ClassActivation.Networks;

namespace ClassActivation.Inference;

/// <summary>A linear head, which answers in closed form.</summary>
internal sealed class ClassifierHead(Classifier classifier) : INetworkHead
{
    public int FeatureCount => classifier.FeatureCount;

    public int ClassCount => classifier.ClassCount;

    public bool IsLinear => true;

    public float[] LogitsOfPlaces(ForwardPass pass, CancellationToken cancellationToken)
    {
        int places = pass.Rows * pass.Columns;
        var logits = new float[places * ClassCount];
        var features = new float[FeatureCount];
        ReadOnlySpan<float> activations = pass.Activations;
        for (int place = 0; place < places; place++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int k = 0; k < features.Length; k++)
            {
                features[k] = activations[(k * places) + place] / places;
            }

            classifier.Logits(features).CopyTo(logits, place * ClassCount);
        }

        return logits;
    }

    public void Dispose()
    {
    }
}
