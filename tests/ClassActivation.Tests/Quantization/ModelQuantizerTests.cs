using System.Numerics.Tensors;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Networks;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;
using ClassActivation.Photos;
using ClassActivation.Quantization;
using Microsoft.ML.OnnxRuntime;
using static ClassActivation.Tests.Quantization.Agreement;

namespace ClassActivation.Tests.Quantization;

/// <summary>An 8-bit copy of a small residual network.</summary>
public sealed class ModelQuantizerTests : IDisposable
{
    private static readonly InputSettings Settings = new(InputFit.Stretch, 64);

    private readonly string _folder = Directory.CreateTempSubdirectory("class activation ").FullName;

    private string Source => Path.Combine(_folder, "small.onnx");

    private string Copy => Path.Combine(_folder, "small-8.onnx");

    public ModelQuantizerTests() => ResidualNetwork.Write(Source);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(8, 0.999)]
    [InlineData(7, 0.998)]
    public void TheCopyComputesNearlyTheSame(int weightBits, double correlation)
    {
        ModelQuantizer.Quantize(Source, Copy, Calibrate(), weightBits);

        using CamModel exact = CamModel.Load(Source);
        using CamModel copy = CamModel.Load(Copy);
        foreach (string sample in Samples())
        {
            NetworkInput input = Input(sample, Settings);
            using ForwardPass expected = exact.Run(input);
            using ForwardPass actual = copy.Run(input);
            Assert.InRange(Correlation(expected.Activations, actual.Activations), correlation, 1);
            Assert.Equal(0, actual.Activations.ToArray().Min());
            Assert.All(
                expected.Probabilities.ToArray().Zip(actual.Probabilities.ToArray()), static p => Assert.Equal(p.First, p.Second, 0.03f));
        }
    }

    [Fact]
    public void AllConvolutionsComputeInWholeNumbersAndTheHeadDoesNot()
    {
        ModelQuantizer.Quantize(Source, Copy, Calibrate());

        OnnxModelFile file = OnnxModelFile.Read(Copy);
        Dictionary<string, NodeProto> producers = file.Model.Graph.Node.ToDictionary(static node => node.Output[0]);
        foreach (NodeProto node in file.Model.Graph.Node.Where(static node => node.OpType == "Conv"))
        {
            Assert.All(node.Input, input => Assert.Equal("DequantizeLinear", producers[input].OpType));
            string[] constants = [.. node.Input.Skip(1).Select(input => producers[input].Input[0])];
            Assert.Equal([TensorProto.Types.DataType.Int8, TensorProto.Types.DataType.Int32], constants.Select(name => Type(file, name)));
            Assert.Equal(0, producers[node.Input[1]].Attribute.Single(static a => a.Name == "axis").I);
        }

        Assert.DoesNotContain(file.Model.Graph.Node, static node => node.OpType == "Pad");
        Assert.Equal("Relu", producers["activations"].OpType);
        Assert.Equal("Add", producers[producers["activations"].Input[0]].OpType);
        Assert.Equal(OnnxModelFile.Read(Source).ReadInitializer("classifier.weight").Data, file.ReadInitializer("classifier.weight").Data);
    }

    [Fact]
    public void TheRuntimeFusesThemAll()
    {
        ModelQuantizer.Quantize(Source, Copy, Calibrate());
        string optimized = Path.Combine(_folder, "optimized.onnx");
        using (var options = new SessionOptions
        {
            OptimizedModelFilePath = optimized,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        })
        {
            new InferenceSession(Copy, options).Dispose();
        }

        ILookup<string, NodeProto> nodes = OnnxModelFile.Read(optimized).Model.Graph.Node.ToLookup(static node => node.OpType);
        Assert.Equal(6, nodes["QLinearConv"].Count());
        Assert.Single(nodes["QLinearAdd"]);
        Assert.Single(nodes["QuantizeLinear"]);
        Assert.Empty(nodes["Conv"]);
        Assert.Single(nodes["Add"]);
        // The last sum's two terms.
        Assert.Equal(2, nodes["DequantizeLinear"].Count());
    }

    [Fact]
    public void TheCopySaysWhatItIs()
    {
        long size = ModelQuantizer.Quantize(Source, Copy, Calibrate(), 7);

        CamModelInfo info = new CamModelStore([_folder]).Describe("small-8");
        Assert.Equal(("int8", 7, "made for a test", 64), (info.Precision, info.WeightBits, info.Source, info.Resolution));
        Assert.Equal(
            ("float32", 32),
            (new CamModelStore([_folder]).Describe("small").Precision, new CamModelStore([_folder]).Describe("small").WeightBits));
        Assert.Equal(info.Length, size);
    }

    [Fact]
    public void TheSameRangesMakeTheSameFiles()
    {
        ModelQuantizer.Quantize(Source, Copy, Calibrate());
        byte[] first = File.ReadAllBytes(Copy);
        ModelQuantizer.Quantize(Source, Copy, Calibrate());

        Assert.Equal(first, File.ReadAllBytes(Copy));
    }

    [Fact]
    public void RefinedRangesDisturbTheActivationsLessThanUnrefinedOnes()
    {
        OnnxModelFile file = OnnxModelFile.Read(Source);
        QuantizationPlan plan = QuantizationPlan.Create(file);
        ActivationRanges good = Calibrate();
        // One tensor has a range that is far too wide, another one that is too narrow.
        var poor = good.Tensors.ToDictionary(static tensor => tensor, tensor => good.Find(tensor)!);
        poor["relu2"] = poor["relu2"] with { Maximum = 2 * poor["relu2"].Maximum };
        poor["conv3"] = poor["conv3"] with { Minimum = 0.6f * poor["conv3"].Minimum, Maximum = 0.6f * poor["conv3"].Maximum };
        NetworkInput[] photos = [.. Samples().Select(static sample => Input(sample, Settings))];

        using var refiner = new RangeRefiner(file, plan, poor);
        IReadOnlyDictionary<string, ActivationRange> refined = refiner.Refine(photos, null, CancellationToken.None);

        Assert.InRange(refined["relu2"].Maximum, 0.5f * poor["relu2"].Maximum, 0.9f * poor["relu2"].Maximum);
        Assert.InRange(refined["conv3"].Maximum, 1.2f * poor["conv3"].Maximum, 2f * poor["conv3"].Maximum);
        Assert.True(Error(refined) < 0.8 * Error(poor), $"{Error(refined)} is not well below {Error(poor)}.");

        double Error(IReadOnlyDictionary<string, ActivationRange> ranges)
        {
            ModelQuantizer.Quantize(Source, Copy, new ActivationRanges("", ranges));
            using CamModel exact = CamModel.Load(Source);
            using CamModel copy = CamModel.Load(Copy);
            return photos.Sum(photo =>
            {
                using ForwardPass expected = exact.Run(photo);
                using ForwardPass actual = copy.Run(photo);
                return (double)TensorPrimitives.Distance(expected.Activations, actual.Activations);
            });
        }
    }

    [Fact]
    public void WhatCannotBeQuantizedIsRefused()
    {
        ActivationRanges ranges = Calibrate();
        var others = new ActivationRanges("", new Dictionary<string, ActivationRange> { ["elsewhere"] = new(0, 1, []) });
        string done = Path.Combine(_folder, "done.onnx");
        ResidualNetwork.Write(done, "int8");

        Assert.Contains(
            "another network's",
            Assert.Throws<QuantizationException>(() => ModelQuantizer.Quantize(Source, Copy, others)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "an 8-bit network already",
            Assert.Throws<QuantizationException>(() => ModelQuantizer.Quantize(done, Copy, ranges)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "would replace",
            Assert.Throws<QuantizationException>(() => ModelQuantizer.Quantize(Source, Source, ranges)).Message,
            StringComparison.Ordinal);
        Assert.False(File.Exists(Copy) || File.Exists(Copy + ".data"));
    }

    [Theory]
    [InlineData(1 << 11, 0, true)]
    [InlineData(0, 1 << 4, true)]
    [InlineData(0, 0, false)]
    public void TheProcessorsFeatureBitsTellOfItsInstructions(int ecx, int eax, bool expected) =>
        Assert.Equal(expected, ByteArithmetic.HasNeuralNetworkInstructions(ecx, eax));

    [Fact]
    public void ExactSumsOnOtherProcessorsGiveTheSame()
    {
        ModelQuantizer.Quantize(Source, Copy, Calibrate());
        NetworkInput input = Input(Samples()[0], Settings);

        Assert.Equal(Run("0"), Run("1"));

        float[] Run(string exact)
        {
            using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
            options.AddSessionConfigEntry("session.x64quantprecision", exact);
            using var session = new InferenceSession(Copy, options);
            using OrtValue image = OrtValue.CreateTensorValueFromMemory(input.Pixels, [1, input.Height, input.Width, 3]);
            using var run = new RunOptions();
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, ["image"], [image], ["activations"]);
            return outputs[0].GetTensorDataAsSpan<float>().ToArray();
        }
    }

    private ActivationRanges Calibrate()
    {
        using var calibrator = new RangeCalibrator(Source, Settings);
        foreach (string sample in Samples())
        {
            calibrator.Add(PhotoSource.FromFile(sample));
        }

        return calibrator.Finish();
    }

    private static TensorProto.Types.DataType Type(OnnxModelFile file, string name) =>
        (TensorProto.Types.DataType)file.Model.Graph.Initializer.Single(tensor => tensor.Name == name).DataType;
}
