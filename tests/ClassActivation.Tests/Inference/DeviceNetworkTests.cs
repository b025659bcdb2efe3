using System.Collections.Concurrent;
using ClassActivation.Inference;
using ClassActivation.Networks;
using ClassActivation.Onnx;
using ClassActivation.Photos;
using ClassActivation.Tests.Quantization;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Tests.Inference;

/// <summary>Photos that wait for a device together get what they get alone.</summary>
public sealed class DeviceNetworkTests : IDisposable
{
    private static readonly string[] Outputs = [CamModel.ActivationsName, CamModel.PredictionsName];

    private readonly TemporaryFolder _folder = new();
    private readonly NetworkSession _session;

    public DeviceNetworkTests()
    {
        string path = _folder.File("net.onnx");
        ResidualNetwork.Write(path);
        OnnxModelFile file = OnnxModelFile.Read(path);
        var cache = new OptimizedNetworkCache(null);
        _session = new NetworkSession(
            file, new CamModelInfo(file), new InferenceSession(path), [], cache, static () => new SessionOptions());
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(64)]
    public void Each_photo_gets_its_own_values(int capacity)
    {
        NetworkInput[] inputs = [.. Enumerable.Range(0, 40).Select(static i => Input(i, 32 + 8 * (i % 3), 40))];
        float[][] expected = [.. inputs.Select(input => Values(_session, input))];
        using var network = new DeviceNetwork(_session, capacity);
        var found = new ConcurrentDictionary<int, float[]>();

        Parallel.For(0, inputs.Length, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i => found[i] = Values(network, inputs[i]));

        Assert.All(Enumerable.Range(0, inputs.Length), i =>
        {
            Assert.Equal(expected[i].Length, found[i].Length);
            Assert.All(expected[i].Zip(found[i]), static pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        });
    }

    [Fact]
    public void Several_photos_are_rows_of_one_run()
    {
        NetworkInput[] inputs = [.. Enumerable.Range(0, 5).Select(static i => Input(i, 32, 32))];

        using IDisposableReadOnlyCollection<OrtValue> values = _session.Run(inputs, Outputs, CancellationToken.None);

        Assert.Equal([5, 5], values[1].GetTensorTypeAndShape().Shape);
        Assert.True(new CamModelInfo(OnnxModelFile.Read(_folder.File("net.onnx"))).TakesBatches);
    }

    [Fact]
    public void What_goes_wrong_goes_wrong_for_its_photo_alone()
    {
        using var network = new DeviceNetwork(_session, 16);
        NetworkInput good = Input(1, 48, 48);
        float[] expected = Values(network, good);

        Parallel.For(0, 32, i =>
        {
            if (i % 4 == 0)
            {
                Assert.ThrowsAny<Exception>(() => network.Run(good, ["no such value"], CancellationToken.None));
            }
            else
            {
                Assert.All(expected.Zip(Values(network, good)), static pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
            }
        });
    }

    [Fact]
    public void Who_is_stopped_stops_nobody_else()
    {
        using var network = new DeviceNetwork(_session, 16);
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        NetworkInput input = Input(1, 48, 48);

        Parallel.For(0, 32, i =>
        {
            if (i % 2 == 0)
            {
                Assert.ThrowsAny<OperationCanceledException>(() => network.Run(input, Outputs, stopped.Token));
            }
            else
            {
                network.Run(input, Outputs, CancellationToken.None).Dispose();
            }
        });
    }

    private static float[] Values(INetworkRunner runner, NetworkInput input)
    {
        using IDisposableReadOnlyCollection<OrtValue> values = runner.Run(input, Outputs, CancellationToken.None);
        Assert.All(values, static value => Assert.Equal(1, value.GetTensorTypeAndShape().Shape[0]));
        return [.. values.SelectMany(static value => value.GetTensorDataAsSpan<float>().ToArray())];
    }

    private static NetworkInput Input(int seed, int width, int height)
    {
        var pixels = new byte[width * height * 3];
        new Random(seed).NextBytes(pixels);
        return new NetworkInput(width, height, pixels);
    }
}
