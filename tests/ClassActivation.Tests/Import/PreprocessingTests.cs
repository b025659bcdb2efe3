using System.Text.Json.Nodes;
using ClassActivation.Import.Pixels;
using Node = ClassActivation.Tests.Import.SyntheticModel.Node;

namespace ClassActivation.Tests.Import;

/// <summary>Preprocessing inside the network, computed into the first convolution or standing alone.</summary>
public sealed class PreprocessingTests
{
    // Written out from Keras' imagenet_utils.preprocess_input.
    private static readonly Dictionary<InputPreprocessing, PixelTransform> Keras = new()
    {
        [InputPreprocessing.None] = new(false, [0, 0, 0], [1, 1, 1]),
        [InputPreprocessing.Caffe] = new(true, [123.68, 116.779, 103.939], [1, 1, 1]),
        [InputPreprocessing.TensorFlow] = new(false, [127.5, 127.5, 127.5], [1 / 127.5, 1 / 127.5, 1 / 127.5]),
        [InputPreprocessing.Torch] = new(false, [123.675, 116.28, 103.53], [1 / 58.395, 1 / 57.12, 1 / 57.375]),
        [InputPreprocessing.Scale01] = new(false, [0, 0, 0], [1 / 255d, 1 / 255d, 1 / 255d]),
    };

    [Theory]
    [InlineData(InputPreprocessing.None)]
    [InlineData(InputPreprocessing.Caffe)]
    [InlineData(InputPreprocessing.TensorFlow)]
    [InlineData(InputPreprocessing.Torch)]
    [InlineData(InputPreprocessing.Scale01)]
    public void BeforeAConvolutionWithZeroPadding(InputPreprocessing preprocessing)
    {
        using SyntheticModel model = new(pixels: Keras[preprocessing]) { Preprocessing = preprocessing };
        Node x = model.Add(
            "ZeroPadding2D", new JsonObject { ["padding"] = new JsonArray(1, 2) }, model.Image,
            map => ReferenceLayers.ZeroPadding2D(map, 1, 1, 2, 2));
        x = model.Conv2D(x, 6, new Window(3, 3, 2, 2, Same: true), activation: "sigmoid");
        model.Verify(x, model.Head(x));
    }

    [Theory]
    [InlineData(InputPreprocessing.None)]
    [InlineData(InputPreprocessing.Caffe)]
    [InlineData(InputPreprocessing.TensorFlow)]
    [InlineData(InputPreprocessing.Torch)]
    [InlineData(InputPreprocessing.Scale01)]
    public void BeforeSomethingElse(InputPreprocessing preprocessing)
    {
        using SyntheticModel model = new(pixels: Keras[preprocessing]) { Preprocessing = preprocessing };
        Node x = model.DepthwiseConv2D(model.Image, 2, new Window(3, 3, Same: true));
        x = model.Add("Activation", new JsonObject { ["activation"] = "sigmoid" }, x, map => SyntheticModel.Activate(map, "sigmoid"));
        model.Verify(x, model.Head(x));
    }

    [Fact]
    public void BeforeTwoConvolutions()
    {
        using SyntheticModel model = new(pixels: Keras[InputPreprocessing.Torch]) { Preprocessing = InputPreprocessing.Torch };
        Node a = model.Conv2D(model.Image, 6, new Window(3, 3));
        Node b = model.Conv2D(model.Image, 6, new Window(3, 3));
        Node sum = model.Add("Add", [], [a, b], value: () => ReferenceLayers.Merge(a.Value, b.Value, (x, y) => x + y));
        model.Verify(sum, model.Head(sum));
    }
}
