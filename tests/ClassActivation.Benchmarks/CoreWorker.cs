using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Photos;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Benchmarks;

/// <summary>The measured process that runs no PowerShell.</summary>
internal static class CoreWorker
{
    /// <summary>Inference alone, on inputs made beforehand, with the runtime's session as it comes.</summary>
    public const string Floor = "floor";

    /// <summary>Decoding, inference and the map, called from C#.</summary>
    public const string Explain = "explain";

    /// <summary>Works as told over the pipe until it closes.</summary>
    /// <param name="arguments">The pipe's name, the work, the network's file, the list of photos, the photos in flight.</param>
    public static void Run(IReadOnlyList<string> arguments)
    {
        string network = arguments[2];
        string[] photos = File.ReadAllLines(arguments[3]);
        int inFlight = int.Parse(arguments[4], CultureInfo.InvariantCulture);
        Action<int> work = arguments[1] == Floor ? InferenceAlone(network, photos) : Explanation(network, photos);
        using var pipe = new NamedPipeClientStream(".", arguments[0], PipeDirection.InOut);
        pipe.Connect();
        using var reader = new StreamReader(pipe);
        using var writer = new StreamWriter(pipe) { AutoFlush = true };
        while (reader.ReadLine() is { } line)
        {
            int count = int.Parse(line, CultureInfo.InvariantCulture);
            long start = Stopwatch.GetTimestamp();
            ForEach(count, inFlight, work);
            writer.WriteLine(Stopwatch.GetElapsedTime(start).TotalSeconds.ToString("r", CultureInfo.InvariantCulture));
        }
    }

    private static Action<int> InferenceAlone(string network, string[] photos)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        var session = new InferenceSession(network, options);
        var runOptions = new RunOptions();
        OrtValue[][] inputs = Array.ConvertAll(photos, static path =>
        {
            var settings = new InputSettings();
            Photo photo = PhotoDecoder.Decode(PhotoSource.FromFile(path));
            NetworkInput input = settings.Show(photo);
            return new[] { OrtValue.CreateTensorValueFromMemory(input.Pixels, [1, input.Height, input.Width, 3]) };
        });
        return index => session.Run(runOptions, [CamModel.InputName], inputs[index], [CamModel.ActivationsName, CamModel.PredictionsName])
            .Dispose();
    }

    private static Action<int> Explanation(string network, string[] photos)
    {
        var explainer = new PhotoExplainer(CamModel.Load(network), new InputSettings());
        var request = new MapRequest();
        return index => explainer.Explain(PhotoSource.FromFile(photos[index]), request);
    }

    private static void ForEach(int count, int inFlight, Action<int> work)
    {
        int taken = -1;
        Thread[] threads = [.. Enumerable.Range(0, inFlight).Select(_ => new Thread(() =>
        {
            for (int index; (index = Interlocked.Increment(ref taken)) < count;)
            {
                work(index);
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
    }
}
