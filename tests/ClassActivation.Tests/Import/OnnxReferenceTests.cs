using System.Text.Json;
using ClassActivation.Identity;
using ClassActivation.Import;
using ClassActivation.Import.Onnx;
using ClassActivation.Import.Pixels;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Import;

/// <summary>Networks that torch exported, against what torch's own autograd gives of them.</summary>
public sealed class OnnxReferenceTests
{
    [SkippableTheory]
    [InlineData("resnet")]
    [InlineData("mobilenet_v2")]
    [InlineData("squeezenet")]
    [InlineData("densenet")]
    [InlineData("efficientnet")]
    [InlineData("swin")]
    public void The_closed_form_equals_torchs_gradients(string name)
    {
        string folder = Path.Combine(Locations.Reference(), "onnx");
        string photos = Path.Combine(Locations.Reference(), "..", "samples");
        Skip.IfNot(Directory.Exists(photos) && Directory.Exists(folder), "The reference networks are not here.");
        using var temporary = new TemporaryFolder();
        string converted = temporary.File($"{name}.onnx");
        OnnxNetworkConverter.Convert(
            Path.Combine(folder, $"{name}.onnx"), converted, new ImportOptions { Preprocessing = InputPreprocessing.Torch });
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "golden.json")));
        using CamModel model = CamModel.Load(converted, new OptimizedNetworkCache(null));
        var explainer = new PhotoExplainer(model, new InputSettings(InputFit.Stretch));

        foreach (JsonProperty photo in golden.RootElement.GetProperty("networks").GetProperty(name).GetProperty("photos").EnumerateObject())
        {
            var source = PhotoSource.FromFile(Path.Combine(photos, photo.Name));
            float[] logits = [.. photo.Value.GetProperty("logits").EnumerateArray().Select(value => value.GetSingle())];
            float scale = logits.Max(Math.Abs);
            foreach (Prediction prediction in explainer.Predict(source, logits.Length))
            {
                Assert.InRange(Math.Abs(prediction.Logit - logits[prediction.ClassIndex]) / scale, 0, 1e-4);
            }

            foreach (JsonProperty target
                in photo.Value.GetProperty("last").EnumerateObject().Where(entry => int.TryParse(entry.Name, out _)))
            {
                float[] expected =
                [
                    .. target.Value.GetProperty("HiResCam").EnumerateArray().SelectMany(row => row.EnumerateArray())
                        .Select(value => value.GetSingle())
                ];
                ClassActivationMap map = explainer.Explain(
                    source, new MapRequest { ClassIndexes = [int.Parse(target.Name, null)], Methods = [CamMethod.HiResCam] })[0];
                float largest = expected.Max(Math.Abs);
                Assert.InRange(map.Values.Zip(expected, (a, b) => Math.Abs(a - b)).Max() / largest, 0, 1e-5);
            }
        }
    }

    [SkippableTheory]
    [InlineData("vgg")]
    [InlineData("mobilenet_v3")]
    [InlineData("convnext")]
    [InlineData("vit")]
    public void Other_ends_come_in_with_their_answers(string name)
    {
        string folder = Path.Combine(Locations.Reference(), "onnx");
        string photos = Path.Combine(Locations.Reference(), "..", "samples");
        Skip.IfNot(Directory.Exists(photos) && Directory.Exists(folder), "The reference networks are not here.");
        using var temporary = new TemporaryFolder();
        string converted = temporary.File($"{name}.onnx");
        OnnxNetworkConverter.Convert(
            Path.Combine(folder, $"{name}.onnx"), converted, new ImportOptions { Preprocessing = InputPreprocessing.Torch });
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "golden.json")));
        using CamModel model = CamModel.Load(converted, new OptimizedNetworkCache(null));
        var explainer = new PhotoExplainer(model, new InputSettings());

        Assert.False(model.Info.IsLinear);
        Assert.True(model.Info.IsFixedSize);
        foreach (JsonProperty photo in golden.RootElement.GetProperty("networks").GetProperty(name).GetProperty("photos").EnumerateObject())
        {
            var source = PhotoSource.FromFile(Path.Combine(photos, photo.Name));
            float[] logits = [.. photo.Value.GetProperty("logits").EnumerateArray().Select(value => value.GetSingle())];
            foreach (Prediction prediction in explainer.Predict(source, logits.Length))
            {
                Assert.InRange(Math.Abs(prediction.Logit - logits[prediction.ClassIndex]) / logits.Max(Math.Abs), 0, 1e-4);
            }
        }
    }
}
