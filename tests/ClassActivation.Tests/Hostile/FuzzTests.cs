namespace ClassActivation.Tests.Hostile;

/// <summary>A few thousand damaged networks; the program that does it takes larger numbers by hand.</summary>
public sealed class FuzzTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("fuzz-onnx", "works")]
    [InlineData("fuzz-quantization", "quantized")]
    [InlineData("fuzz-layers", "converted")]
    public void Damaged_networks_end_in_the_modules_own_exceptions(string program, string success)
    {
        (int exitCode, string output) = ChildProgram.Run(program, _folder.Path, "1", "2000");

        Assert.True(exitCode == 0, $"At {File.ReadAllText(_folder.File("last"))}: {output}");
        Assert.Matches($@"\b[1-9]\d* {success}\b", output);
    }
}
