using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>
/// Null references after an inference are errors like any other. Where the runtime's kernels use a processor's matrix
/// tiles (AMX), one on the thread of the inference would end the process.
/// </summary>
public sealed class NullReferenceTests
{
    // The property reads through a null reference.
    private const string NullReference = "try { $null = [Runtime.CompilerServices.TaskAwaiter]::new().IsCompleted } catch { }; 'alive'";

    [Theory]
    [InlineData("ResNet50-Int8", "Get-ClassActivationMap -ThrottleLimit 1")]
    [InlineData("ResNet50-Int8", "Get-ClassActivationMap -ThrottleLimit 1 | Measure-CamFaithfulness -Step 5 -RandomCount 1")]
    [InlineData("ResNet50", "Get-Prediction")]
    public async Task A_script_goes_on(string network, string pipeline)
    {
        ChildEngine.Result result = await ChildEngine.Run(
            $"$PSDefaultParameterValues = @{{ 'Get-*:Model' = '{network}' }}; $null = '{TestPaths.Sample("flower.jpg")}' |"
            + $" {pipeline}; {NullReference}");

        Assert.Empty(result.Errors);
        Assert.Equal((0, "alive"), (result.ExitCode, string.Join(' ', result.Output)));
    }

    [Fact]
    public async Task A_script_that_uses_the_library_directly_goes_on()
    {
        ChildEngine.Result result = await ChildEngine.Run(
            $$"""
            $model = [ClassActivation.Inference.CamModel]::Load((Get-CamModel ResNet50-Int8).Path)
            $photo = [ClassActivation.Photos.PhotoDecoder]::Decode([ClassActivation.Photos.PhotoSource]::FromFile('{{TestPaths.Sample("flower.jpg")}}'))
            $model.Run([ClassActivation.Photos.NetworkInput]::Create($photo, 'FullFrame', 224, 'Bilinear')).Dispose()
            {{NullReference}}
            """);

        Assert.Empty(result.Errors);
        Assert.Equal((0, "alive"), (result.ExitCode, string.Join(' ', result.Output)));
    }
}
