using ClassActivation.Faithfulness;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Photos;
using ClassActivation.Tests.Maps;

namespace ClassActivation.Tests.Faithfulness;

/// <summary>What is measured for the verdict, on the real network.</summary>
public sealed class TrustTestTests
{
    [SkippableFact]
    public void One_photo_gets_all_its_figures()
    {
        CamModel model = SampleNetwork.Model;
        PhotoSource photo = SampleNetwork.Photo("chelsea.png");
        ClassActivationMap map = new PhotoExplainer(model, new InputSettings(Resolution: 96)).Explain(photo, new MapRequest()).Single();
        var test = new TrustTest(model, new TrustOptions { Steps = 2, Stages = 1 });

        Assert.True(test.CanTest(map));
        test.Add(map, photo);
        CamTrust trust = test.Conclude();

        PhotoTrust figures = Assert.Single(trust.Photos);
        Assert.Equal(map.Probability, figures.Probability, 1e-6);
        Assert.InRange(figures.Incompleteness!.Value, 0, 1e-5);
        Assert.InRange(figures.SensitivityN, -1, 1);
        Assert.Equal(1 - (figures.SensitivityN * figures.SensitivityN), figures.Infidelity, 1e-6);
        Assert.True(figures.NoiseSensitivity > 0 && figures.JpegSensitivity > 0);
        Assert.InRange(Assert.Single(trust.Stages).Similarity, -0.9, 0.9);
        Assert.Equal(nameof(TrustVerdict.TooFewToSay), trust.Verdict);
    }

    [SkippableFact]
    public void Maps_of_earlier_layers_and_by_other_methods_are_tested_alike()
    {
        CamModel model = SampleNetwork.Model;
        PhotoSource photo = SampleNetwork.Photo("chelsea.png");
        var request = new MapRequest { Methods = [CamMethod.HiResCam], Layers = ["conv4_block6_out"] };
        ClassActivationMap map = new PhotoExplainer(model, new InputSettings(Resolution: 96)).Explain(photo, request).Single();
        var test = new TrustTest(model, new TrustOptions { Steps = 2, Stages = 1 });

        Assert.True(test.CanTest(map));
        PhotoTrust figures = test.Add(map, photo);
        CamTrust trust = test.Conclude();

        Assert.Equal(map.Incompleteness!.Value, figures.Incompleteness!.Value, 1e-9);
        Assert.InRange(figures.PermutedSimilarity, -1, 0.99);
        Assert.InRange(Assert.Single(trust.Stages).Similarity, -0.9, 0.9);
    }

    [Fact]
    public void What_cannot_be_tested_says_why()
    {
        CamModel model = SampleNetwork.Model;
        var explainer = new PhotoExplainer(model, new InputSettings(Resolution: 96));
        PhotoSource photo = SampleNetwork.Photo("chelsea.png");
        ClassActivationMap average = explainer.Explain(photo, new MapRequest { Flip = true }).Single();
        var test = new TrustTest(model, new TrustOptions());

        Assert.Equal(TrustObstacle.Average, test.ObstacleOf(average));
        Assert.False(test.CanTest(average));
        Assert.Null(test.ObstacleOf(explainer.Explain(photo, new MapRequest { Contrast = new ClassContrast([]) }).Single()));
    }

    [Fact]
    public void Edges_are_where_the_brightness_changes()
    {
        // Black on the left, white on the right.
        byte[] pixels = new byte[8 * 4 * 3];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = i / 3 % 8 >= 4 ? (byte)255 : (byte)0;
        }

        var input = new NetworkInput(8, 4, pixels);
        float[] edges = BaselineMap.Edges(input);

        // Sobel's kernel sums to 4 across a step of 1.
        Assert.Equal([0, 0, 0, 4, 4, 0, 0, 0], edges[8..16], static (one, other) => Math.Abs(one - other) < 1e-5);
        float[] blurred = BaselineMap.BlurredEdges(input, 1, 4);
        Assert.True(blurred[0] < blurred[3] && blurred[7] < blurred[4]);
    }
}
