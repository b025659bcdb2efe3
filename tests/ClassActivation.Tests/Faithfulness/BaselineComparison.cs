using ClassActivation.Faithfulness;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Photos;
using ClassActivation.Tests.Maps;
using Xunit.Abstractions;
using static System.FormattableString;

namespace ClassActivation.Tests.Faithfulness;

/// <summary>Compares the maps of a network with maps that know nothing of it.</summary>
internal static class BaselineComparison
{
    /// <summary>Asserts that the maps of photos beat a random and a centre map in the mean of some measures.</summary>
    public static void AssertBeatsBaselines(ITestOutputHelper output, CamModel model, IEnumerable<string> photos, params string[] measures)
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
            ActivationSum.Of(pass.Activations, channelWeights), pass.Rows, pass.Columns, input.Width, input.Height,
            Upsampling.AlignCorners);

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

    /// <summary>A photo as the network sees it by default.</summary>
    public static NetworkInput Read(string photo) =>
        NetworkInput.Create(PhotoDecoder.Decode(PhotoSource.FromFile(photo)), InputFit.FullFrame, 224, Resampling.Bilinear);
}
