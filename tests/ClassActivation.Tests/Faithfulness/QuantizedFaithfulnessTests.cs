using ClassActivation.Faithfulness;
using ClassActivation.Inference;
using Xunit.Abstractions;

namespace ClassActivation.Tests.Faithfulness;

/// <summary>The maps of the 8-bit network beat what knows nothing of it.</summary>
public sealed class QuantizedFaithfulnessTests(ITestOutputHelper output)
{
    // In average drop the centre map is as good as CAM on photos whose objects stand in the middle.
    [SkippableFact]
    public void Maps_of_reference_photos_beat_both_baselines()
    {
        string[] photos =
        [
            .. Directory.EnumerateFiles(Path.Combine(Locations.Reference(), "imagenet-200"), "*.JPEG").Order(StringComparer.Ordinal)
        ];

        using CamModel quantized = CamModel.Load(Path.Combine(Locations.Repository(), "models", "ResNet50-Int8.onnx"));
        BaselineComparison.AssertBeatsBaselines(
            output, quantized, photos.Where(static (_, i) => i % 40 == 5),
            nameof(CamFaithfulness.Deletion), nameof(CamFaithfulness.Insertion), nameof(CamFaithfulness.Road));
    }
}
