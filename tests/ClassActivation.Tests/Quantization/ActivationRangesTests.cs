using ClassActivation.Quantization;

namespace ClassActivation.Tests.Quantization;

/// <summary>The text file of ranges.</summary>
public sealed class ActivationRangesTests
{
    [Fact]
    public void WhatIsWrittenIsRead()
    {
        using var file = new ScratchFile();
        var ranges = new ActivationRanges("Made by hand\nfor a test", new Dictionary<string, ActivationRange>
        {
            ["conv/out"] = new(-0.1f, 1e-7f, []),
            ["relu"] = new(0, 12.345678f, [0.25f, -3f, 1e-9f]),
        });
        using (FileStream stream = File.Create(file.Path))
        {
            ranges.Write(stream);
        }

        ActivationRanges read = ActivationRanges.Read(file.Path);

        Assert.Equal(ranges.Description, read.Description);
        Assert.Equal(["conv/out", "relu"], read.Tensors);
        Assert.Equal((-0.1f, 1e-7f), (read.Find("conv/out")!.Minimum, read.Find("conv/out")!.Maximum));
        Assert.Equal(12.345678f, read.Find("relu")!.Maximum);
        Assert.Equal([0.25f, -3f, 1e-9f], read.Find("relu")!.ChannelMeans);
        Assert.Null(read.Find("other"));
    }

    [Theory]
    [InlineData("a\t0\t1", "Line 1")]
    [InlineData("# c\na\t0\t1\t\nb\tx\t1\t", "Line 3")]
    [InlineData("a\t1\t2\t", "Line 1")]
    [InlineData("a\t0\tNaN\t", "Line 1")]
    [InlineData("a\t0\t1\t1 y", "Line 1")]
    [InlineData("a\t0\t1\t\na\t0\t1\t", "Line 2")]
    [InlineData("# only a comment", "no ranges")]
    public void ABadFileIsRefusedWithItsLine(string text, string expected)
    {
        using var file = new ScratchFile();
        File.WriteAllText(file.Path, text);

        QuantizationException e = Assert.Throws<QuantizationException>(() => ActivationRanges.Read(file.Path));

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.Contains(file.Path, e.Message, StringComparison.Ordinal);
    }

    private sealed class ScratchFile : IDisposable
    {
        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
