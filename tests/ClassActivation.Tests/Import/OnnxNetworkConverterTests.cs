using ClassActivation.Drawing;
using ClassActivation.Identity;
using ClassActivation.Import;
using ClassActivation.Import.Onnx;
using ClassActivation.Import.Pixels;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Networks;
using ClassActivation.Onnx;
using ClassActivation.Photos;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;

namespace ClassActivation.Tests.Import;

/// <summary>Small networks in the spellings of many exporters.</summary>
public sealed class OnnxNetworkConverterTests : IDisposable
{
    private const int Features = 4;
    private const int Classes = 3;
    private const int Side = 32;
    private const int Cells = 8;

    private static readonly float[] Weight = [0.5f, -1, 2, 1, 0.25f, -0.5f, -2, 1, 0.75f, 0.1f, 0.2f, -0.3f];
    private static readonly float[] Bias = [0.1f, -0.2f, 0.3f];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gap flatten gemm")]
    [InlineData("gap flatten gemmT softmax")]
    [InlineData("gap squeeze matmul add sigmoid")]
    [InlineData("mean gemm logsoftmax")]
    [InlineData("meankeep reshape dropout gemm identity")]
    [InlineData("average flatten gemm softmax")]
    [InlineData("gap conv flatten softmax")]
    [InlineData("conv gap flatten")]
    [InlineData("nhwc meanlast matmul add")]
    [InlineData("nhwc matmul add meanlast softmax")]
    public void A_linear_end_is_read_in_every_spelling(string spelling)
    {
        using CamModel model = Convert(Write(spelling));

        Assert.True(model.Info.IsLinear);
        Assert.Equal((Features, Classes), (model.Info.FeatureCount, model.Info.ClassCount));
        for (int c = 0; c < Classes; c++)
        {
            float[] expected = [.. Enumerable.Range(0, Features).Select(k => Weight[(k * Classes) + c])];
            Assert.Equal(expected, model.Classifier.WeightsOfClass(c));
            Assert.Equal(Bias[c], model.Classifier.Bias(c));
        }

        Assert.Equal(
            spelling.Contains("sigmoid", StringComparison.Ordinal) ? ClassifierActivation.Sigmoid : ClassifierActivation.Softmax,
            model.Info.Activation);
        ForwardPass pass = model.Run(Input(Side, Side));
        Assert.Equal((Cells, Cells), (pass.Rows, pass.Columns));
        pass.Dispose();
    }

    [Fact]
    public void A_network_without_sizes_in_it_takes_any_size()
    {
        using CamModel free = Convert(Write("gap flatten gemm"));
        Assert.False(free.Info.IsFixedSize);
        using ForwardPass pass = free.Run(Input(64, 48));
        Assert.Equal((12, 16), (pass.Rows, pass.Columns));

        using CamModel tied = Convert(Write("average flatten gemm softmax"));
        Assert.True(tied.Info.IsFixedSize);
    }

    [Fact]
    public void Each_place_alone_gives_the_logits_of_masked_features()
    {
        using CamModel model = Convert(Write("gap flatten gemm relu gemm2 softmax"));
        Assert.False(model.Info.IsLinear);
        var explainer = new PhotoExplainer(model, new InputSettings());
        PhotoSource source = Photo();
        ClassActivationMap map = explainer.Explain(source, new MapRequest { ClassIndexes = [1], Methods = [CamMethod.ReciproCam] })[0];

        using ForwardPass pass = model.Run(explainer.ReadInput(source));
        for (int place = 0; place < Cells * Cells; place++)
        {
            double[] means = [.. Enumerable.Range(0, Features).Select(k => (double)pass.Activation(k)[place] / (Cells * Cells))];
            double logit = -0.5;
            for (int j = 0; j < Classes; j++)
            {
                double hidden = Bias[j] + means.Select((mean, k) => mean * Weight[(k * Classes) + j]).Sum();
                logit += Math.Max(hidden, 0) * Second(j, 1);
            }

            Assert.Equal(logit, map.Values[place], 1e-5);
        }

        ModelException e = Assert.Throws<ModelException>(() => explainer.Explain(source, new MapRequest { ClassIndexes = [1] }));
        Assert.Equal(ModelFailure.NotLinearHead, e.Failure);

        // Ablation-CAM: each feature map counts by the share of the logit that is lost without it.
        double[] pooled =
        [
            .. Enumerable.Range(0, Features).Select(k => pass.Activation(k).ToArray().Average(static value => (double)value))
        ];
        double[] lost =
        [
            .. Enumerable.Range(0, Features)
                .Select(k => LogitOf(pooled) - LogitOf([.. pooled.Select((mean, other) => other == k ? 0 : mean)]))
        ];
        ClassActivationMap ablated = explainer.Explain(source, new MapRequest { ClassIndexes = [1], Methods = [CamMethod.AblationCam] })[0];
        for (int place = 0; place < Cells * Cells; place++)
        {
            double expected = Enumerable.Range(0, Features).Sum(k => lost[k] / Math.Abs(LogitOf(pooled)) * pass.Activation(k)[place]);
            Assert.Equal(expected, ablated.Values[place], 1e-4);
        }

        double LogitOf(double[] means)
        {
            double logit = -0.5;
            for (int j = 0; j < Classes; j++)
            {
                double hidden = Bias[j] + means.Select((mean, k) => mean * Weight[(k * Classes) + j]).Sum();
                logit += Math.Max(hidden, 0) * Second(j, 1);
            }

            return logit;
        }
    }

    [Fact]
    public void Each_place_alone_of_a_linear_network_is_GradCam_and_the_bias()
    {
        using CamModel model = Convert(Write("gap flatten gemm"));
        var explainer = new PhotoExplainer(model, new InputSettings(InputFit.Stretch, 32));
        IReadOnlyList<ClassActivationMap> maps = explainer.Explain(
            Photo(), new MapRequest { ClassIndexes = [2], Methods = [CamMethod.GradCam, CamMethod.ReciproCam] });

        Assert.All(maps[0].Values.Zip(maps[1].Values), pair => Assert.Equal(pair.First + Bias[2], pair.Second, 1e-5));
    }

    [Fact]
    public void One_number_becomes_two_classes()
    {
        string path = Write("gap flatten one sigmoid");
        using CamModel model = Convert(path, new ImportOptions { Preprocessing = InputPreprocessing.Scale01, Labels = "good\ndefect" });
        IReadOnlyList<Prediction> predictions = new PhotoExplainer(model, new InputSettings(InputFit.Stretch, 32)).Predict(Photo(), 2);

        Assert.Equal(["defect", "good"], predictions.Select(prediction => prediction.Label).Order(StringComparer.Ordinal));
        Assert.Equal(1, predictions.Sum(prediction => prediction.Probability), 1e-6);
        Assert.Equal(predictions[0].Logit, -predictions[1].Logit, 1e-6);
    }

    [Theory]
    [InlineData("gap flatten gemm", null, "b\nc", "There are 2 class labels given for a network of 3 classes")]
    [InlineData("gap flatten gemm", "none", "", "says what the network expects its pixels to be")]
    [InlineData("twice", null, "", "several outputs")]
    public void What_cannot_be_known_is_an_error(string spelling, string? preprocessing, string labels, string complaint)
    {
        string path = Write(spelling);
        string destination = _folder.File("out.onnx");
        var options = new ImportOptions { Preprocessing = preprocessing is null ? InputPreprocessing.Torch : null, Labels = labels };

        ModelImportException e = Assert.Throws<ModelImportException>(() => OnnxNetworkConverter.Convert(path, destination, options));

        Assert.Contains(complaint, e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(destination));
        Assert.False(File.Exists(destination + ".data"));
    }

    [Fact]
    public void Files_beside_the_network_say_what_it_wants()
    {
        string path = Write("gap flatten gemm");
        File.WriteAllText(_folder.File("preprocessor_config.json"), """{ "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5] }""");
        File.WriteAllText(_folder.File("config.json"), """{ "id2label": { "0": "cat", "2": "fox", "1": "dog" } }""");
        using CamModel model = Convert(path, new ImportOptions());

        Assert.Equal("dog", model.Classes[1].Label);
        Assert.Contains("preprocessor_config.json", model.Info.Preprocessing, StringComparison.Ordinal);
        Assert.Contains("[0.00784314, 0.00784314, 0.00784314] + [-1, -1, -1]", model.Info.Preprocessing, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("504B0304 00000000 6D6F64656C2F646174612E706B6C", "torch.onnx.export")]
    [InlineData("8002 8A0A6CFC9C46F920", "torch.onnx.export")]
    [InlineData("4000000000000000 7B2261223A7B", "timm.create_model")]
    [InlineData("3C3F786D6C2076657273696F6E", "OpenVINO")]
    [InlineData("1C000000 54464C33 00000000 00", "tf2onnx.convert --tflite")]
    public void Other_files_are_recognised(string bytes, string advice)
    {
        string path = _folder.File("network.bin");
        File.WriteAllBytes(path, System.Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));

        Assert.Contains(advice, NetworkFiles.NotRead(path, NetworkFiles.KindOf(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_are_refused_or_taken_and_leave_nothing_half()
    {
        byte[] network = File.ReadAllBytes(Write("gap flatten gemm softmax"));
        var random = new Random(7);
        string path = _folder.File("damaged.onnx"), destination = _folder.File("out.onnx");
        for (int i = 0; i < 40; i++)
        {
            byte[] damaged = [.. network];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, damaged);
            try
            {
                OnnxNetworkConverter.Convert(path, destination, new ImportOptions { Preprocessing = InputPreprocessing.Scale01 });
            }
            catch (ModelImportException)
            {
                Assert.False(File.Exists(destination));
            }

            File.Delete(destination);
            File.Delete(destination + ".data");
        }
    }

    private static float Second(int j, int c) => (0.5f * j) - (0.7f * c) + 0.3f;

    private static NetworkInput Input(int width, int height) =>
        new(width, height, [.. Enumerable.Range(0, width * height * 3).Select(i => (byte)(i * 37))]);

    private PhotoSource Photo()
    {
        var pixels = new byte[40 * 40 * 4];
        new Random(3).NextBytes(pixels);
        for (int i = 3; i < pixels.Length; i += 4)
        {
            pixels[i] = 255;
        }

        string path = _folder.File("photo.png");
        using (FileStream file = File.Create(path))
        {
            PhotoEncoder.Encode(new Photo(40, 40, pixels), PictureFormat.Png, 90, file);
        }

        return PhotoSource.FromFile(path);
    }

    private CamModel Convert(string path, ImportOptions? options = null)
    {
        string destination = _folder.File($"{Guid.NewGuid():N}.onnx");
        OnnxNetworkConverter.Convert(path, destination, options ?? new ImportOptions { Preprocessing = InputPreprocessing.Scale01 });
        return CamModel.Load(destination, new OptimizedNetworkCache(null));
    }

    private string Write(string spelling)
    {
        string path = _folder.File($"{Guid.NewGuid():N}.onnx");
        using var graph = new OnnxGraphBuilder(path, "network");
        string value = graph.AddInput("pixels", DataType.Float, 1L, 3L, (long)Side, (long)Side);
        var random = new Random(11);
        float[] kernel = [.. Enumerable.Range(0, Features * 3 * 16).Select(_ => (float)(random.NextDouble() - 0.4))];
        value = graph.AddNode(
            "Conv", "body", [value, graph.AddInitializer<float>("kernel", kernel, Features, 3, 4, 4)], ("strides", new long[] { 4, 4 }),
            ("kernel_shape", new long[] { 4, 4 }));
        value = graph.AddNode("Relu", "classifier.weight", [value]);
        float[] transposed = [.. Enumerable.Range(0, Weight.Length).Select(i => Weight[((i % Features) * Classes) + (i / Features)])];
        string Weights() => graph.AddInitializer<float>("w", Weight, Features, Classes);
        string Biases() => graph.AddInitializer<float>("b", Bias, Classes);
        foreach (string part in spelling.Split(' '))
        {
            value = part switch
            {
                "gap" => graph.AddNode("GlobalAveragePool", part, [value]),
                "mean" => graph.AddNode("ReduceMean", part, [value], ("axes", new long[] { 2, 3 }), ("keepdims", 0L)),
                "meankeep" => graph.AddNode("ReduceMean", part, [value], ("axes", new long[] { -1, -2 }), ("keepdims", 1L)),
                "meanlast" => graph.AddNode("ReduceMean", part, [value], ("axes", new long[] { 1, 2 }), ("keepdims", 0L)),
                "average" => graph.AddNode("AveragePool", part, [value], ("kernel_shape", new long[] { Cells, Cells })),
                "nhwc" => graph.AddNode("Transpose", part, [value], ("perm", new long[] { 0, 2, 3, 1 })),
                "flatten" => graph.AddNode("Flatten", part, [value]),
                "squeeze" => graph.AddNode("Squeeze", part, [value, graph.AddInitializer<long>("axes", [2, 3], 2)]),
                "reshape" => graph.AddNode("Reshape", part, [value, graph.AddInitializer<long>("shape", [1, -1], 2)]),
                "gemm" => graph.AddNode("Gemm", part, [value, Weights(), Biases()]),
                "gemmT" => graph.AddNode(
                    "Gemm", part, [value, graph.AddInitializer<float>("w", transposed, Classes, Features), Biases()], ("transB", 1L)),
                "gemm2" => graph.AddNode(
                    "Gemm", part,
                    [
                        value,
                        graph.AddInitializer<float>("w2", [.. Enumerable.Range(0, 9).Select(i => Second(i / 3, i % 3))], 3, 3),
                        graph.AddInitializer<float>("b2", [-0.5f], 1)
                    ]),
                "one" => graph.AddNode(
                    "Gemm",
                    part,
                    [
                        value,
                        graph.AddInitializer<float>("w", [1f, -2f, 0.5f, 3f], Features, 1),
                        graph.AddInitializer<float>("b", [0.2f], 1)
                    ]),
                "matmul" => graph.AddNode("MatMul", part, [value, Weights()]),
                "add" => graph.AddNode("Add", part, [value, Biases()]),
                "conv" => graph.AddNode(
                    "Conv", part, [value, graph.AddInitializer<float>("w", transposed, Classes, Features, 1, 1), Biases()]),
                "dropout" => graph.AddNode("Dropout", part, [value]),
                "identity" => graph.AddNode("Identity", part, [value]),
                "relu" => graph.AddNode("Relu", part, [value]),
                "softmax" => graph.AddNode("Softmax", part, [value], ("axis", 1L)),
                "logsoftmax" => graph.AddNode("LogSoftmax", part, [value], ("axis", 1L)),
                "sigmoid" => graph.AddNode("Sigmoid", part, [value]),
                "twice" => graph.AddNode(
                    "Gemm", part, [graph.AddNode("Flatten", "f", [graph.AddNode("GlobalAveragePool", "g", [value])]), Weights(), Biases()]),
                _ => throw new ArgumentException(part, nameof(spelling)),
            };
        }

        long count = spelling.Contains("one", StringComparison.Ordinal) ? 1 : Classes;
        if (spelling == "twice")
        {
            graph.AddOutput(graph.AddNode("Softmax", "second", [value], ("axis", 1L)), "probabilities", DataType.Float, 1L, count);
        }

        graph.AddOutput(value, "scores", DataType.Float, 1L, count);
        graph.Save();
        return path;
    }
}
