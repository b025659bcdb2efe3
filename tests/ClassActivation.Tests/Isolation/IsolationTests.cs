using System.Diagnostics;
using ClassActivation.Inference;
using ClassActivation.Isolation;
using ClassActivation.Networks;
using ClassActivation.Photos;
using ClassActivation.Tests.Hostile;
using ClassActivation.Tests.Quantization;

namespace ClassActivation.Tests.Isolation;

/// <summary>Networks in processes of their own: the same figures, and whatever becomes of the process is one exception.</summary>
public sealed class IsolationTests : IDisposable
{
    private static readonly IsolationOptions Short = ChildProgram.Isolation with { TimeLimit = TimeSpan.FromSeconds(2) };

    private readonly TemporaryFolder _folder = new();

    private string Network => _folder.File("net.onnx");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_network_gives_the_same_in_a_process_of_its_own_bit_for_bit()
    {
        ResidualNetwork.Write(Network);
        using CamModel here = CamModel.Load(Network);
        using CamModel there = CamModel.Load(Network, ChildProgram.Isolation);
        Parallel.For(0, 20, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            NetworkInput input = Noise(32 + i, 64, seed: i);
            using ForwardPass expected = here.Run(input);
            using ForwardPass actual = there.Run(input);

            Assert.Equal((expected.FeatureCount, expected.Rows, expected.Columns), (actual.FeatureCount, actual.Rows, actual.Columns));
            Assert.True(expected.Activations.SequenceEqual(actual.Activations));
            Assert.True(expected.Probabilities.SequenceEqual(actual.Probabilities));
        });
        Assert.NotEqual(Environment.ProcessId, Worker(there).Id);
    }

    [Fact]
    public void What_is_wrong_with_a_network_is_said_as_it_is_here()
    {
        ResidualNetwork.Write(Network);
        File.WriteAllBytes(Network, File.ReadAllBytes(Network)[..200]);

        ModelException here = Assert.Throws<ModelException>(() => CamModel.Load(Network));
        ModelException there = Assert.Throws<ModelException>(() => CamModel.Load(Network, ChildProgram.Isolation));

        Assert.Equal((here.Failure, here.Message), (there.Failure, there.Message));
    }

    [Fact]
    public void A_network_that_never_ends_is_ended()
    {
        GreedyNetwork.WriteEndless(Network);
        using CamModel model = CamModel.Load(Network, Short);
        int first = Worker(model).Id;

        for (int i = 0; i < 2; i++)
        {
            ModelException error = Assert.Throws<ModelException>(() => model.Run(ChildProgram.Grey()));
            Assert.Equal(ModelFailure.ProcessEnded, error.Failure);
            Assert.Equal("The process that the network 'net' ran in worked for longer than 2 seconds, and was ended.", error.Message);
        }

        Assert.True(IsGone(first));
    }

    [Fact]
    public void A_run_that_is_stopped_ends_at_once_and_takes_its_process_with_it()
    {
        GreedyNetwork.WriteEndless(Network);
        using CamModel model = CamModel.Load(Network, ChildProgram.Isolation);
        int process = Worker(model).Id;
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(0.5));

        Assert.ThrowsAny<OperationCanceledException>(() => model.Run(ChildProgram.Grey(), stop.Token));

        Assert.True(IsGone(process));
    }

    [Theory]
    [InlineData(160)] // 1.3 GB
    [InlineData(4096)] // 824 GB
    public void A_network_that_wants_too_much_memory_is_an_error_and_this_process_stays_small(long times)
    {
        GreedyNetwork.WriteWide(Network, times);
        using CamModel model = CamModel.Load(Network, ChildProgram.Isolation with { MemoryLimit = 700L << 20 });

        Exception? error = Record.Exception(() => model.Run(ChildProgram.Grey()));

        Assert.True(
            error is InsufficientMemoryException or ModelException { Failure: ModelFailure.ProcessEnded },
            error?.ToString() ?? "It ran.");
    }

    [Fact]
    public async Task A_process_that_dies_is_one_error_and_the_next_photo_has_another()
    {
        GreedyNetwork.WriteEndless(Network);
        using CamModel model = CamModel.Load(Network, ChildProgram.Isolation with { TimeLimit = TimeSpan.FromSeconds(60) });
        int process = Worker(model).Id;
        Task<ForwardPass> run = Task.Run(() => model.Run(ChildProgram.Grey()));
        await Task.Delay(500);
        End(process);

        ModelException error = await Assert.ThrowsAsync<ModelException>(() => run);
        Assert.Equal(ModelFailure.ProcessEnded, error.Failure);
        Assert.StartsWith("The process that the network 'net' ran in ended ", error.Message, StringComparison.Ordinal);

        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        Assert.ThrowsAny<OperationCanceledException>(() => model.Run(ChildProgram.Grey(), stop.Token));
        Assert.NotEqual(process, Worker(model).Id);
    }

    [Fact]
    public async Task What_was_under_way_beside_a_death_is_done_again()
    {
        ResidualNetwork.Write(Network);
        using CamModel model = CamModel.Load(Network, ChildProgram.Isolation);
        using CamModel here = CamModel.Load(Network);
        NetworkInput input = Noise(3000, 3000, seed: 1);
        float[] expected = Probabilities(here, input);
        int process = Worker(model).Id;
        Task<float[]>[] runs = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() => Probabilities(model, input)))];
        await Task.Delay(100);
        End(process);

        Assert.All(await Task.WhenAll(runs), actual => Assert.Equal(expected, actual));
    }

    [Fact]
    public void A_process_that_died_between_two_photos_is_replaced_without_a_word()
    {
        ResidualNetwork.Write(Network);
        using CamModel model = CamModel.Load(Network, ChildProgram.Isolation);
        WorkerProcess worker = Worker(model);
        End(worker.Id);
        Assert.True(SpinWait.SpinUntil(() => worker.HasEnded, TimeSpan.FromSeconds(30)));

        model.Run(ChildProgram.Grey()).Dispose();

        Assert.NotEqual(worker.Id, Worker(model).Id);
    }

    [Fact]
    public void A_program_that_cannot_be_started_is_an_error()
    {
        ResidualNetwork.Write(Network);

        ModelException missing = Assert.Throws<ModelException>(
            () => CamModel.Load(Network, new IsolationOptions { FileName = _folder.File("no program") }));
        ModelException other = Assert.Throws<ModelException>(
            () => CamModel.Load(Network, new IsolationOptions { FileName = "dotnet", Arguments = ["--version"] }));

        Assert.Equal((ModelFailure.ProcessEnded, ModelFailure.ProcessEnded), (missing.Failure, other.Failure));
        Assert.Contains("was to run in could not be started from '", missing.Message, StringComparison.Ordinal);
        Assert.Contains("was to run in ended with the exit code 0 before it began", other.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(136, "a division that the processor cannot do")]
    [InlineData(139, "a fault of memory")]
    [InlineData(unchecked((int)0xC0000094), "a division that the processor cannot do")]
    [InlineData(3, "the exit code 3")]
    public void An_end_is_put_into_words(int exitCode, string words) =>
        Assert.Contains(words, WorkerEndedException.Describe(exitCode), StringComparison.Ordinal);

    private static float[] Probabilities(CamModel model, NetworkInput input)
    {
        using ForwardPass pass = model.Run(input);
        return pass.Probabilities.ToArray();
    }

    private static WorkerProcess Worker(CamModel model) => ((IsolatedNetwork)model.Runner).Worker!;

    private static void End(int id)
    {
        using Process process = Process.GetProcessById(id);
        process.Kill();
    }

    private static bool IsGone(int id) => SpinWait.SpinUntil(
        () =>
        {
            try
            {
                using Process process = Process.GetProcessById(id);
                return process.HasExited;
            }
            catch (ArgumentException)
            {
                return true;
            }
        },
        TimeSpan.FromSeconds(30));

    private static NetworkInput Noise(int width, int height, int seed)
    {
        var pixels = new byte[width * height * 3];
        new Random(seed).NextBytes(pixels);
        return new NetworkInput(width, height, pixels);
    }
}
