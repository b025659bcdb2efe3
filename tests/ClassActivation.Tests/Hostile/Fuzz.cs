using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using ClassActivation.Identity;
using ClassActivation.Import;
using ClassActivation.Import.Keras;
using ClassActivation.Import.Pixels;
using ClassActivation.Inference;
using ClassActivation.Networks;
using ClassActivation.Onnx;
using ClassActivation.Photos;
using ClassActivation.Quantization;
using ClassActivation.Tests.Import;
using ClassActivation.Tests.Quantization;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;

namespace ClassActivation.Tests.Hostile;

/// <summary>
/// Gives the readers damaged networks, one after the other. Each must end with the network at work or in the module's
/// own exception, with little memory. It runs in a process of its own, so that a fault in native code is seen.
/// </summary>
internal static class Fuzz
{
    private const long MostBytes = 64 << 20;

    // HDF5's reader takes memory for what a file claims to hold; imports have a process of their own, with a limit.
    private const long AnyBytes = long.MaxValue;

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
                KerasNetworkConverter.Convert(
                    path, Path.Combine(folder, "out.onnx"), new ImportOptions { Preprocessing = InputPreprocessing.None });
                return "converted";
            }
            catch (ModelImportException)
            {
                return nameof(ModelImportException);
            }
        });
    }

    /// <summary>Damages a small ONNX network that is to be imported.</summary>
    public static int Import(string folder, int seed, int count)
    {
        string path = Path.Combine(folder, "net.onnx");
        WritePlain(path);
        byte[] model = File.ReadAllBytes(path);
        return Convert(folder, seed, count, path, i => File.WriteAllBytes(path, Mutation.Of(model, i)));
    }

    /// <summary>Damages Keras' HDF5 files of its second and its third version.</summary>
    public static int Hdf5(string folder, int seed, int count)
    {
        string path = Path.Combine(folder, "net.h5");
        byte[][] models = [Network("teachable", "keras_model.h5"), Network("keras3.h5")];
        return Convert(folder, seed, count, path, i => File.WriteAllBytes(path, Mutation.Of(models[i % 2], i)), mostBytes: AnyBytes);
    }

    /// <summary>Damages a .keras archive as a whole, or one of its parts.</summary>
    public static int Archive(string folder, int seed, int count)
    {
        string path = Path.Combine(folder, "net.keras");
        byte[] whole = Network("network.keras");
        List<(string Name, byte[] Content)> parts = [];
        using (ZipArchive archive = new(new MemoryStream(whole), ZipArchiveMode.Read))
        {
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                using MemoryStream content = new();
                using Stream packed = entry.Open();
                packed.CopyTo(content);
                parts.Add((entry.FullName, content.ToArray()));
            }
        }

        return Convert(folder, seed, count, path, i =>
        {
            if (i % 3 == 0)
            {
                File.WriteAllBytes(path, Mutation.Of(whole, i));
                return;
            }

            using FileStream file = File.Create(path);
            using ZipArchive archive = new(file, ZipArchiveMode.Create);
            for (int part = 0; part < parts.Count; part++)
            {
                using Stream target = archive.CreateEntry(parts[part].Name, CompressionLevel.NoCompression).Open();
                target.Write(part == 1 + (i % 2) ? Mutation.Of(parts[part].Content, i) : parts[part].Content);
            }
        }, AnyBytes);
    }

    /// <summary>Damages the description of a TensorFlow.js graph, or now and then its weights.</summary>
    public static int Graph(string folder, int seed, int count)
    {
        string path = Path.Combine(folder, "model.json"), shard = Path.Combine(folder, "group1-shard1of1.bin");
        byte[] json = Network("graph", "model.json"), weights = Network("graph", "group1-shard1of1.bin");
        return Convert(folder, seed, count, path, i =>
        {
            bool damagesWeights = i % 10 == 0;
            File.WriteAllBytes(path, damagesWeights ? json : Mutation.Of(json, i));
            File.WriteAllBytes(shard, damagesWeights ? Mutation.Of(weights, i) : weights);
        });
    }

    private static void WritePlain(string path)
    {
        using OnnxGraphBuilder graph = new(path, "plain");
        float[] kernel = [.. Enumerable.Range(0, 4 * 3 * 4).Select(static i => 0.1f * ((i % 7) - 3))];
        string value = graph.AddInput("pixels", DataType.Float, 1L, 3L, 32L, 32L);
        value = graph.AddNode(
            "Conv", "body", [value, graph.AddInitializer<float>("kernel", kernel, 4, 3, 2, 2)], ("strides", new long[] { 2, 2 }),
            ("kernel_shape", new long[] { 2, 2 }));
        value = graph.AddNode("Relu", "features", [value]);
        value = graph.AddNode("Flatten", "flat", [graph.AddNode("GlobalAveragePool", "pooled", [value])]);
        value = graph.AddNode(
            "Gemm",
            "scores",
            [
                value,
                graph.AddInitializer<float>("weight", kernel.AsSpan(0, 12), 4, 3),
                graph.AddInitializer<float>("bias", [0.1f, 0.2f, 0.3f], 3)
            ]);
        graph.AddOutput(graph.AddNode("Softmax", "answers", [value], ("axis", 1L)), "probabilities", DataType.Float, 1L, 3L);
        graph.Save();
    }

    private static byte[] Network(params string[] parts) =>
        File.ReadAllBytes(Path.Combine([AppContext.BaseDirectory, "Figures", "networks", .. parts]));

    private static int Convert(string folder, int seed, int count, string path, Action<int> damage, long mostBytes = MostBytes) =>
        Run(folder, seed, count, i =>
    {
        damage(i);
        string destination = Path.Combine(folder, "out.onnx");
        File.Delete(destination);
        try
        {
            NetworkImporter.Convert(path, destination, new ImportOptions { Preprocessing = InputPreprocessing.Scale01 });
            return "converted";
        }
        catch (ModelImportException)
        {
            return !File.Exists(destination)
                ? nameof(ModelImportException)
                : throw new InvalidOperationException("Something half is left.");
        }
    }, mostBytes);

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

    private static int Run(string folder, int seed, int count, Func<int, string> attempt, long mostBytesOfAll = MostBytes)
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
            if (bytes > mostBytesOfAll)
            {
                failures++;
                Console.WriteLine($"{i}: {bytes} bytes were allocated ({outcome}).");
            }

            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        Console.WriteLine(
            $"{string.Join(", ", outcomes.Select(static o => $"{o.Value} {o.Key}"))}; most memory {mostBytes} bytes, longest"
            + $" {longest.TotalMilliseconds:N0} ms, process {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB");
        return failures == 0 ? 0 : 1;
    }
}
