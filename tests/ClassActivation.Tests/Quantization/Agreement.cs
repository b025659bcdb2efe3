using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Quantization;

/// <summary>How alike two networks' results are.</summary>
internal static class Agreement
{
    public static string[] Samples() =>
        [.. Directory.GetFiles(Path.Combine(Locations.Repository(), "samples"), "*.*g").Order(StringComparer.Ordinal)];

    public static NetworkInput Input(string path, InputSettings settings) => NetworkInput.Create(
        PhotoDecoder.Decode(PhotoSource.FromFile(path), 2 * settings.Resolution), settings.Fit, settings.Resolution, settings.Resampling);

    /// <summary>Pearson's correlation.</summary>
    public static double Correlation(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        double[] a = [.. first.ToArray().Select(static value => (double)value)];
        double[] b = [.. second.ToArray().Select(static value => (double)value)];
        (double meanA, double meanB) = (a.Average(), b.Average());
        double product = a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum();
        return product / Math.Sqrt(a.Sum(x => (x - meanA) * (x - meanA)) * b.Sum(y => (y - meanB) * (y - meanB)));
    }

    /// <summary>The most probable class, and its map.</summary>
    public static (int Class, float[] Map) Explain(CamModel model, NetworkInput input, int? classIndex = null)
    {
        using ForwardPass pass = model.Run(input);
        int top = ClassRanking.Top(pass.Probabilities, 1)[0];
        return (top, ActivationSum.Of(pass.Activations, model.Classifier.WeightsOfClass(classIndex ?? top)));
    }
}
