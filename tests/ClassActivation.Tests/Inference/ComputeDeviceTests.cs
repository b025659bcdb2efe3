using ClassActivation.Inference;
using ClassActivation.Networks;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Tests.Inference;

/// <summary>Devices by their names, what they are told, and what is said where they are not there.</summary>
public class ComputeDeviceTests
{
    private static readonly string[] Gpu = ["Cpu", "TensorRT", "Cuda"];

    [Theory]
    [InlineData("CPUExecutionProvider", "Cpu")]
    [InlineData("TensorrtExecutionProvider,CUDAExecutionProvider,CPUExecutionProvider", "Cpu,TensorRT,Cuda")]
    [InlineData("DmlExecutionProvider,CPUExecutionProvider", "Cpu,DirectML")]
    [InlineData("CoreMLExecutionProvider,XnnpackExecutionProvider,AzureExecutionProvider,CPUExecutionProvider", "Cpu,CoreML,Xnnpack")]
    [InlineData(
        "OpenVINOExecutionProvider,MIGraphXExecutionProvider,SomeNewExecutionProvider,CPUExecutionProvider",
        "Cpu,OpenVINO,MIGraphX,SomeNew")]
    public void Execution_providers_are_devices(string providers, string devices) =>
        Assert.Equal(devices.Split(','), ComputeDevice.NamesOf(providers.Split(',')));

    [Theory]
    [InlineData("cuda", "Cuda", 0)]
    [InlineData("CUDA:1", "Cuda", 1)]
    [InlineData("TensorRT:12", "TensorRT", 12)]
    [InlineData("CPU", "Cpu", 0)]
    public void A_device_is_a_name_and_a_number(string text, string name, int number)
    {
        ComputeDevice device = ComputeDevice.Parse(text, Gpu);

        Assert.Equal(new ComputeDevice(name, number), device);
        Assert.Equal(device, ComputeDevice.Parse(device.ToString(), Gpu));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Metal")]
    [InlineData("Cuda:")]
    [InlineData("Cuda:-1")]
    [InlineData("Cuda:one")]
    [InlineData("Cuda:99999999999")]
    [InlineData(":1")]
    [InlineData("Cpu:1")]
    public void Others_are_refused_with_the_names_that_there_are(string text)
    {
        ModelException e = Assert.Throws<ModelException>(() => ComputeDevice.Parse(text, Gpu));

        Assert.Equal(ModelFailure.NoSuchDevice, e.Failure);
        Assert.Equal($"There is no device '{text}' here: the ONNX Runtime that is loaded offers Cpu, TensorRT, Cuda.", e.Message);
    }

    [Fact]
    public void A_device_is_told_its_number_and_to_keep_all_digits()
    {
        IReadOnlyDictionary<string, string> options = new ComputeDevice("Cuda", 3).ProviderOptions();

        Assert.Equal("3", options["device_id"]);
        Assert.Equal("0", options["use_tf32"]);
        Assert.Equal("HEURISTIC", options["cudnn_conv_algo_search"]);
        Assert.Equal("2", new ComputeDevice("TensorRT", 2).ProviderOptions()["device_id"]);
        Assert.Empty(ComputeDevice.Cpu.ProviderOptions());
    }

    [Theory]
    [InlineData(
        "Failed to load library libonnxruntime_providers_cuda.so with error: libcublasLt.so.13: cannot open shared object file:"
        + " No such file or directory",
        "it needs the library libcublasLt.so.13, which is not found on this computer")]
    [InlineData(
        "Error loading \"C:\\ort\\onnxruntime_providers_cuda.dll\" which depends on \"cudnn64_9.dll\" which is missing.",
        "it needs the library cudnn64_9.dll, which is not found on this computer")]
    [InlineData(
        "CUDA failure 100: no CUDA-capable device is detected ; GPU=-1",
        "there is no such device on this computer, or its driver is missing or too old")]
    [InlineData("something else", "ONNX Runtime could not start it")]
    [InlineData(
        "[ErrorCode:Fail] Invalid device ID: 1, must be between 0 (inclusive) and 1 (exclusive).",
        "there is one such device on this computer, number 0")]
    [InlineData(
        "[ErrorCode:Fail] Invalid device ID: 9, must be between 0 (inclusive) and 8 (exclusive).",
        "there are 8 such devices on this computer, counted from 0")]
    public void What_is_missing_is_named(string report, string reason) => Assert.Equal(reason, ComputeDevice.ReasonOf(report));

    // The build of the tests has none of them, whatever the machine has.
    [Theory]
    [InlineData("Cuda")]
    [InlineData("TensorRT")]
    [InlineData("OpenVINO")]
    [InlineData("MIGraphX")]
    public void A_device_that_the_build_lacks_is_an_error_in_words(string name)
    {
        using var options = new SessionOptions();
        var device = new ComputeDevice(name);

        ModelException e = Assert.Throws<ModelException>(() => device.Configure(options));

        Assert.Equal(ModelFailure.DeviceNotStarted, e.Failure);
        Assert.StartsWith($"The device '{name}' cannot be used: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_processor_comes_first() => Assert.Equal("Cpu", ComputeDevice.Offered[0]);
}
