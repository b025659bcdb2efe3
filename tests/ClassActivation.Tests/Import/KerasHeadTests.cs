using System.Text.Json.Nodes;
using ClassActivation.Import;
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
        Node scores = _model.Add("Reshape", new JsonObject { ["target_shape"] = new JsonArray(1, 1, 6) }, _model.GlobalAverage(x), value => new NhwcTensor(value.Data, 1, 1, 6));
        scores = _model.Conv2D(scores, 5, new Window(1, 1));
        scores = _model.Add("Reshape", new JsonObject { ["target_shape"] = new JsonArray(5) }, scores, value => new NhwcTensor(value.Data, 5));
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

    [Fact]
    public void HiddenDenseLayersAreRefused()
    {
        Node x = _model.Dense(_model.Dense(_model.GlobalAverage(Body()), 7, "relu", name: "hidden"), 5, "softmax", name: "scores");
        Refused(x, "The layer 'hidden' (Dense) stands before the classifier 'scores', but a class activation map needs a network that ends in global average pooling");
    }

    [Fact]
    public void FlattenedMapsAreRefused()
    {
        _model.Dispose();
        _model = new SyntheticModel(8, 8, 8, 8);
        Node flat = _model.Add("Flatten", [], Body(), map => new NhwcTensor(map.Data, map.Data.Length));
        Refused(_model.Dense(flat, 5, "softmax", name: "scores"), "(Conv2D) stands before the classifier 'scores'");
    }

    [Fact]
    public void GlobalMaxPoolingIsRefused()
    {
        Node pooled = _model.Add("GlobalMaxPooling2D", [], Body(), ReferenceLayers.GlobalMax);
        Refused(_model.Dense(pooled, 5, "softmax"), "(GlobalMaxPooling2D) stands before the classifier");
    }

    [Fact]
    public void NetworksWithoutAClassifierAreRefused() =>
        Refused(_model.GlobalAverage(Body()), "(GlobalAveragePooling2D) stands at the end of the network, but a class activation map needs");

    [Fact]
    public void OtherActivationsOfTheScoresAreRefused() =>
        Refused(_model.Head(Body(), "relu"), "The layer 'scores' (Dense) applies 'relu' to the class scores");

    [Fact]
    public void PoolingTheImageItselfIsRefused() =>
        Refused(_model.Head(_model.Image), "(GlobalAveragePooling2D) pools the image itself");

    private Node Body() => _model.Conv2D(_model.Image, 6, new Window(3, 3), activation: "relu");

    private void Refused(Node scores, string message)
    {
        _model.Write(scores.Name);
        Assert.Contains(message, Assert.Throws<ModelImportException>(() => _model.Convert()).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_model.Destination));
    }
}
