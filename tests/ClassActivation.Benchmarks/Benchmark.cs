using System.Globalization;
using ClassActivation.Inference;

namespace ClassActivation.Benchmarks;

/// <summary>Measures everything, one thing at a time.</summary>
internal sealed class Benchmark
{
    private const int GrowthStep = 100;
    private const int WarmUpPasses = 2;
    private static readonly string[] AllNetworks = [CamModelStore.DefaultModelName, "ResNet50-Int8"];
    private static readonly int[] GrowthMarks = [100, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];

    private readonly BenchmarkOptions _options;
    private readonly PhotoSet _photos;
    private readonly IReadOnlyList<string> _wanted;
    private readonly string[] _networks;

    private Benchmark(BenchmarkOptions options, PhotoSet photos)
    {
        _options = options;
        _photos = photos;
        _wanted = options.Networks.Count > 0 ? options.Networks : AllNetworks;
        _networks = [.. _wanted.Where(network => File.Exists(NetworkFile(network)))];
        if (_networks.Length == 0)
        {
            throw new BenchmarkException($"The module has no network named '{string.Join("' or '", _wanted)}'.");
        }
    }

    /// <summary>Measures as the options say.</summary>
    /// <exception cref="BenchmarkException">There are no photos, or a measured process failed.</exception>
    public static BenchmarkReport Run(BenchmarkOptions options)
    {
        using var photos = new PhotoSet(options.PhotoFolder, options.PhotoCount);
        var benchmark = new Benchmark(options, photos);
        return new BenchmarkReport(
            DateTimeOffset.Now,
            Machine.Describe(options.Host),
            new PhotoSummary(Path.GetFileName(options.PhotoFolder), photos.Distinct, options.PhotoCount, options.Rounds),
            [.. benchmark._wanted.Except(benchmark._networks)],
            [.. InFlightCounts().SelectMany(benchmark.MeasureThroughput)],
            [.. benchmark._networks.Select(benchmark.MeasureFirstMap)],
            benchmark.MeasureLargePhoto(),
            [.. benchmark._networks.SelectMany(benchmark.MeasureGrowth)]);
    }

    // 1, 2, 4 ... and the number of processors.
    private static IEnumerable<int> InFlightCounts()
    {
        for (int count = 1; count < Environment.ProcessorCount; count *= 2)
        {
            yield return count;
        }

        yield return Environment.ProcessorCount;
    }

    private Throughput[] MeasureThroughput(int inFlight)
    {
        Say($"{inFlight} in flight: {_options.Rounds} rounds of {_options.PhotoCount} photos");
        string count = inFlight.ToString(CultureInfo.InvariantCulture);
        (string Network, string Work, Worker Worker)[] workers =
        [
            .. _networks.SelectMany(network => new[]
            {
                (network, "ONNX Runtime alone (the floor)", Worker.OfCore(CoreWorker.Floor, NetworkFile(network), _photos.List, count)),
                (network, "decoding, inference and map in C#", Worker.OfCore(CoreWorker.Explain, NetworkFile(network), _photos.List, count)),
                (network, "Get-ClassActivationMap", StartModule(_photos.List, ModuleScript.Maps(network, inFlight))),
                (network, "whole pipeline to JPEG overlays", StartModule(_photos.List, ModuleScript.Overlays(network, inFlight, _photos.PictureFolder($"{network}-{count}")))),
            }),
        ];
        Pass[][] passes = TakeTurns([.. workers.Select(static w => w.Worker)], _options.PhotoCount, _options.Rounds);
        return
        [
            .. workers.Select((worker, index) =>
            {
                Pass[] floor = passes[Array.FindIndex(workers, w => w.Network == worker.Network)];
                var measured = new Throughput(
                    worker.Network,
                    inFlight,
                    worker.Work,
                    Median(passes[index].Select(static pass => pass.Seconds)) / _options.PhotoCount * 1000,
                    Median(passes[index].Zip(floor, static (own, least) => own.Seconds / least.Seconds)),
                    Median(passes[index].Select(static pass => pass.ProcessorSeconds)) / _options.PhotoCount * 1000,
                    worker.Worker.PeakMemory);
                worker.Worker.Dispose();
                return measured;
            }),
        ];
    }

    private FirstMap MeasureFirstMap(string network)
    {
        int starts = (2 * _options.Rounds) - 1;
        Say($"{network}: {starts} new processes to their first map");
        string script = ModuleScript.FirstMap(_options.Manifest, network, _photos.Paths[0]);
        Worker.RunToEnd(_options.Host, script);
        var (import, first, whole, host) = (new double[starts], new double[starts], new double[starts], new double[starts]);
        for (int start = 0; start < starts; start++)
        {
            host[start] = Worker.RunToEnd(_options.Host, "$null").Seconds;
            (string output, whole[start]) = Worker.RunToEnd(_options.Host, script);
            double[] seconds = Array.ConvertAll(output.Trim().Split(' '), static text => double.Parse(text, CultureInfo.InvariantCulture));
            (import[start], first[start]) = (seconds[0], seconds[1]);
        }

        return new FirstMap(network, Median(import), Median(first), Median(whole), Median(host));
    }

    private LargePhoto[] MeasureLargePhoto()
    {
        Say("one photo of 12 megapixels");
        string list = _photos.LargePhoto();
        (string Network, int? MaxSize, Worker Worker)[] workers =
        [
            .. _networks.SelectMany(network => new int?[] { null, 1600 }.Select(maxSize =>
                (network, maxSize, StartModule(list, ModuleScript.Overlays(network, 1, _photos.PictureFolder("large"), maxSize))))),
        ];
        Pass[][] passes = TakeTurns([.. workers.Select(static w => w.Worker)], 1, 2 * _options.Rounds);
        return
        [
            .. workers.Select((worker, index) =>
            {
                var measured = new LargePhoto(
                    worker.Network,
                    worker.MaxSize,
                    Median(passes[index].Select(static pass => pass.Seconds)) * 1000,
                    worker.Worker.PeakMemory);
                worker.Worker.Dispose();
                return measured;
            }),
        ];
    }

    private List<Growth> MeasureGrowth(string network)
    {
        Say($"{network}: {_options.Growth} photos in one pipeline");
        var marks = new List<Growth>();
        string pipeline = ModuleScript.Overlays(network, Environment.ProcessorCount, _photos.PictureFolder("growth"));
        int step = Math.Min(GrowthStep, _options.Growth);
        using Worker worker = StartModule(_photos.List, pipeline, step);
        WarmUp(worker, Math.Min(_options.PhotoCount, _options.Growth));
        Progress last = default;
        worker.Run(_options.Growth, now =>
        {
            if (now.Photos == _options.Growth || GrowthMarks.Contains(now.Photos))
            {
                int since = now.Photos - last.Photos;
                marks.Add(new Growth(
                    network,
                    now.Photos,
                    (now.Seconds - last.Seconds) / since * 1000,
                    (now.ProcessorSeconds - last.ProcessorSeconds) / since * 1000,
                    now.Process));
                last = now;
                Say(
                    string.Create(
                        CultureInfo.InvariantCulture, $"{now.Photos} photos after {now.Seconds:0} s, {now.Process.Megabytes:0} MB"));
            }
        });
        if (last.Photos != _options.Growth)
        {
            throw new BenchmarkException(
                $"Of {_options.Growth} photos only {last.Photos} to {last.Photos + step} came out of the pipeline.");
        }

        return marks;
    }

    private static Pass[][] TakeTurns(Worker[] workers, int photoCount, int rounds)
    {
        Array.ForEach(workers, worker => WarmUp(worker, photoCount));
        Pass[][] passes = [.. workers.Select(_ => new Pass[rounds])];
        for (int round = 0; round < rounds; round++)
        {
            for (int at = 0; at < workers.Length; at++)
            {
                passes[at][round] = workers[at].Run(photoCount);
            }
        }

        return passes;
    }

    // .NET optimises code while it runs; starts are measured by themselves.
    private static void WarmUp(Worker worker, int photoCount)
    {
        for (int pass = 0; pass < WarmUpPasses; pass++)
        {
            worker.Run(photoCount);
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static void Say(string text) => Console.WriteLine($"  {text} ...");

    private Worker StartModule(string photoList, string pipeline, int reportEvery = 0) => Worker.OfPowerShell(
        _options.Host, pipeName => ModuleScript.Worker(_options.Manifest, photoList, pipeline, reportEvery, pipeName));

    private string NetworkFile(string network) => Path.Combine(_options.ModelFolder, $"{network}.onnx");
}
