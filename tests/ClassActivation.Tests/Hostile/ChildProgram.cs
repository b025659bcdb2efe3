using System.Diagnostics;
using System.Globalization;
using ClassActivation.Inference;
using ClassActivation.Isolation;
using ClassActivation.Networks;
using ClassActivation.Onnx;
using ClassActivation.Photos;
using ClassActivation.Tests.Identity;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Tests.Hostile;

/// <summary>What the tests run in processes of their own: this assembly is a program, too.</summary>
internal static class ChildProgram
{
    public static int Main(string[] arguments) => arguments switch
    {
        ["fuzz-onnx", string folder, string seed, string count] => Fuzz.Onnx(folder, Number(seed), Number(count)),
        ["fuzz-quantization", string folder, string seed, string count] => Fuzz.Quantization(folder, Number(seed), Number(count)),
        ["fuzz-layers", string folder, string seed, string count] => Fuzz.Layers(folder, Number(seed), Number(count)),
        ["fuzz-import", string folder, string seed, string count] => Fuzz.Import(folder, Number(seed), Number(count)),
        ["fuzz-hdf5", string folder, string seed, string count] => Fuzz.Hdf5(folder, Number(seed), Number(count)),
        ["fuzz-archive", string folder, string seed, string count] => Fuzz.Archive(folder, Number(seed), Number(count)),
        ["fuzz-graph", string folder, string seed, string count] => Fuzz.Graph(folder, Number(seed), Number(count)),
        ["fuzz-that-dies", string folder, string seed, string count] => Fuzz.Dying(folder, Number(seed), Number(count)),
        ["fuzz", string program, string folder, string seed, string count] => Supervise(program, folder, Number(seed), Number(count)),
        ["try", .. string[] networks] => Try(networks),
        ["load", string network, string cache] => Load(network, cache),
        ["hang", string network, string cache] => Hang(network, cache),
        ["natives", string network, string photo] => UseNativeLibraries(network, photo),
        [
            "write-pictures", string folder, string destination, string seed
        ] => PictureTargetTests.WritePictures(folder, destination, Number(seed)),
        ["worker"] => Work(),
        _ => 64,
    };

    /// <summary>Starts this program; its output is to be read by the caller.</summary>
    public static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ChildProgram).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    /// <summary>Runs this program to its end.</summary>
    /// <returns>Its exit code and all that it wrote.</returns>
    public static (int ExitCode, string Output) Run(params string[] arguments) => Finish(Start(arguments));

    /// <summary>Waits for the end of a process.</summary>
    public static (int ExitCode, string Output) Finish(Process process)
    {
        using (process)
        {
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
            process.WaitForExit();
            return (process.ExitCode, output);
        }
    }

    /// <summary>Runs a fuzz to its end, whatever dies of it, and lists what did.</summary>
    private static int Supervise(string program, string folder, int seed, int count)
    {
        Supervisor.Result result = Supervisor.Run(program, folder, seed, count);
        Console.WriteLine(result.Output);
        Console.WriteLine($"{result.Deaths.Count} deaths in {count:N0}: {string.Join(", ", result.Deaths)}");
        return result.Deaths.Count == 0 ? result.ExitCode : 1;
    }

    /// <summary>Loads networks and runs each on a grey photo, and writes how that ends.</summary>
    private static int Try(string[] networks)
    {
        foreach (string network in networks)
        {
            Console.WriteLine($"{Path.GetFileName(network)}: {Outcome(network)}");
        }

        return 0;
    }

    private static string Outcome(string network)
    {
        try
        {
            using CamModel model = CamModel.Load(network, new OptimizedNetworkCache(null));
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            model.Run(Grey(), limit.Token).Dispose();
            return "works";
        }
        catch (Exception e)
        {
            Exception cause = e.InnerException ?? e;
            return $"{(e as ModelException)?.Failure.ToString() ?? e.GetType().Name}: {cause.Message.ReplaceLineEndings(" ")}";
        }
    }

    /// <summary>Loads a network by way of a cache, and writes what it gives for a grey photo.</summary>
    private static int Load(string network, string cache)
    {
        using CamModel model = CamModel.Load(network, new OptimizedNetworkCache(cache));
        using ForwardPass pass = model.Run(Grey());
        Console.WriteLine(
            string.Join(' ', pass.Probabilities.ToArray().Take(5).Select(static p => p.ToString("R", CultureInfo.InvariantCulture))));
        return 0;
    }

    /// <summary>Begins to make a cache's entry, says so, and never ends.</summary>
    private static int Hang(string network, string cache)
    {
        new OptimizedNetworkCache(cache).Open(OnnxModelFile.Read(network), Task.FromResult(InferenceRuntime.Environment), static () =>
        {
            Console.WriteLine("making");
            Thread.Sleep(Timeout.Infinite);
            return new SessionOptions();
        });
        return 0;
    }

    /// <summary>This program as one that runs networks for another.</summary>
    public static IsolationOptions Isolation { get; } = new()
    {
        FileName = "dotnet",
        Arguments = [typeof(ChildProgram).Assembly.Location, "worker"],
    };

    private static int Work()
    {
        Workers.WorkerProgram.Run();
        return 0;
    }

    /// <summary>Uses each native library, and writes how that ends.</summary>
    private static int UseNativeLibraries(string network, string photo)
    {
        Action[] uses =
        [
            () => CamModel.Load(network, new OptimizedNetworkCache(null)).Dispose(),
            () => PhotoDecoder.Decode(PhotoSource.FromFile(photo)),
        ];
        foreach (Action use in uses)
        {
            // The second time .NET tells less.
            for (int i = 0; i < 2; i++)
            {
                try
                {
                    use();
                    Console.WriteLine("works");
                }
                catch (Exception e)
                {
                    Console.WriteLine($"{e.GetType().Name}: {e.Message.ReplaceLineEndings("|")}");
                }
            }
        }

        return 0;
    }

    /// <summary>A small grey photo, as a network sees it.</summary>
    public static NetworkInput Grey() => new(64, 64, [.. Enumerable.Repeat((byte)99, 64 * 64 * 3)]);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
