using ClassActivation.Faithfulness;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Photos;
using ClassActivation.Tests.Maps;
using Xunit.Abstractions;
using static System.FormattableString;

namespace ClassActivation.Tests.Faithfulness;

/// <summary>On the built network maps beat what knows nothing of it, and depend on its classifier.</summary>
public sealed class NetworkFaithfulnessTests(ITestOutputHelper output) : IDisposable
{
    private readonly CamModel _model = CamModel.Load(Path.Combine(Locations.Repository(), "models", "ResNet50.onnx"));

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Maps_of_the_sample_photos_beat_both_baselines() =>
        AssertBeatsBaselines(_model, Samples(), nameof(CamFaithfulness.Deletion), nameof(CamFaithfulness.Insertion), nameof(CamFaithfulness.Road), nameof(CamFaithfulness.AverageDrop));

    // In average drop the centre map is as good as CAM on photos whose objects stand in the middle.
    [SkippableFact]
    public void Maps_of_the_8_bit_network_of_ten_reference_photos_beat_both_baselines()
    {
        string[] photos = [.. Directory.EnumerateFiles(Path.Combine(Locations.Reference(), "imagenet-200"), "*.JPEG").Order(StringComparer.Ordinal)];

        using CamModel quantized = CamModel.Load(Path.Combine(Locations.Repository(), "models", "ResNet50-Int8.onnx"));
        AssertBeatsBaselines(
            quantized, photos.Where(static (_, i) => i % 20 == 5), nameof(CamFaithfulness.Deletion), nameof(CamFaithfulness.Insertion), nameof(CamFaithfulness.Road));
    }

    /// <summary>The sanity check of Adebayo et al. 2018: a map that stays when the classifier is replaced explains nothing.</summary>
    [Fact]
    public void Randomised_classifier_weights_change_the_map()
    {
        var random = new Random(0);
        var correlations = new List<double>();
        foreach (string photo in Samples())
        {
            using ForwardPass pass = _model.Run(Read(photo));
            float[] weights = _model.Classifier.WeightsOfClass(ClassRanking.Top(pass.Probabilities, 1)[0]);
            float[] map = ActivationSum.Of(pass, weights);
            for (int i = 0; i < 20; i++)
            {
                float[] shuffled = [.. weights];
                random.Shuffle(shuffled);
                correlations.Add(Correlation(map, ActivationSum.Of(pass, shuffled)));
            }

            Assert.Equal(1, Correlation(map, ActivationSum.Of(pass, weights)), 1e-9);
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

    private void AssertBeatsBaselines(CamModel model, IEnumerable<string> photos, params string[] measures)
    {
        CamFaithfulness[][] subjects = [.. photos.Select(photo => Measure(model, photo))];
        CamFaithfulnessSummary[] summaries = [.. CamFaithfulnessSummary.Of(subjects)];
        foreach (CamFaithfulnessSummary s in summaries)
        {
            output.WriteLine(Invariant($"{s.Map,-8} {s.Measure,-20} {s.Mean:F3} random {s.Random:F3} {s.BeatsRandom:P0} center {s.Center:F3} {s.BeatsCenter:P0}"));
        }

        Assert.All(summaries.Where(s => measures.Contains(s.Measure)), static s =>
        {
            double sign = s.Better == "Lower" ? -1 : 1;
            Assert.InRange(sign * (s.Mean - s.Random!.Value), 0.03, 1);
            Assert.InRange(sign * (s.Mean - s.Center!.Value), 0.005, 1);
        });
    }

    private static CamFaithfulness[] Measure(CamModel model, string photo)
    {
        NetworkInput input = Read(photo);
        using ForwardPass pass = model.Run(input);
        int best = ClassRanking.Top(pass.Probabilities, 1)[0];
        float[] weights = model.Classifier.WeightsOfClass(best);
        var meter = new FaithfulnessMeter(input, Score, new FaithfulnessOptions { Steps = 5, RandomMaps = 1 });
        return
        [
            Row("Cam", meter.Measure(Spread(weights))),
            Row("LayerCam", meter.Measure(Spread(Array.ConvertAll(weights, static w => Math.Max(w, 0))))),
            Row(CamFaithfulness.CenterMap, meter.MeasureCenter()),
            Row(CamFaithfulness.RandomMap, meter.MeasureRandom(pass.Rows, pass.Columns)),
        ];

        float[] Spread(float[] channelWeights) => GridUpsampler.Upsample(
            ActivationSum.Of(pass, channelWeights), pass.Rows, pass.Columns, input.Width, input.Height, Upsampling.AlignCorners);

        double Score(NetworkInput picture)
        {
            using ForwardPass run = model.Run(picture);
            return run.Probabilities[best];
        }

        CamFaithfulness Row(string map, FaithfulnessScores scores) => new(TestMaps.Map(1, [1], path: photo, model: model.Name), scores)
        {
            Map = map,
            Probability = meter.Probability,
        };
    }

    private static NetworkInput Read(string photo) =>
        NetworkInput.Create(PhotoDecoder.Decode(PhotoSource.FromFile(photo)), InputFit.FullFrame, 224, Resampling.Bilinear);

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
