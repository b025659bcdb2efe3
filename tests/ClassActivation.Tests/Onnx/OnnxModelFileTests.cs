using System.Globalization;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;
using Google.Protobuf;

namespace ClassActivation.Tests.Onnx;

public sealed class OnnxModelFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string ModelPath => _folder.File("a {0} model.onnx");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatIsWrittenIsReadAgain()
    {
        float[] small = [1, 2, 3, 4, 5, 6];
        float[] medium = Ramp(1000);
        float[] large = Ramp(300_000);
        using (OnnxGraphBuilder graph = new(ModelPath, "test"))
        {
            graph.AddInitializer<float>("small", small, 2, 3);
            graph.AddInitializer<float>("medium", medium, 10, 100);
            graph.AddInitializer<float>("large", large, 300_000);
            graph.AddInitializer<float>("scalar", [7]);
            graph.AddMetadata("labels", "Katze\nHündin");
            Assert.Single(Directory.GetFiles(_folder.Path));
            Assert.True(graph.Save() > 300_000 * 4);
        }

        OnnxModelFile file = OnnxModelFile.Read(ModelPath);

        Assert.Equal("Katze\nHündin", file.Metadata["labels"]);
        Assert.Equal(["small", "medium", "large", "scalar"], file.Initializers);
        Assert.Equal(small, file.ReadInitializer("small").Data);
        Assert.Equal([2L, 3], file.ReadInitializer("small").Dims);
        Assert.Equal(medium, file.ReadInitializer("medium").Data);
        Assert.Equal(large, file.ReadInitializer("large").Data);
        Assert.Empty(file.ReadInitializer("scalar").Dims);
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
        long[] offsets = [.. file.Model.Graph.Initializer.SelectMany(tensor => tensor.ExternalData).Where(entry => entry.Key == "offset")
            .Select(entry => long.Parse(entry.Value, CultureInfo.InvariantCulture))];
        Assert.Equal([0L, 65536], offsets);
    }

    [Fact]
    public void NamesStayUnique()
    {
        using OnnxGraphBuilder graph = new(ModelPath, "test");
        Assert.Equal("x", graph.AddNode("Relu", "x", ["in"]));
        Assert.Equal("x_2", graph.AddNode("Relu", "x", ["x"]));
        Assert.Equal("x_3", graph.AddInitializer<float>("x", [1]));
    }

    [Fact]
    public void WithoutASaveNothingIsLeft()
    {
        using (OnnxGraphBuilder graph = new(ModelPath, "test"))
        {
            graph.AddInitializer<float>("large", Ramp(1000), 1000);
        }

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void OtherFormsOfTensorsAreRead()
    {
        ModelProto model = new() { Graph = new GraphProto() };
        TensorProto listed =
            new() { Name = "listed", DataType = (int)TensorProto.Types.DataType.Float, Dims = { 2 }, FloatData = { 1.5f, -2 } };
        TensorProto half = new() { Name = "half", DataType = (int)TensorProto.Types.DataType.Float16, Dims = { 1 } };
        half.RawData = ByteString.CopyFrom(BitConverter.GetBytes((Half)0.25));
        TensorProto whole = new() { Name = "whole", DataType = (int)TensorProto.Types.DataType.Int64, Dims = { 1 }, Int64Data = { 3 } };
        model.Graph.Initializer.AddRange([listed, half, whole]);
        File.WriteAllBytes(ModelPath, model.ToByteArray());
        OnnxModelFile file = OnnxModelFile.Read(ModelPath);

        Assert.Equal([1.5f, -2], file.ReadInitializer("listed").Data);
        Assert.Equal([0.25f], file.ReadInitializer("half").Data);
        Assert.Contains(
            "holds Int64 elements",
            Assert.Throws<InvalidDataException>(() => file.ReadInitializer("whole")).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "no constant tensor 'none'",
            Assert.Throws<KeyNotFoundException>(() => file.ReadInitializer("none")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void MissingAndShortDataFiles()
    {
        using (OnnxGraphBuilder graph = new(ModelPath, "test"))
        {
            graph.AddInitializer<float>("w", Ramp(1000), 1000);
            graph.Save();
        }

        OnnxModelFile file = OnnxModelFile.Read(ModelPath);
        File.WriteAllBytes(ModelPath + ".data", new byte[3999]);
        Assert.Contains(
            "is cut short", Assert.Throws<InvalidDataException>(() => file.ReadInitializer("w")).Message, StringComparison.Ordinal);
        File.Delete(ModelPath + ".data");
        Assert.Equal(
            $"The data file '{ModelPath}.data' of the model '{ModelPath}' is missing; both files belong together.",
            Assert.Throws<FileNotFoundException>(() => file.ReadInitializer("w")).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is text, not a model")]
    public void OtherFilesAreRefused(string content)
    {
        File.WriteAllText(ModelPath, content);
        Assert.Equal(
            $"The file '{ModelPath}' is not an ONNX model.",
            Assert.Throws<InvalidDataException>(() => OnnxModelFile.Read(ModelPath)).Message);
    }

    [Fact]
    public void MissingFilesAreNamed() => Assert.Equal(
        $"The model file '{ModelPath}' does not exist.",
        Assert.Throws<FileNotFoundException>(() => OnnxModelFile.Read(ModelPath)).Message);

    private static float[] Ramp(int count) => [.. Enumerable.Range(0, count).Select(i => i * 0.5f)];

    [Fact]
    public void A_file_beyond_protobufs_limit_is_told_with_the_way_around_it()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("large.onnx");
        using (FileStream file = File.Create(path))
        {
            file.SetLength(3L << 30);
        }

        string message = Assert.Throws<InvalidDataException>(() => OnnxModelFile.Read(path)).Message;
        Assert.Contains("3072 MB", message);
        Assert.Contains("save_as_external_data", message);
    }
}
