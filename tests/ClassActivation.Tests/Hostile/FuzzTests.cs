namespace ClassActivation.Tests.Hostile;

/// <summary>A few thousand damaged networks; the program that does it takes larger numbers by hand.</summary>
public sealed class FuzzTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_death_is_counted_and_the_rest_goes_on()
    {
        Supervisor.Result result = Supervisor.Run("fuzz-that-dies", _folder.Path, 5, 10);

        Assert.Equal([7, 11], result.Deaths.Select(static death => death.Input));
        Assert.All(result.Deaths, static death => Assert.NotEqual(0, death.ExitCode));
        Assert.Equal((0, 3), (result.ExitCode, result.Output.Split("begins", StringSplitOptions.None).Length - 1));
    }

    [Theory]
    [InlineData("fuzz-import", "converted")]
    [InlineData("fuzz-hdf5", "converted")]
    [InlineData("fuzz-archive", "converted")]
    [InlineData("fuzz-graph", "converted")]
    public void Damaged_networks_of_others_end_in_one_error_each(string program, string success)
    {
        Supervisor.Result result = Supervisor.Run(program, _folder.Path, 1, 300);

        Assert.True(result.Deaths.Count == 0, $"{string.Join(", ", result.Deaths)}: {result.Output}");
        Assert.True(result.ExitCode == 0, result.Output);
        Assert.Matches($@"\b[1-9]\d* {success}\b", result.Output);
    }

    [Theory]
    [InlineData("fuzz-onnx", "works")]
    [InlineData("fuzz-quantization", "quantized")]
    [InlineData("fuzz-layers", "converted")]
    public void Damaged_networks_end_in_the_modules_own_exceptions(string program, string success)
    {
        Supervisor.Result result = Supervisor.Run(program, _folder.Path, 1, 2000);

        Assert.True(result.Deaths.Count == 0, $"{string.Join(", ", result.Deaths)}: {result.Output}");
        Assert.True(result.ExitCode == 0, result.Output);
        Assert.Matches($@"\b[1-9]\d* {success}\b", result.Output);
    }
}
