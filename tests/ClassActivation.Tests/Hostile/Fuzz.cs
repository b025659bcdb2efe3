using System.Diagnostics;
using System.Globalization;
using ClassActivation.Identity;
using ClassActivation.Import;
using ClassActivation.Import.Keras;
using ClassActivation.Inference;
using ClassActivation.Networks;
using ClassActivation.Photos;
using ClassActivation.Quantization;
using ClassActivation.Tests.Import;
using ClassActivation.Tests.Quantization;

namespace ClassActivation.Tests.Hostile;

/// <summary>
/// Gives the readers damaged networks, one after the other. Each must end with the network at work or in the module's
/// own exception, with little memory. It runs in a process of its own, so that a fault in native code is seen.
/// </summary>
internal static class Fuzz
{
    private const long MostBytes = 64 << 20;

    /// <summary>Damages a small ONNX network, or now and then its data.</summary>
    public static int Onnx(string folder, int seed, int count)
    {
        string path = Path.Combine(folder, "net.onnx");
        ResidualNetwork.Write(path);
        byte[] model = File.ReadAllBytes(path);
        byte[] data = File.ReadAllBytes(path + ".data");
        NetworkInput input = ChildProgram.Grey();
        var cache = new OptimizedNetworkCache(null);
        return Run(folder, seed, count, i =>
        {
            bool damagesData = i % 10 == 0;
            File.WriteAllBytes(path, damagesData ? model : Mutation.Of(model, i));
            File.WriteAllBytes(path + ".data", damagesData ? Mutation.Of(data, i) : data);
            try
            {
                using CamModel network = CamModel.Load(path, cache);
                network.Info.ReadLayers();
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
                network.Run(input, limit.Token).Dispose();
                return "works";
            }
            catch (ModelException e)
            {
                return e.Failure.ToString();
            }
            catch (OperationCanceledException)
            {
                // A network may take its time, as long as it can be stopped.
                return "stopped";
            }
        });
    }

    /// <summary>Damages a small ONNX network that is to be made 8-bit.</summary>
    public static int Quantization(string folder, int seed, int count)
    {
        string path = Path.Combine(folder, "net.onnx");
        ResidualNetwork.Write(path);
        byte[] model = File.ReadAllBytes(path);
        using var calibrator = new RangeCalibrator(path, new InputSettings(InputFit.Stretch, 64));
        calibrator.Add(PhotoSource.FromFile(Path.Combine(AppContext.BaseDirectory, "samples", "chelsea.png")));
        ActivationRanges ranges = calibrator.Finish();
        return Run(folder, seed, count, i =>
        {
            File.WriteAllBytes(path, Mutation.Of(model, i));
            try
            {
                ModelQuantizer.Quantize(path, Path.Combine(folder, "out.onnx"), ranges);
                return "quantized";
            }
            catch (Exception e) when (e is QuantizationException or InvalidDataException or FileNotFoundException)
            {
                return e.GetType().Name;
            }
        });
    }

    /// <summary>Damages a small layers-model's description, or now and then its weights.</summary>
    public static int Layers(string folder, int seed, int count)
    {
        using var source = new SyntheticModel();
        SyntheticModel.Node x = source.BatchNormalization(source.Conv2D(source.Image, 6, new Window(3, 3)));
        SyntheticModel.Node y = source.Conv2D(x, 6, new Window(1, 1), activation: "relu");
        x = source.Add("Add", [], [x, y], value: () => x.Value);
        source.Write(source.Head(x).Name);
        byte[] json = File.ReadAllBytes(source.ModelJson);
        byte[] weights = File.ReadAllBytes(source.ShardPath);
        string path = Path.Combine(folder, "model.json");
        string shard = Path.Combine(folder, Path.GetFileName(source.ShardPath));
        return Run(folder, seed, count, i =>
        {
            bool damagesWeights = i % 10 == 0;
            File.WriteAllBytes(path, damagesWeights ? json : Mutation.Of(json, i));
            File.WriteAllBytes(shard, damagesWeights ? Mutation.Of(weights, i) : weights);
            try
            {
                LayersModelConverter.Convert(path, Path.Combine(folder, "out.onnx"), new LayersModelOptions());
                return "converted";
            }
            catch (ModelImportException)
            {
                return nameof(ModelImportException);
            }
        });
    }

    /// <summary>Dies of two of its inputs: of it the supervisor is tested.</summary>
    public static int Dying(string folder, int seed, int count)
    {
        Console.WriteLine("begins");
        return Run(folder, seed, count, static i =>
        {
            if (i is 7 or 11)
            {
                Process.GetCurrentProcess().Kill();
                Thread.Sleep(Timeout.Infinite);
            }

            return "works";
        });
    }

    private static int Run(string folder, int seed, int count, Func<int, string> attempt)
    {
        SortedDictionary<string, int> outcomes = new(StringComparer.Ordinal);
        int failures = 0;
        long mostBytes = 0;
        TimeSpan longest = default;
        string progress = Path.Combine(folder, "last");
        for (int i = seed; i < seed + count; i++)
        {
            // Tells which one it was where the process dies.
            File.WriteAllText(progress, i.ToString(CultureInfo.InvariantCulture));
            long before = GC.GetTotalAllocatedBytes();
            var watch = Stopwatch.StartNew();
            string outcome;
            try
            {
                outcome = attempt(i);
            }
            catch (Exception e)
            {
                outcome = e.GetType().Name;
                if (failures++ < 20)
                {
                    Console.WriteLine($"{i}: {e}");
                }
            }

            long bytes = GC.GetTotalAllocatedBytes() - before;
            mostBytes = Math.Max(mostBytes, bytes);
            longest = watch.Elapsed > longest ? watch.Elapsed : longest;
            if (bytes > MostBytes)
            {
                failures++;
                Console.WriteLine($"{i}: {bytes} bytes were allocated ({outcome}).");
            }

            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        Console.WriteLine($"{string.Join(", ", outcomes.Select(static o => $"{o.Value} {o.Key}"))}; most memory {mostBytes} bytes, longest {longest.TotalMilliseconds:N0} ms, process {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB");
        return failures == 0 ? 0 : 1;
    }
}
