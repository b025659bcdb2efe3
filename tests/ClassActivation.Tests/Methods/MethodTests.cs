using System.Text.Json;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Networks;
using ClassActivation.Tests.Maps;

namespace ClassActivation.Tests.Methods;

/// <summary>Each method gives what its definition gives, by other programs' figures or by brute force.</summary>
public sealed class MethodTests
{
    private const string Cat = "chelsea.png";

    public static TheoryData<string, string, CamMethod> PhotosAndMethods()
    {
        var data = new TheoryData<string, string, CamMethod>();
        foreach (string photo in new[] { "alps.jpg", "chelsea.png", "china.jpg", "coffee.png", "flower.jpg" })
        {
            data.Add(photo, "GradCAM", CamMethod.GradCam);
            data.Add(photo, "HiResCAM", CamMethod.HiResCam);
            data.Add(photo, "XGradCAM", CamMethod.XGradCam);
            data.Add(photo, "LayerCAM", CamMethod.LayerCam);
            data.Add(photo, "EigenCAM", CamMethod.EigenCam);
            data.Add(photo, "EigenGradCAM", CamMethod.EigenGradCam);
        }

        return data;
    }

    [SkippableTheory]
    [MemberData(nameof(PhotosAndMethods))]
    public void The_whole_map_is_that_of_pytorch_grad_cam(string photo, string name, CamMethod method)
    {
        using JsonDocument samples = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Locations.Reference(), "golden", "samples.json")));
        JsonElement fit = samples.RootElement.GetProperty("images").GetProperty(photo).GetProperty("fits").GetProperty("stretch-nearest");
        float[] expected =
        [
            .. fit.GetProperty("family").GetProperty(name).EnumerateArray().SelectMany(static row => row.EnumerateArray())
                .Select(static v => v.GetSingle())
        ];

        IReadOnlyList<ClassActivationMap> maps = SampleNetwork.Explain(
            photo, new MapRequest { Methods = [CamMethod.Cam, method] }, SampleNetwork.Squashed);

        // A principal component's sign is arbitrary in the reference; here it goes with CAM.
        double correlation = Correlation(maps[1].Values, expected);
        double sign = method is CamMethod.EigenCam or CamMethod.EigenGradCam ? Math.Sign(correlation) : 1;
        Assert.InRange(sign * correlation, 0.99999, 1.000001);
        Assert.All(
            maps[1].Values.Zip(expected), pair => Assert.Equal(sign * pair.Second, pair.First, 1e-3 * (expected.Max() - expected.Min())));
        Assert.True(Correlation(maps[0].Values, maps[1].Values) > 0);
    }

    [Theory]
    [InlineData(CamMethod.GradCam, new[] { 0.088568, 0.377487, 0.655386, 0.609876, 0.571289, 0.319998, 0.115693 })]
    [InlineData(CamMethod.LayerCam, new[] { 0.12774, 0.4928, 0.828389, 0.832915, 0.773071, 0.493457, 0.266952 })]
    [InlineData(CamMethod.EigenCam, new[] { -21.592251, 8.730709, 48.677807, 42.726112, 27.51354, 9.141109, -23.449015 })]
    [InlineData(CamMethod.EigenGradCam, new[] { -0.061799, 0.044641, 0.102272, 0.077974, 0.061594, 0.010136, -0.048751 })]
    public void A_row_of_the_map_is_that_of_pytorch_grad_cam(CamMethod method, double[] expected)
    {
        ClassActivationMap map = SampleNetwork.Explain(Cat, new MapRequest { Methods = [method] }, SampleNetwork.Squashed).Single();

        Assert.All(map.Map[2].Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-3 * (map.Maximum - map.Minimum)));
    }

    [Theory]
    [InlineData(CamMethod.GradCam)]
    [InlineData(CamMethod.HiResCam)]
    [InlineData(CamMethod.XGradCam)]
    public void Methods_that_coincide_with_CAM_are_CAM_by_the_number_of_cells(CamMethod method)
    {
        IReadOnlyList<ClassActivationMap> maps = SampleNetwork.Explain(Cat, new MapRequest { Methods = [CamMethod.Cam, method] });

        Assert.All(maps[0].Values.Zip(maps[1].Values), pair => Assert.Equal(pair.First / maps[0].Values.Length, pair.Second, 1e-5));
    }

    [Theory]
    [InlineData(285)]
    [InlineData(970)]
    public void AblationCam_weights_each_feature_map_by_the_logit_lost_when_it_is_zeroed(int classIndex)
    {
        using ForwardPass pass = SampleNetwork.Run(Cat, SampleNetwork.Squashed);
        double[] features = Features(pass);
        double logit = Logits(features)[classIndex];
        var weights = new double[features.Length];
        for (int k = 0; k < weights.Length; k++)
        {
            (double kept, features[k]) = (features[k], 0);
            weights[k] = (logit - Logit(features, classIndex)) / Math.Abs(logit);
            features[k] = kept;
        }

        AssertMap(Sum(pass, weights), CamMethod.AblationCam, classIndex);
    }

    [Theory]
    [InlineData(285)]
    [InlineData(281)]
    [InlineData(970)]
    public void SoftmaxCam_weights_each_feature_map_by_the_derivative_of_the_probability(int classIndex)
    {
        using ForwardPass pass = SampleNetwork.Run(Cat, SampleNetwork.Squashed);
        double[] features = Features(pass);
        double[] logits = Logits(features);
        var weights = new double[features.Length];
        for (int k = 0; k < weights.Length; k++)
        {
            double ProbabilityAt(double change)
            {
                ReadOnlySpan<float> ofFeature = SampleNetwork.Model.Classifier.WeightsOfFeature(k);
                double sum = 0;
                for (int c = 0; c < logits.Length; c++)
                {
                    sum += Math.Exp(logits[c] + change * ofFeature[c]);
                }

                return Math.Exp(logits[classIndex] + change * ofFeature[classIndex]) / sum;
            }

            const double Step = 1e-4;
            weights[k] = (ProbabilityAt(Step) - ProbabilityAt(-Step)) / (2 * Step);
        }

        AssertMap(Sum(pass, weights), CamMethod.SoftmaxCam, classIndex);
    }

    [Fact]
    public void GradCamPlusPlus_is_its_papers_definition_with_the_linear_heads_gradients()
    {
        using ForwardPass pass = SampleNetwork.Run(Cat, SampleNetwork.Squashed);
        float[] ofClass = SampleNetwork.Model.Classifier.WeightsOfClass(285);
        int cells = pass.Rows * pass.Columns;
        var weights = new double[ofClass.Length];
        for (int k = 0; k < weights.Length; k++)
        {
            // Equation 19 for each place, with the derivatives of exp(logit) and exp(logit) itself divided out.
            double gradient = (double)ofClass[k] / cells;
            double total = 0;
            foreach (float activation in pass.Activation(k))
            {
                total += activation;
            }

            for (int i = 0; i < cells; i++)
            {
                double alpha = gradient * gradient / (2 * gradient * gradient + total * gradient * gradient * gradient);
                weights[k] += alpha * Math.Max(gradient, 0);
            }
        }

        AssertMap(Sum(pass, weights), CamMethod.GradCamPlusPlus, 285);
    }

    [Fact]
    public void LayerCam_has_no_negative_values_and_EigenCam_a_mean_of_zero()
    {
        IReadOnlyList<ClassActivationMap> maps = SampleNetwork.Explain(
            "china.jpg", new MapRequest { Methods = [CamMethod.LayerCam, CamMethod.EigenCam] });

        Assert.True(maps[0].Minimum >= 0);
        Assert.Equal(0, maps[1].Values.Average(), 1e-3);
    }

    [Fact]
    public void A_map_of_one_cell_has_no_principal_component()
    {
        var settings = new InputSettings(ClassActivation.Photos.InputFit.Stretch, 32);

        ClassActivationMap map = SampleNetwork.Explain(Cat, new MapRequest { Methods = [CamMethod.EigenCam] }, settings).Single();

        Assert.Equal([0f], map.Values);
    }

    [Fact]
    public void Each_class_gets_a_map_by_each_method_in_order()
    {
        IReadOnlyList<ClassActivationMap> maps = SampleNetwork.Explain(
            Cat, new MapRequest { ClassIndexes = [285, 281], Methods = [CamMethod.LayerCam, CamMethod.Cam] });

        Assert.Equal(
            [(285, CamMethod.LayerCam), (285, CamMethod.Cam), (281, CamMethod.LayerCam), (281, CamMethod.Cam)],
            maps.Select(static map => (map.ClassIndex, map.Question.Method)));
    }

    [Fact]
    public void Methods_are_averaged_over_scales_too()
    {
        ClassActivationMap map = SampleNetwork.Explain(Cat, new MapRequest { Methods = [CamMethod.LayerCam], Scales = [1, 2], Flip = true })
            .Single();

        Assert.InRange(map.Minimum, 0, 1);
        Assert.InRange(map.Maximum, 0.5, 1);
    }

    private static void AssertMap(double[] expected, CamMethod method, int classIndex)
    {
        ClassActivationMap map = SampleNetwork.Explain(
            Cat, new MapRequest { ClassIndexes = [classIndex], Methods = [method] }, SampleNetwork.Squashed).Single();
        Assert.InRange(Correlation(map.Values, expected), 0.99999, 1.000001);
        double range = expected.Max() - expected.Min();
        Assert.All(map.Values.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-3 * range));
    }

    private static double[] Features(ForwardPass pass) =>
        [.. Enumerable.Range(0, pass.FeatureCount).Select(k => pass.Activation(k).ToArray().Average(static v => (double)v))];

    private static double[] Logits(double[] features)
    {
        Classifier classifier = SampleNetwork.Model.Classifier;
        var logits = new double[classifier.ClassCount];
        for (int c = 0; c < logits.Length; c++)
        {
            logits[c] = Logit(features, c);
        }

        return logits;
    }

    private static double Logit(double[] features, int classIndex)
    {
        Classifier classifier = SampleNetwork.Model.Classifier;
        double logit = classifier.Bias(classIndex);
        for (int k = 0; k < features.Length; k++)
        {
            logit += features[k] * classifier.WeightsOfFeature(k)[classIndex];
        }

        return logit;
    }

    private static double[] Sum(ForwardPass pass, double[] weights)
    {
        var map = new double[pass.Rows * pass.Columns];
        for (int k = 0; k < weights.Length; k++)
        {
            ReadOnlySpan<float> activation = pass.Activation(k);
            for (int i = 0; i < map.Length; i++)
            {
                map[i] += weights[k] * activation[i];
            }
        }

        return map;
    }

    private static double Correlation(float[] left, float[] right) => Correlation(left, Array.ConvertAll(right, static v => (double)v));

    private static double Correlation(float[] left, double[] right)
    {
        double meanLeft = left.Average(static v => (double)v), meanRight = right.Average();
        double product = 0, squaresLeft = 0, squaresRight = 0;
        foreach ((float l, double r) in left.Zip(right))
        {
            product += (l - meanLeft) * (r - meanRight);
            squaresLeft += (l - meanLeft) * (l - meanLeft);
            squaresRight += (r - meanRight) * (r - meanRight);
        }

        return product / Math.Sqrt(squaresLeft * squaresRight);
    }
}
