using ClassActivation.Identity;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Networks;
using ClassActivation.Tests.Maps;

namespace ClassActivation.Tests.Methods;

/// <summary>A contrast's map is the class's map less a share of the others' mean map.</summary>
public sealed class ContrastTests
{
    private const string Cat = "chelsea.png";
    private static readonly int[] Cats = [285, 281, 282];

    [Theory]
    [InlineData(0)]
    [InlineData(0.6)]
    [InlineData(1)]
    public void Named_classes_are_subtracted_in_the_mean(double strength)
    {
        IReadOnlyList<ClassActivationMap> plain = SampleNetwork.Explain(Cat, new MapRequest { ClassIndexes = Cats });

        ClassActivationMap map = SampleNetwork.Explain(
            Cat, new MapRequest { ClassIndexes = [285], Contrast = new ClassContrast([281, 282], strength) }).Single();

        for (int i = 0; i < map.Values.Length; i++)
        {
            double expected = plain[0].Values[i] - strength * (plain[1].Values[i] + plain[2].Values[i]) / 2;
            Assert.Equal(expected, map.Values[i], 1e-3);
        }

        Assert.Equal("tabby, tiger_cat", map.Contrast);
        Assert.Equal((plain[0].Probability, plain[0].Rank), (map.Probability, map.Rank));
        Assert.Equal(plain[0].Logit - strength * (plain[1].Logit + plain[2].Logit) / 2, map.Logit, 1e-3);
        Assert.Equal(map.Logit, map.Values.Average() + map.Bias, 1e-3);
    }

    [Fact]
    public void Automatic_contrast_is_against_the_three_most_probable_others()
    {
        IReadOnlyList<Prediction> top = new PhotoExplainer(SampleNetwork.Model, new InputSettings()).Predict(SampleNetwork.Photo(Cat), 4);
        var request = new MapRequest { Contrast = new ClassContrast([]) };

        ClassActivationMap best = SampleNetwork.Explain(Cat, request).Single();
        ClassActivationMap third = SampleNetwork.Explain(Cat, request with { ClassIndexes = [top[2].ClassIndex] }).Single();

        Assert.Equal(string.Join(", ", top.Skip(1).Select(static p => p.Label)), best.Contrast);
        Assert.Equal($"{top[0].Label}, {top[1].Label}, {top[3].Label}", third.Contrast);
    }

    [Fact]
    public void A_class_is_never_set_against_itself()
    {
        IReadOnlyList<ClassActivationMap> maps = SampleNetwork.Explain(
            Cat, new MapRequest { ClassIndexes = [285, 281], Contrast = new ClassContrast([281]) });

        Assert.Equal(["tabby", ""], maps.Select(static map => map.Contrast));
    }

    [Fact]
    public void A_concept_is_set_against_classes_outside_of_it()
    {
        Concept cat = SampleNetwork.Model.Classes.Concepts.Find("cat").Single();

        ClassActivationMap map = SampleNetwork.Explain(Cat, new MapRequest { Concepts = [cat], Contrast = new ClassContrast([]) }).Single();

        string[] others = map.Contrast.Split(", ");
        Assert.Equal(3, others.Length);
        Assert.All(others, label => Assert.DoesNotContain(SampleNetwork.Model.Classes.Find(label).Single().Index, cat.ClassIndexes));
    }

    [Fact]
    public void SoftmaxCam_takes_no_contrast() =>
        Assert.Throws<ArgumentException>(() => SampleNetwork.Explain(
            Cat, new MapRequest { Methods = [CamMethod.SoftmaxCam], Contrast = new ClassContrast([281]) }));
}
