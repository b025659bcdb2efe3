using System.Globalization;
using System.Text.Json;
using ClassActivation.Drawing;
using ClassActivation.Identity;
using ClassActivation.Import;
using ClassActivation.Import.Onnx;
using ClassActivation.Import.Pixels;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Networks;
using ClassActivation.Photos;
using ClassActivation.Tests.Gradients;
using ClassActivation.Tests.Hostile;
using ClassActivation.Tests.Maps;

namespace ClassActivation.Tests.Methods;

/// <summary>Maps by gradients, from a stranger's file to the map.</summary>
public sealed class LayerMethodTests : IDisposable
{
    private const double Tolerance = 5e-5;

    private static readonly CamMethod[] GradientMethods =
        [CamMethod.GradCam, CamMethod.HiResCam, CamMethod.XGradCam, CamMethod.LayerCam, CamMethod.GradCamPlusPlus];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("vgg", null, "last")]
    [InlineData("mobilenet_v3", null, "last")]
    [InlineData("convnext", null, "last")]
    [InlineData("vit", null, "last")]
    [InlineData("resnet", "/layer2/layer2.0/relu_1/Relu_output_0", "earlier")]
    [InlineData("mobilenet_v2", "/features/features.13/Add_output_0", "earlier")]
    [InlineData("squeezenet", "/features/features.12/Concat_output_0", "earlier")]
    public void Maps_are_those_of_torchs_autograd(string name, string? layer, string place)
    {
        using CamModel model = Load(Convert(name));
        PhotoExplainer explainer = Explainer(model);
        foreach (string photo in Photos)
        {
            JsonElement figures = Figures(name, photo, place);
            int[] classes = [.. ReferenceNetwork.Classes(figures)];
            IReadOnlyList<ClassActivationMap> maps = explainer.Explain(
                Sample(photo), new MapRequest { ClassIndexes = classes, Methods = GradientMethods, Layers = layer is null ? [] : [layer] });

            Assert.Equal(classes.Length * GradientMethods.Length, maps.Count);
            foreach (ClassActivationMap map in maps)
            {
                float[] expected = ReferenceNetwork.Numbers(
                    figures.GetProperty(map.ClassIndex.ToString(CultureInfo.InvariantCulture)).GetProperty(map.Method));
                double error = ReferenceNetwork.Error(expected, map.Values);
                Assert.True(error <= Tolerance, $"{map.Method} of {photo}, class {map.ClassIndex}: {error:e1}");
                Assert.Equal(layer, map.Layer);
            }
        }
    }

    [SkippableTheory]
    [InlineData("vgg")]
    [InlineData("vit")]
    [InlineData("convnext")]
    public void A_class_has_the_same_bits_alone_and_among_others_new_and_from_the_cache(string name)
    {
        string path = Convert(name);
        float[][] among;
        using (CamModel model = Load(path))
        {
            among =
            [
                .. Explainer(model).Explain(Sample(Photos[0]), new MapRequest { Top = 3, Methods = [CamMethod.HiResCam] })
                    .Select(static map => map.Values)
            ];
            ClassActivationMap alone = Explainer(model).Explain(Sample(Photos[0]), new MapRequest { Methods = [CamMethod.HiResCam] })[0];
            Assert.Equal(among[0], alone.Values);
            ClassActivationMap pixels = Explainer(model).Explain(Sample(Photos[0]), new MapRequest { Methods = [CamMethod.Saliency] })[0];
            IReadOnlyList<ClassActivationMap> both = Explainer(model).Explain(
                Sample(Photos[0]), new MapRequest { Methods = [CamMethod.Saliency, CamMethod.HiResCam] });
            Assert.Equal([pixels.Values, alone.Values], both.Select(static map => map.Values));
        }

        int entries = Directory.GetDirectories(_folder.File("cache")).Length;
        using CamModel again = Load(path);
        float[][] cached = new float[3][];
        Parallel.For(0, 6, i => cached[i % 3] = Explainer(again).Explain(
            Sample(Photos[0]), new MapRequest { Top = 3, Methods = [CamMethod.HiResCam] })[i % 3].Values);
        Assert.Equal(among, cached);
        Assert.Equal(entries, Directory.GetDirectories(_folder.File("cache")).Length);
    }

    [SkippableTheory]
    [InlineData("vgg", null, true)]
    [InlineData("resnet", "/layer2/layer2.0/relu_1/Relu_output_0", true)]
    [InlineData("mobilenet_v3", null, false)]
    [InlineData("vit", null, false)]
    public void Behind_ReLU_and_linear_layers_the_map_and_the_biases_are_the_logit(string name, string? layer, bool isComplete)
    {
        using CamModel model = Load(Convert(name));
        IReadOnlyList<ClassActivationMap> maps = Explainer(model).Explain(
            Sample("coffee.png"),
            new MapRequest
            {
                Top = 3,
                Methods = [CamMethod.HiResCam, CamMethod.GradCam],
                Layers = layer is null ? [] : [layer],
                Contrast = new ClassContrast([]),
            });

        foreach (ClassActivationMap map in maps)
        {
            Assert.Equal(isComplete && map.Method == nameof(CamMethod.HiResCam), map.Incompleteness is not null);
            if (map.Incompleteness is { } incompleteness)
            {
                Assert.InRange(incompleteness, 0, 1e-5);
                Assert.NotEqual(0, map.Bias);
                Assert.Equal(map.Logit, map.Bias + map.Values.Sum(static value => (double)value), 1e-4);
            }
        }
    }

    [Fact]
    public void Every_block_of_a_residual_network_explains_the_whole_logit()
    {
        foreach (string layer in (string[])["conv4_block6_out", "conv3_block1_out", "conv2_block1_out"])
        {
            ClassActivationMap map = SampleNetwork.Explain(
                "chelsea.png", new MapRequest { Methods = [CamMethod.HiResCam], Layers = [layer] })[0];
            Assert.InRange(map.Incompleteness!.Value, 0, 1e-4);
        }

        // The other way around the block is not in this layer.
        Assert.Null(
            SampleNetwork.Explain(
                "chelsea.png", new MapRequest { Methods = [CamMethod.HiResCam], Layers = ["conv4_block5_2_relu"] })[0].Incompleteness);
    }

    [SkippableFact]
    public void A_process_of_its_own_gives_the_same_maps_bit_for_bit()
    {
        string path = Convert("vgg");
        using CamModel here = CamModel.Load(path);
        using CamModel there = CamModel.Load(path, ChildProgram.Isolation);
        CamMethod[] methods = [CamMethod.HiResCam, CamMethod.AblationCam, CamMethod.ReciproCam, CamMethod.SoftmaxCam, CamMethod.Saliency];
        var request = new MapRequest { Top = 2, Methods = methods };
        IReadOnlyList<ClassActivationMap> expected = Explainer(here).Explain(Sample("coffee.png"), request);
        IReadOnlyList<ClassActivationMap> actual = Explainer(there).Explain(Sample("coffee.png"), request);

        Assert.Equal(10, actual.Count);
        Assert.Equal(expected.Select(static map => map.Values), actual.Select(static map => map.Values));
        Assert.Equal(expected.Select(static map => map.Incompleteness), actual.Select(static map => map.Incompleteness));
    }

    [Fact]
    public void At_the_last_layer_of_a_linear_network_gradients_give_the_closed_forms()
    {
        CamMethod[] methods =
        [
            CamMethod.GradCam, CamMethod.HiResCam, CamMethod.XGradCam, CamMethod.LayerCam, CamMethod.SoftmaxCam, CamMethod.EigenCam,
            CamMethod.EigenGradCam, CamMethod.AblationCam, CamMethod.ReciproCam,
        ];
        var request = new MapRequest { Methods = methods, Contrast = null };
        IReadOnlyList<ClassActivationMap> closed = SampleNetwork.Explain("chelsea.png", request);
        IReadOnlyList<ClassActivationMap> computed = SampleNetwork.Explain("chelsea.png", request with { Layers = ["conv5_block3_out"] });

        Assert.All(closed.Zip(computed), pair => Assert.InRange(ReferenceNetwork.Error(pair.First.Values, pair.Second.Values), 0, 1e-4));
    }

    [Theory]
    [InlineData("conv4_block6_out", 14, 1024)]
    [InlineData("conv3_block4_out", 28, 512)]
    [InlineData("conv2_block3_out", 56, 256)]
    [InlineData("conv4_block5_2_relu", 14, 256)]
    public void Earlier_layers_give_finer_maps(string layer, int side, int features)
    {
        IReadOnlyList<ClassActivationMap> maps = SampleNetwork.Explain(
            "chelsea.png", new MapRequest { Methods = [CamMethod.HiResCam, CamMethod.GradCam], Layers = [layer] }, SampleNetwork.Squashed);

        Assert.All(maps, map => Assert.Equal((side, side, layer), (map.Rows, map.Columns, map.Layer)));
        Assert.NotEqual(maps[0].Values, maps[1].Values);
        Assert.Equal(features, SampleNetwork.Model.Info.ReadLayers().Single(row => row.Name == layer).OutputShape[3]);
    }

    [Fact]
    public void Several_layers_are_fused_by_the_largest_value_on_the_finest_grid()
    {
        string[] layers = ["conv3_block4_out", "conv5_block3_out"];
        var request = new MapRequest { Methods = [CamMethod.LayerCam], Layers = layers };
        ClassActivationMap fused = SampleNetwork.Explain("coffee.png", request, SampleNetwork.Squashed)[0];
        ClassActivationMap[] single =
        [
            .. layers.Select(layer => SampleNetwork.Explain("coffee.png", request with { Layers = [layer] }, SampleNetwork.Squashed)[0])
        ];

        Assert.Equal("conv3_block4_out,conv5_block3_out", fused.Layer);
        Assert.Equal((28, 28), (fused.Rows, fused.Columns));
        for (int row = 0; row < 28; row++)
        {
            for (int column = 0; column < 28; column++)
            {
                double fine = single[0].Map[row][column] / single[0].Maximum;
                double coarse = Bilinear(single[1].Map, (row + 0.5) / 4 - 0.5, (column + 0.5) / 4 - 0.5) / single[1].Maximum;
                Assert.Equal(Math.Max(Math.Max(fine, coarse), 0), fused.Map[row][column], 1e-5);
            }
        }
    }

    [Fact]
    public void A_legend_parts_the_words_of_labels_and_leaves_names_of_layers_as_they_are()
    {
        ClassActivationMap map = SampleNetwork.Explain(
            "chelsea.png",
            new MapRequest { Methods = [CamMethod.LayerCam], Layers = ["conv4_block6_out"], Contrast = new ClassContrast([282]) })[0];

        Assert.Equal("Egyptian cat (LayerCam, layer conv4_block6_out, not tiger cat)", CamLegend.For(map, new OverlayOptions()).Title);
    }

    [Fact]
    public void The_table_says_which_layers_maps_can_be_made_of()
    {
        Dictionary<string, bool> explainable = NetworkLayers.Read(SampleNetwork.Model.Info).Table.ToDictionary(
            row => row.Name, row => row.IsExplainable);

        Assert.All(
            (string[])["conv1_relu", "pool1_pool", "conv2_block1_out", "conv5_block3_out", "conv3_block1_0_bn"],
            name => Assert.True(explainable[name], name));
        // Joined to what stands beside them, so that their values are not computed.
        Assert.All(
            (string[])["conv1_conv", "conv2_block1_1_conv", "avg_pool", "predictions"], name => Assert.False(explainable[name], name));
        ModelException e = Assert.Throws<ModelException>(() => SampleNetwork.Explain(
            "coffee.png", new MapRequest { Methods = [CamMethod.HiResCam], Layers = ["avg_pool"] }));
        Assert.Equal(ModelFailure.NoSuchLayer, e.Failure);
        e = Assert.Throws<ModelException>(() => SampleNetwork.Explain(
            "coffee.png", new MapRequest { Methods = [CamMethod.Cam], Layers = ["conv4_block6_out"] }));
        Assert.Equal(ModelFailure.NotLinearHead, e.Failure);
        Assert.Contains("HiResCam", e.Message, StringComparison.Ordinal);
    }

    private static string[] Photos => ["chelsea.png", "coffee.png"];

    private static string Reference => Path.Combine(Locations.Reference(), "onnx");

    private static JsonElement Figures(string network, string photo, string place) =>
        ReferenceNetwork.Golden.Value.GetProperty("networks").GetProperty(network).GetProperty("photos").GetProperty(photo)
            .GetProperty(place);

    private static PhotoExplainer Explainer(CamModel model) => new(model, new InputSettings(InputFit.Stretch));

    private static PhotoSource Sample(string photo) => PhotoSource.FromFile(Path.Combine(Locations.Repository(), "samples", photo));

    private static double Bilinear(float[][] map, double y, double x)
    {
        int last = map.Length - 1;
        (y, x) = (Math.Clamp(y, 0, last), Math.Clamp(x, 0, last));
        (int top, int left) = ((int)y, (int)x);
        (int bottom, int right) = (Math.Min(top + 1, last), Math.Min(left + 1, last));
        (double down, double along) = (y - top, x - left);
        double Cut(int row, int column) => Math.Max(map[row][column], 0);
        return ((1 - down) * (((1 - along) * Cut(top, left)) + (along * Cut(top, right))))
            + (down * (((1 - along) * Cut(bottom, left)) + (along * Cut(bottom, right))));
    }

    private string Convert(string name)
    {
        Skip.IfNot(Directory.Exists(Reference), "The reference networks are not here.");
        string converted = _folder.File($"{name}.onnx");
        OnnxNetworkConverter.Convert(
            Path.Combine(Reference, $"{name}.onnx"), converted, new ImportOptions { Preprocessing = InputPreprocessing.Torch });
        return converted;
    }

    private CamModel Load(string path) => CamModel.Load(path, new OptimizedNetworkCache(_folder.File("cache")));
}
