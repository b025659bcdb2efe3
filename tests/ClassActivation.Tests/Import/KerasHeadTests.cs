using System.Text.Json.Nodes;
using ClassActivation.Inference;
using ClassActivation.Networks;
using ClassActivation.Onnx;
using Node = ClassActivation.Tests.Import.SyntheticModel.Node;

namespace ClassActivation.Tests.Import;

/// <summary>Which ends of a network are taken, and what becomes of them.</summary>
public sealed class KerasHeadTests : IDisposable
{
    private SyntheticModel _model = new();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void TheClassifiersWeightsAreTheKerasOnes()
    {
        Node x = Body();
        Node pooled = _model.GlobalAverage(x);
        double[] kernel = _model.Weight("own", "kernel", 6, 5).Data;
        double[] bias = _model.Weight("own", "bias", 5).Data;
        Node scores = _model.Add("Dense", new JsonObject { ["units"] = 5, ["activation"] = "softmax" }, [pooled], "own", () =>
            ReferenceLayers.Softmax(ReferenceLayers.Dense(pooled.Value, new NhwcTensor(kernel, 6, 5), bias)));

        OnnxModelFile file = _model.Verify(x, scores);

        Assert.Equal([6L, 5], file.ReadInitializer("classifier.weight").Dims);
        Assert.Equal(kernel, file.ReadInitializer("classifier.weight").Data.Select(value => (double)value));
        Assert.Equal(bias, file.ReadInitializer("classifier.bias").Data.Select(value => (double)value));
        Assert.Equal(["image"], file.Inputs);
        Assert.Equal(["activations", "predictions"], file.Outputs);
    }

    [Fact]
    public void LogitsBecomeProbabilities()
    {
        Node x = Body();
        Node logits = _model.Head(x, "linear");
        OnnxModelFile file = _model.Verify(x, logits with { Value = ReferenceLayers.Softmax(logits.Value) });
        Assert.Equal("softmax", file.Metadata["classifier_activation"]);
    }

    [Fact]
    public void SeveralLabelsAtOnceKeepTheirSigmoid()
    {
        Node x = Body();
        OnnxModelFile file = _model.Verify(x, _model.Head(x, "sigmoid"));
        Assert.Equal("sigmoid", file.Metadata["classifier_activation"]);
    }

    [Fact]
    public void DropoutAndAnActivationOfItsOwnAndNoBias()
    {
        Node x = Body();
        Node scores = _model.Add("Dropout", [], _model.GlobalAverage(x), value => value);
        scores = _model.Dense(scores, 5, useBias: false);
        scores = _model.Add("Activation", new JsonObject { ["activation"] = "softmax" }, scores, ReferenceLayers.Softmax);
        OnnxModelFile file = _model.Verify(x, scores);
        Assert.Equal(new float[5], file.ReadInitializer("classifier.bias").Data);
    }

    [Fact]
    public void AConvolutionAsClassifier()
    {
        Node x = Body();
        Node scores = _model.Add(
            "Reshape",
            new JsonObject { ["target_shape"] = new JsonArray(1, 1, 6) },
            _model.GlobalAverage(x),
            value => new NhwcTensor(value.Data, 1, 1, 6));
        scores = _model.Conv2D(scores, 5, new Window(1, 1));
        scores = _model.Add(
            "Reshape", new JsonObject { ["target_shape"] = new JsonArray(5) }, scores, value => new NhwcTensor(value.Data, 5));
        scores = _model.Add("Softmax", [], scores, ReferenceLayers.Softmax);
        OnnxModelFile file = _model.Verify(x, scores);
        Assert.Equal([6L, 5], file.ReadInitializer("classifier.weight").Dims);
    }

    [Fact]
    public void OneAverageWindowOverTheWholeMap()
    {
        _model.Dispose();
        _model = new SyntheticModel(8, 8, 8, 8);
        Node x = Body();
        Node scores = _model.Pooling("AveragePooling2D", x, new Window(6, 6, 6, 6));
        scores = _model.Add("Flatten", [], scores, value => new NhwcTensor(value.Data, 6));
        OnnxModelFile file = _model.Verify(x, _model.Dense(scores, 5, "softmax"));
        Assert.Equal([1L, 6, 18, 8], OnnxRunner.Run(_model.Destination, new byte[20 * 10 * 3], 1, 20, 10).ActivationShape);
        Assert.Equal("AveragePooling2D", LayerSummary.Parse(file.Metadata["layers"])[2].Type);
    }

    [Theory]
    [InlineData("hidden")]
    [InlineData("flattened")]
    [InlineData("maxima")]
    [InlineData("relu")]
    public void OtherEndsComeInWithAGeneralHead(string end)
    {
        _model.Dispose();
        _model = new SyntheticModel(32, 32, 32, 32);
        Node body = Body();
        Node scores = end switch
        {
            "hidden" => _model.Dense(_model.Dense(_model.GlobalAverage(body), 7, "relu"), 5, "softmax"),
            "flattened" => _model.Dense(_model.Add("Flatten", [], body, map => new NhwcTensor(map.Data, map.Data.Length)), 5, "softmax"),
            "maxima" => _model.Dense(_model.Add("GlobalMaxPooling2D", [], body, ReferenceLayers.GlobalMax), 5, "softmax"),
            _ => _model.Head(body, "relu"),
        };
        _model.Write(scores.Name);
        _model.Convert();

        using CamModel network = CamModel.Load(_model.Destination, new OptimizedNetworkCache(null));
        Assert.False(network.Info.IsLinear);
        using ForwardPass pass = network.Run(_model.Input());
        double[] expected = end == "relu" ? ReferenceLayers.Softmax(scores.Value).Data : scores.Value.Data;
        for (int c = 0; c < 5; c++)
        {
            Assert.Equal(expected[c], pass.Probabilities[c], 1e-4);
        }

        for (int k = 0; k < body.Value.Channels; k++)
        {
            Assert.Equal(body.Value[3, 5, k], pass.Activation(k)[(3 * pass.Columns) + 5], 1e-4);
        }
    }

    private Node Body() => _model.Conv2D(_model.Image, 6, new Window(3, 3), activation: "relu");
}
