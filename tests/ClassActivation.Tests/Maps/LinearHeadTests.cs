using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Maps;

/// <summary>A network whose classifier is not what makes its probabilities is refused.</summary>
public sealed class LinearHeadTests
{
    [Fact]
    public void A_linear_head_is_accepted()
    {
        using ForwardPass pass = SampleNetwork.Run("chelsea.png", SampleNetwork.Squashed);

        LinearHead.Check("Net", SampleNetwork.Model.Classifier, pass);
    }

    [Fact]
    public void Logits_beyond_the_reach_of_a_float32_exponential_are_accepted()
    {
        // The cat fills an input of 32 pixels so much that its logit is 94.7; exp(88.8) is infinite.
        using ForwardPass pass = SampleNetwork.Run("chelsea.png", new InputSettings(InputFit.FullFrame, 32));

        Assert.True(SampleNetwork.Model.Classifier.Logits(pass.PooledFeatures()).Max() > 89);
        LinearHead.Check("Net", SampleNetwork.Model.Classifier, pass);
    }

    [Fact]
    public void A_classifier_that_does_not_give_the_probabilities_is_refused_with_the_reason()
    {
        using ForwardPass pass = SampleNetwork.Run("chelsea.png", SampleNetwork.Squashed);
        var other = new Classifier(new float[2048 * 1000], new float[1000]);

        ModelException e = Assert.Throws<ModelException>(() => LinearHead.Check("Net", other, pass));

        Assert.Equal(ModelFailure.NotLinearHead, e.Failure);
        Assert.Contains("'Net' does not end in global average pooling, one linear layer and softmax", e.Message, StringComparison.Ordinal);
        Assert.Contains("do not give its probabilities", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_classifier_of_another_width_is_refused_with_both_sizes()
    {
        using ForwardPass pass = SampleNetwork.Run("chelsea.png", SampleNetwork.Squashed);

        ModelException e = Assert.Throws<ModelException>(() => LinearHead.CheckSizes("Net", 1024, 1000, pass));

        Assert.Contains("1024 features", e.Message, StringComparison.Ordinal);
        Assert.Contains("2048 feature maps", e.Message, StringComparison.Ordinal);
    }
}
