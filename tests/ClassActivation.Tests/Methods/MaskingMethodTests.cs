using ClassActivation.Drawing;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Methods;

/// <summary>
/// Occlusion and RISE of a network whose logit is the mean of its red, so that what each square takes away is known; and RISE's
/// masks against those that torch.nn.functional.interpolate makes of the same cells.
/// </summary>
public sealed class MaskingMethodTests : IDisposable
{
    private const int Side = 40;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Of an input of 32 × 40 pixels: the sum, and the values at (0, 0), (17, 3), (39, 31) and (20, 20), row first.
    [Theory]
    [InlineData(0, 645.027220954129, 1.0, 0.99999994, 0.15429713, 0.9270835)]
    [InlineData(5, 637.3949340052204, 1.0, 1.0, 0.0761718, 0.095703125)]
    public void The_masks_are_those_of_torch(int index, double sum, double first, double second, double last, double middle)
    {
        float[] mask = new RiseMethod().Mask(index, 32, 40, new MaskingSettings());

        Assert.Equal(sum, mask.Sum(static value => (double)value), 1e-3);
        Assert.Equal(
            [first, second, last, middle],
            new[] { mask[0], mask[(17 * 32) + 3], mask[(39 * 32) + 31], mask[(20 * 32) + 20] }.Select(
                static value => Math.Round((double)value, 6)),
            new Near(2e-6));
    }

    [Theory]
    [InlineData(224, 224, 32, 16, 169)]
    [InlineData(224, 224, 32, 8, 625)]
    [InlineData(336, 224, 32, 16, 260)]
    [InlineData(40, 40, 32, 16, 4)]
    [InlineData(32, 32, 300, 16, 1)]
    public void Squares_cover_all_of_the_input(int width, int height, int window, int stride, int count)
    {
        var settings = new MaskingSettings { Window = window, Stride = stride };
        var method = new OcclusionMethod();
        Assert.Equal(count, method.Count(width, height, settings));
        Assert.Equal(count, MaskingMethods.PassCount([CamMethod.Cam, CamMethod.Occlusion], width, height, settings));
        var covered = new bool[width * height];
        for (int index = 0; index < count; index++)
        {
            float[] mask = method.Mask(index, width, height, settings);
            Assert.Equal(Math.Min(window, width) * Math.Min(window, height), mask.Count(static value => value == 0));
            for (int at = 0; at < mask.Length; at++)
            {
                covered[at] |= mask[at] == 0;
            }
        }

        Assert.DoesNotContain(false, covered);
    }

    [Fact]
    public void A_pixel_counts_by_what_its_squares_take_away()
    {
        using CamModel model = Network();
        var settings = new MaskingSettings { Window = 10, Stride = 8, Baseline = MaskBaseline.Black };
        var passes = new PassCount();

        ClassActivationMap map = Assert.Single(Explain(model, settings, CamMethod.Occlusion, passes));

        Assert.Equal((Side, Side), (map.Rows, map.Columns));
        Assert.Equal("window 10 stride 8 Black", map.Masking);
        int[] starts = [0, 8, 16, 24, 30];
        Assert.Equal((25, 25), (passes.Done, passes.Expected));
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                double[] losses =
                [
                    .. from top in starts
                       where top <= y && y < top + 10
                       from left in starts
                       where left <= x && x < left + 10
                       select 10 * Enumerable.Range(left, 10).Sum(static column => (double)Red(column)) / 255 / (Side * Side),
                ];
                Assert.Equal(losses.Average(), map.Values[(y * Side) + x], 2e-6);
            }
        }
    }

    [Fact]
    public void Rise_weights_masks_by_the_probability_seen_through_them()
    {
        using CamModel model = Network();
        var settings = new MaskingSettings { MaskCount = 30, Baseline = MaskBaseline.Gray };

        ClassActivationMap map = Assert.Single(Explain(model, settings, CamMethod.Rise, passes: null));

        var expected = new double[Side * Side];
        for (int index = 0; index < 30; index++)
        {
            float[] mask = new RiseMethod().Mask(index, Side, Side, settings);
            double logit = mask.Select(static (seen, at) => Math.Round((seen * Red(at % Side)) + ((1 - seen) * 128)))
                .Sum() / 255 / (Side * Side);
            for (int at = 0; at < expected.Length; at++)
            {
                expected[at] += mask[at] / (1 + Math.Exp(-logit)) / 15;
            }
        }

        Assert.Equal("30 masks Gray", map.Masking);
        Assert.All(map.Values.Select(static (value, at) => (value, at)), pair => Assert.Equal(expected[pair.at], pair.value, 1e-5));
    }

    [Fact]
    public void Work_on_masks_can_be_stopped()
    {
        using CamModel model = Network();
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Explain(model, new MaskingSettings(), CamMethod.Rise, null, stop.Token));
    }

    [Theory]
    [InlineData(CamMethod.Occlusion, "window 5 stride 3 Gray")]
    [InlineData(CamMethod.Rise, "77 masks Black")]
    [InlineData(CamMethod.Cam, "")]
    public void Settings_travel_as_a_text(CamMethod method, string text)
    {
        Assert.Equal(text, MaskingSettings.Parse(text).ToText(method).Replace("window 32 stride 16 Mean", "", StringComparison.Ordinal));
        Assert.Throws<FormatException>(() => MaskingSettings.Parse("window 0 stride 3 Gray"));
        Assert.Throws<FormatException>(() => MaskingSettings.Parse("7 masks Purple"));
    }

    private static byte Red(int x) => (byte)(x * 6);

    private static IReadOnlyList<ClassActivationMap> Explain(
        CamModel model, MaskingSettings settings, CamMethod method, PassCount? passes, CancellationToken stop = default)
    {
        var pixels = new byte[Side * Side * 4];
        for (int i = 0; i < Side * Side; i++)
        {
            (pixels[4 * i], pixels[(4 * i) + 3]) = (Red(i % Side), 255);
        }

        using var encoded = new MemoryStream();
        PhotoEncoder.Encode(new Photo(Side, Side, pixels), PictureFormat.Png, 100, encoded);
        var explainer = new PhotoExplainer(model, new InputSettings(InputFit.Stretch, Side, Resampling.Nearest));
        return explainer.Explain(
            PhotoSource.FromMemory("red.png", encoded.ToArray()),
            new MapRequest { ClassIndexes = [0], Methods = [method], Masking = settings, Passes = passes },
            stop);
    }

    private CamModel Network()
    {
        string path = _folder.File("red.onnx");
        using (var graph = new OnnxGraphBuilder(path, "red"))
        {
            string image = graph.AddInput("image", TensorProto.Types.DataType.Uint8, "N", "H", "W", 3L);
            string value = graph.AddNode("Cast", "cast", [image], ("to", (long)TensorProto.Types.DataType.Float));
            value = graph.AddNode("Transpose", "transpose", [value], ("perm", new long[] { 0, 3, 1, 2 }));
            string activations = graph.AddNode("Div", "scaled", [value, graph.AddInitializer<float>("range", [255f])]);
            string logits = graph.AddNode("Gemm", "logits",
            [
                graph.AddNode("Flatten", "flat", [graph.AddNode("GlobalAveragePool", "gap", [activations])]),
                graph.AddInitializer<float>("classifier.weight", [1, 0, 0, 0, 0, 0], 3, 2),
                graph.AddInitializer<float>("classifier.bias", [0, 0], 2),
            ]);
            graph.AddOutput(activations, "activations", TensorProto.Types.DataType.Float, "N", 3L, "h", "w");
            graph.AddOutput(
                graph.AddNode("Softmax", "softmax", [logits], ("axis", 1L)), "predictions", TensorProto.Types.DataType.Float, "N", 2L);
            graph.AddMetadata("labels", "red\nother");
            graph.AddMetadata("source", "weights set by hand");
            graph.AddMetadata("resolution", $"{Side}");
            graph.Save();
        }

        return CamModel.Load(path, new OptimizedNetworkCache(null));
    }

    private sealed class Near(double tolerance) : IEqualityComparer<double>
    {
        public bool Equals(double one, double other) => Math.Abs(one - other) <= tolerance;

        public int GetHashCode(double value) => 0;
    }
}
