using System.Text.Json.Nodes;
using ClassActivation.Import;
using ClassActivation.Import.Pixels;
using Node = ClassActivation.Tests.Import.SyntheticModel.Node;

namespace ClassActivation.Tests.Import;

/// <summary>Every layer type, at a free image size, against plain loops in double precision.</summary>
public sealed class LayerTests : IDisposable
{
    private SyntheticModel _model = new();

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(1, 1, 1, false, 13, 10)]
    [InlineData(3, 1, 1, true, 13, 10)]
    [InlineData(4, 1, 1, true, 13, 10)]
    [InlineData(3, 2, 1, false, 13, 10)]
    [InlineData(3, 2, 1, true, 13, 10)]
    [InlineData(3, 2, 1, true, 12, 11)]
    [InlineData(2, 2, 1, true, 13, 10)]
    [InlineData(1, 2, 1, true, 13, 10)]
    [InlineData(2, 3, 1, true, 13, 10)]
    [InlineData(5, 3, 1, true, 14, 16)]
    [InlineData(7, 2, 1, true, 15, 16)]
    [InlineData(3, 1, 2, true, 13, 10)]
    [InlineData(3, 1, 2, false, 13, 10)]
    public void Convolutions(int kernel, int stride, int dilation, bool same, int height, int width)
    {
        Resize(height, width);
        Window window = new(kernel, kernel, stride, stride, same, dilation);
        Node x = _model.Conv2D(_model.Image, 6, window, activation: "relu");
        x = _model.Conv2D(x, 4, new Window(1, 1), useBias: false);
        Verify(x);
    }

    [Fact]
    public void ConvolutionsWithOblongWindowsAndStrides() =>
        Verify(_model.Conv2D(_model.Conv2D(_model.Image, 6, new Window(1, 5, 1, 2, Same: true)), 4, new Window(3, 2, 2, 1, Same: true)));

    [Fact]
    public void GroupedConvolutions() =>
        Verify(_model.Conv2D(_model.Conv2D(_model.Image, 6, new Window(3, 3)), 8, new Window(3, 3, Same: true), groups: 2));

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(2, 1, true)]
    [InlineData(2, 2, true)]
    [InlineData(1, 2, false)]
    public void DepthwiseConvolutions(int multiplier, int stride, bool same) =>
        Verify(
            _model.DepthwiseConv2D(_model.Conv2D(_model.Image, 4, new Window(1, 1)), multiplier, new Window(3, 3, stride, stride, same)));

    [Fact]
    public void DepthwiseConvolutionOfTheImageItself() =>
        Verify(_model.DepthwiseConv2D(_model.Image, 2, new Window(3, 3, 2, 2, Same: true)));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    public void SeparableConvolutions(int multiplier, int stride) =>
        Verify(_model.SeparableConv2D(_model.Image, multiplier, 5, new Window(3, 3, stride, stride, Same: true)));

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void BatchNormalizationAfterAConvolution(bool center, bool scale)
    {
        Node x = _model.BatchNormalization(_model.Conv2D(_model.Image, 6, new Window(3, 3)), center: center, scale: scale);
        x = _model.BatchNormalization(_model.DepthwiseConv2D(x, 2, new Window(3, 3)));
        x = _model.BatchNormalization(_model.SeparableConv2D(x, 1, 5, new Window(3, 3)));
        Verify(x);
    }

    [Fact]
    public void BatchNormalizationAfterAConvolutionWithAnActivation() =>
        Verify(_model.BatchNormalization(_model.Conv2D(_model.Image, 6, new Window(3, 3), activation: "relu")));

    [Fact]
    public void BatchNormalizationOfAConvolutionThatOthersUseToo()
    {
        Node convolution = _model.Conv2D(_model.Image, 6, new Window(3, 3));
        Node normalized = _model.BatchNormalization(convolution);
        Verify(Merge("Add", normalized, convolution, (a, b) => a + b));
    }

    [Fact]
    public void BatchNormalizationOfTheImageAndOfAVector()
    {
        Node x = _model.Conv2D(_model.BatchNormalization(_model.Image), 6, new Window(3, 3));
        Node gate = _model.BatchNormalization(_model.Dense(_model.GlobalAverage(x), 6));
        Verify(Merge("Multiply", x, Reshape(gate, 1, 1, 6), (a, b) => a * b));
    }

    [Fact]
    public void TheEpsilonOfTheOptionsReplacesTheStatedOne()
    {
        Node x = _model.BatchNormalization(_model.Conv2D(_model.Image, 6, new Window(3, 3)), epsilon: 0.5, statedEpsilon: 1e-3);
        Node scores = _model.Head(x);
        _model.Verify(x, scores, new ImportOptions { Preprocessing = InputPreprocessing.TensorFlow, BatchNormalizationEpsilon = 0.5 });
    }

    [Theory]
    [InlineData("relu")]
    [InlineData("relu6")]
    [InlineData("leaky_relu")]
    [InlineData("elu")]
    [InlineData("sigmoid")]
    [InlineData("tanh")]
    [InlineData("softmax")]
    [InlineData("swish")]
    [InlineData("silu")]
    [InlineData("hard_sigmoid")]
    [InlineData("hard_silu")]
    [InlineData("linear")]
    public void ActivationsOfMaps(string activation)
    {
        Node x = _model.Add(
            "Rescaling",
            new JsonObject { ["scale"] = 8.0, ["offset"] = 0.5 },
            _model.Conv2D(_model.Image, 6, new Window(3, 3)),
            map => map.Each(v => (v * 8) + 0.5));
        Verify(
            _model.Add("Activation", new JsonObject { ["activation"] = activation }, x, map => SyntheticModel.Activate(map, activation)));
    }

    [Fact]
    public void HardSigmoidIsSteeperInKeras3()
    {
        _model.KerasVersion = "3.4.1";
        Verify(_model.Add(
            "Activation",
            new JsonObject { ["activation"] = "hard_sigmoid" },
            _model.Conv2D(_model.Image, 6, new Window(3, 3)),
            map => map.Each(x => Math.Clamp((x / 6) + 0.5, 0, 1))));
    }

    [Theory]
    [InlineData(null, 0, 0)]
    [InlineData(0.5, 0, 0)]
    [InlineData(null, 0.25, 0)]
    [InlineData(0.5, 0.25, 0)]
    [InlineData(null, 0.25, 0.3)]
    [InlineData(0.5, 0, 0.3)]
    public void ReluLayers(double? maximum, double slope, double threshold) => Verify(_model.Add(
        "ReLU",
        new JsonObject { ["max_value"] = maximum, ["negative_slope"] = slope, ["threshold"] = threshold },
        _model.Conv2D(_model.Image, 6, new Window(3, 3)),
        map => map.Each(x => x >= (maximum ?? double.MaxValue) ? maximum!.Value : x >= threshold ? x : slope * (x - threshold))));

    [Theory]
    [InlineData("alpha", 0.1)]
    [InlineData("negative_slope", 0.2)]
    [InlineData("other", 0.3)]
    public void LeakyReluLayers(string parameter, double slope) => Verify(_model.Add(
        "LeakyReLU",
        new JsonObject { [parameter] = slope },
        _model.Conv2D(_model.Image, 6, new Window(3, 3)),
        map => map.Each(x => x < 0 ? slope * x : x)));

    [Fact]
    public void SoftmaxLayers() =>
        Verify(
            _model.Add(
                "Softmax", new JsonObject { ["axis"] = -1 }, _model.Conv2D(_model.Image, 6, new Window(3, 3)), ReferenceLayers.Softmax));

    [Theory]
    [InlineData("MaxPooling2D", 3, 2, false, 13, 10)]
    [InlineData("MaxPooling2D", 3, 2, true, 13, 10)]
    [InlineData("MaxPooling2D", 3, 2, true, 12, 11)]
    [InlineData("MaxPooling2D", 2, 2, true, 13, 11)]
    [InlineData("MaxPooling2D", 3, 1, true, 13, 10)]
    [InlineData("AveragePooling2D", 3, 2, false, 13, 10)]
    [InlineData("AveragePooling2D", 3, 2, true, 13, 10)]
    [InlineData("AveragePooling2D", 3, 2, true, 12, 11)]
    [InlineData("AveragePooling2D", 4, 1, true, 13, 10)]
    public void Poolings(string type, int size, int stride, bool same, int height, int width)
    {
        Resize(height, width);
        Verify(_model.Pooling(type, _model.Conv2D(_model.Image, 6, new Window(1, 1)), new Window(size, size, stride, stride, same)));
    }

    [Fact]
    public void ZeroPaddingBeforeConvolutionsAndPoolings()
    {
        Node x = _model.Conv2D(Padding(_model.Image, 3, 3, 3, 3), 6, new Window(7, 7, 2, 2), activation: "relu");
        x = _model.Pooling("MaxPooling2D", Padding(x, 1, 1, 1, 1), new Window(3, 3, 2, 2));
        x = _model.DepthwiseConv2D(Padding(x, 0, 1, 2, 1), 1, new Window(3, 3, 2, 2));
        x = _model.Conv2D(Padding(x, 1, 0, 0, 1), 4, new Window(3, 3, 2, 2, Same: true));
        Verify(x);
    }

    [Fact]
    public void ZeroPaddingThatOthersUseToo()
    {
        Node padded = Padding(_model.Image, 1, 1, 1, 1);
        Node left = _model.Conv2D(padded, 6, new Window(3, 3));
        Node right = _model.Conv2D(padded, 6, new Window(3, 3));
        Verify(Merge("Add", left, right, (a, b) => a + b));
    }

    [Fact]
    public void SquashedAndExcitedMaps()
    {
        Node x = _model.Conv2D(_model.Image, 6, new Window(3, 3));
        Node gate = _model.Dense(Reshape(_model.GlobalAverage(x), 1, 1, 6), 3, "relu");
        gate = _model.Dense(gate, 6, "sigmoid");
        x = Merge("Multiply", x, gate, (a, b) => a * b);
        gate = _model.Conv2D(_model.GlobalAverage(x, keepDims: true), 6, new Window(1, 1), activation: "hard_sigmoid");
        x = Merge("Multiply", x, gate, (a, b) => a * b);
        gate = _model.Add("GlobalMaxPooling2D", [], x, ReferenceLayers.GlobalMax);
        gate = _model.Add("Flatten", [], Reshape(gate, 1, 1, 6), map => new NhwcTensor(map.Data, 6));
        Verify(Merge("Multiply", x, Reshape(_model.Dense(gate, 6), 1, 1, 6), (a, b) => a * b));
    }

    [Fact]
    public void SumsOfThreeAndConcatenations()
    {
        Node a = _model.Conv2D(_model.Image, 6, new Window(3, 3));
        Node b = _model.Conv2D(_model.Image, 6, new Window(3, 3));
        Node sum = _model.Add("Add", [], [a, b, a], value: () => ReferenceLayers.Merge(a.Value, b.Value, (x, y) => x + y + x));
        Node joined = _model.Add(
            "Concatenate", new JsonObject { ["axis"] = -1 }, [sum, b], value: () => ReferenceLayers.Concatenate(sum.Value, b.Value));
        Verify(_model.Conv2D(joined, 4, new Window(1, 1)));
    }

    [Theory]
    [InlineData("Dropout")]
    [InlineData("SpatialDropout2D")]
    [InlineData("GaussianNoise")]
    [InlineData("GaussianDropout")]
    [InlineData("ActivityRegularization")]
    [InlineData("RandomFlip")]
    public void LayersForTrainingOnly(string type)
    {
        Node x = _model.Add(type, [], _model.Image, map => map);
        x = _model.Conv2D(x, 6, new Window(3, 3));
        Verify(_model.Add(type, [], x, map => map));
    }

    [Fact]
    public void RescalingAndNormalization()
    {
        Node x =
            _model.Add("Rescaling", new JsonObject
            {
                ["scale"] = new JsonArray(0.5, 2.0, 3.0),
                ["offset"] = new JsonArray(0.1, 0.2, 0.3),
            }, _model.Image, map =>
            map.EachChannel((value, c) => (value * new[] { 0.5, 2, 3 }[c]) + new[] { 0.1, 0.2, 0.3 }[c]));
        double[] mean = _model.Weight("norm", "mean", 3).Data;
        double[] variance = _model.Positive("norm", "variance", 3);
        Node input = x;
        x = _model.Add("Normalization", new JsonObject { ["axis"] = new JsonArray(-1) }, [x], "norm", () =>
            input.Value.EachChannel((value, c) => (value - mean[c]) / Math.Sqrt(variance[c])));
        x = _model.Add("Normalization", new JsonObject
        {
            ["axis"] = -1,
            ["mean"] = new JsonArray(0.1, 0.2, 0.3),
            ["variance"] = new JsonArray(1, 4, 9),
        }, x, map =>
            map.EachChannel((value, c) => (value - (0.1 * (c + 1))) / (c + 1)));
        Verify(_model.Conv2D(x, 6, new Window(3, 3)));
    }

    [Fact]
    public void ReshapedMapsKeepTheirImageSize()
    {
        _model.Dispose();
        _model = new SyntheticModel(8, 6, 8, 6);
        Node x = _model.Conv2D(_model.Image, 6, new Window(3, 3));
        x = Reshape(x, 3, 8, 6);
        x = _model.Conv2D(x, 4, new Window(1, 1));
        Node flat = _model.Add("Flatten", [], x, map => new NhwcTensor(map.Data, map.Data.Length));
        x = Reshape(flat, 4, -1, 4);
        Verify(x);
        Assert.Throws<Microsoft.ML.OnnxRuntime.OnnxRuntimeException>(
            () => OnnxRunner.Run(_model.Destination, new byte[9 * 6 * 3], 1, 9, 6));
    }

    [Fact]
    public void DeclaredImageSizesBecomeFree()
    {
        _model.Dispose();
        _model = new SyntheticModel(8, 6, 8, 6);
        Verify(_model.Conv2D(_model.Image, 6, new Window(3, 3)));
        NetworkOutput larger = OnnxRunner.Run(_model.Destination, new byte[2 * 20 * 30 * 3], 2, 20, 30);
        Assert.Equal([2L, 6, 18, 28], larger.ActivationShape);
    }

    private void Resize(int height, int width)
    {
        _model.Dispose();
        _model = new SyntheticModel(height, width);
    }

    private void Verify(Node features) => _model.Verify(features, _model.Head(features));

    private Node Padding(Node input, int top, int bottom, int left, int right) => _model.Add(
        "ZeroPadding2D",
        new JsonObject { ["padding"] = new JsonArray(new JsonArray(top, bottom), new JsonArray(left, right)) },
        input,
        map => ReferenceLayers.ZeroPadding2D(map, top, bottom, left, right));

    private Node Merge(string type, Node left, Node right, Func<double, double, double> function) =>
        _model.Add(type, [], [left, right], value: () => ReferenceLayers.Merge(left.Value, right.Value, function));

    private Node Reshape(Node input, params int[] target)
    {
        int known = target.Where(dim => dim > 0).Aggregate(1, (product, dim) => product * dim);
        return _model.Add(
            "Reshape",
            new JsonObject { ["target_shape"] = new JsonArray([.. target.Select(dim => (JsonNode)dim)]) },
            input,
            value => new NhwcTensor(value.Data, [.. target.Select(dim => dim > 0 ? dim : value.Data.Length / known)]));
    }
}
