using ClassActivation.Faithfulness;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Photos;
using Xunit.Abstractions;

namespace ClassActivation.Tests.Faithfulness;

/// <summary>On the built network maps beat what knows nothing of it, and depend on its classifier.</summary>
public sealed class NetworkFaithfulnessTests(ITestOutputHelper output) : IDisposable
{
    private readonly CamModel _model = CamModel.Load(Path.Combine(Locations.Repository(), "models", "ResNet50.onnx"));

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Maps_of_the_sample_photos_beat_both_baselines() =>
        BaselineComparison.AssertBeatsBaselines(
            output,
            _model,
            Samples(),
            nameof(CamFaithfulness.Deletion),
            nameof(CamFaithfulness.Insertion),
            nameof(CamFaithfulness.Road),
            nameof(CamFaithfulness.AverageDrop));

    /// <summary>The sanity check of Adebayo et al. 2018: a map that stays when the classifier is replaced explains nothing.</summary>
    [Fact]
    public void Randomised_classifier_weights_change_the_map()
    {
        var random = new Random(0);
        var correlations = new List<double>();
        foreach (string photo in Samples())
        {
            using ForwardPass pass = _model.Run(BaselineComparison.Read(photo));
            float[] weights = _model.Classifier.WeightsOfClass(ClassRanking.Top(pass.Probabilities, 1)[0]);
            float[] map = ActivationSum.Of(pass.Activations, weights);
            for (int i = 0; i < 20; i++)
            {
                float[] shuffled = [.. weights];
                random.Shuffle(shuffled);
                correlations.Add(Correlation(map, ActivationSum.Of(pass.Activations, shuffled)));
            }

            Assert.Equal(1, Correlation(map, ActivationSum.Of(pass.Activations, weights)), 1e-9);
        }

        Assert.InRange(correlations.Average(), -0.4, 0.4);
        Assert.InRange(correlations.Average(static c => Math.Abs(c)), 0, 0.5);
    }

    [Fact]
    public void Measured_maps_come_with_their_baselines_and_the_probability_of_their_photo()
    {
        PhotoSource photo = PhotoSource.FromFile(Samples().First());
        ClassActivationMap map = new PhotoExplainer(_model, new InputSettings(InputFit.CenterCrop, 96, Resampling.Bicubic))
            .Explain(photo, new MapRequest())[0];

        CamFaithfulness[] rows = [.. MapFaithfulness.Measure(_model, photo, [map], new FaithfulnessOptions { Steps = 2, RandomMaps = 1 })];

        Assert.Equal(["Cam", "Center", "Random"], rows.Select(static row => row.Map));
        Assert.Equal([false, true, true], rows.Select(static row => row.IsBaseline));
        Assert.All(rows, row => Assert.Equal(map.Probability, row.Probability));
        Assert.All(rows, row => Assert.Equal(map.Probability, row.InsertionCurve[^1]));
    }

    private static IEnumerable<string> Samples() =>
        Directory.EnumerateFiles(Path.Combine(Locations.Repository(), "samples"), "*.*g").Order(StringComparer.Ordinal);

    private static double Correlation(float[] one, float[] other)
    {
        double meanOne = one.Average(static v => (double)v);
        double meanOther = other.Average(static v => (double)v);
        double Covariance(float[] a, double meanA, float[] b, double meanB) => a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum();
        return Covariance(one, meanOne, other, meanOther)
            / Math.Sqrt(Covariance(one, meanOne, one, meanOne) * Covariance(other, meanOther, other, meanOther));
    }
}
