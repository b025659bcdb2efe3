using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Photos;
using ClassActivation.Quantization;
using static ClassActivation.Tests.Quantization.Agreement;

namespace ClassActivation.Tests.Quantization;

/// <summary>The 8-bit ResNet50 that the project's own ranges make, against the float32 one.</summary>
public sealed class ResNet50Int8Tests : IClassFixture<ResNet50Int8Tests.Networks>
{
    private static readonly InputSettings Settings = new();

    private readonly Networks _networks;

    public ResNet50Int8Tests(Networks networks) => _networks = networks;

    [SkippableFact]
    public void SamplesGiveTheSameClassAndNearlyTheSameMap()
    {
        (CamModel exact, CamModel copy) = _networks.Load();
        foreach (string sample in Samples())
        {
            NetworkInput input = Input(sample, Settings);
            (int expected, float[] map) = Explain(exact, input);
            (int actual, float[] other) = Explain(copy, input, expected);

            Assert.Equal(expected, actual);
            Assert.InRange(Correlation(map, other), 0.98, 1);
        }
    }

    [SkippableFact]
    public void PhotosThatWereNotCalibratedOnAgree()
    {
        string folder = Path.Combine(Locations.Reference(), "imagenet-200");
        Skip.IfNot(Directory.Exists(folder), "The labelled photos are not here.");
        (CamModel exact, CamModel copy) = _networks.Load();
        // The ranges come from the files of even rank in name order.
        string[] photos = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Where(static (_, i) => i % 2 == 1)];
        var correlations = new List<double>();
        (int same, int right, int rightExact) = (0, 0, 0);
        foreach (string photo in photos)
        {
            NetworkInput input = Input(photo, Settings);
            (int expected, float[] map) = Explain(exact, input);
            (int actual, float[] other) = Explain(copy, input, expected);
            correlations.Add(Correlation(map, other));
            same += expected == actual ? 1 : 0;
            right += IsLabel(copy, actual, photo) ? 1 : 0;
            rightExact += IsLabel(exact, expected, photo) ? 1 : 0;
        }

        correlations.Sort();
        Assert.InRange(same / (double)photos.Length, 0.975, 1);
        Assert.InRange(right / (double)photos.Length, (rightExact / (double)photos.Length) - 0.005, 1);
        Assert.InRange(correlations[photos.Length / 2], 0.999, 1);
        Assert.InRange(correlations[photos.Length / 100], 0.985, 1);
    }

    [Fact]
    public void TheRangesAreSmall()
    {
        ActivationRanges ranges = ActivationRanges.Read(Networks.RangePath);

        Assert.Equal(70, ranges.Tensors.Count());
        Assert.InRange(new FileInfo(Networks.RangePath).Length, 0, 300_000);
    }

    private static bool IsLabel(CamModel model, int classIndex, string photo) =>
        Path.GetFileName(photo).StartsWith(model.Classes[classIndex].WordNetId!, StringComparison.Ordinal);

    public sealed class Networks : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("class activation ").FullName;
        private (CamModel, CamModel)? _loaded;

        public static string RangePath => Path.Combine(Locations.Repository(), "models", "ResNet50.ranges.tsv");

        public (CamModel Exact, CamModel Copy) Load()
        {
            if (_loaded is null)
            {
                string source = Path.Combine(Locations.Repository(), "models", "ResNet50.onnx");
                Skip.IfNot(File.Exists(source), "ResNet50 was not built.");
                string copy = Path.Combine(_folder, "ResNet50-Int8.onnx");
                ModelQuantizer.Quantize(source, copy, ActivationRanges.Read(RangePath));
                _loaded = (CamModel.Load(source), CamModel.Load(copy));
            }

            return _loaded.Value;
        }

        public void Dispose()
        {
            _loaded?.Item1.Dispose();
            _loaded?.Item2.Dispose();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
