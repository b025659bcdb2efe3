using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Runtime.InteropServices;
using Xunit;
using Xunit.Abstractions;

namespace ClassActivation.ModuleTests;

/// <summary>
/// Many runspaces of one process use the module at random: they import and remove it, ask, draw, and are stopped.
/// <c>build.ps1 -Task Soak</c> makes the test last longer.
/// </summary>
[Collection(AloneInTheProcess.Name)]
public sealed class SoakTests(ITestOutputHelper output) : IDisposable
{
    private const int Runspaces = 16;

    private static readonly string[] Photos = ["alps.jpg", "chelsea.png", "china.jpg", "coffee.png", "flower.jpg"];
    private static readonly string[] Models = ["ResNet50", "ResNet50-Int8"];

    private readonly TestFolder _folder = new();
    private readonly Dictionary<(string Photo, string Model), string> _expected = [];
    private int _asked;
    private int _drawn;
    private int _imported;
    private int _stopped;

    // Other programs have their temporary files in the machine's folder.
    private readonly string? _temporaryBefore = Environment.GetEnvironmentVariable(TemporaryVariable);

    private static string TemporaryVariable => OperatingSystem.IsWindows() ? "TMP" : "TMPDIR";

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(TemporaryVariable, _temporaryBefore);
        _folder.Dispose();
    }

    [Fact]
    public async Task Nothing_goes_wrong_or_grows_while_many_runspaces_come_and_go()
    {
        TimeSpan length = double.TryParse(
            Environment.GetEnvironmentVariable("CLASSACTIVATION_SOAK_MINUTES"), CultureInfo.InvariantCulture, out double minutes)
            ? TimeSpan.FromMinutes(minutes)
            : TimeSpan.FromSeconds(10);
        string temporary = Directory.CreateDirectory(_folder.File("temporary")).FullName;
        Environment.SetEnvironmentVariable(TemporaryVariable, temporary);
        using (var engine = new Engine())
        {
            foreach ((string photo, string model) in Photos.SelectMany(static photo => Models.Select(model => (photo, model))))
            {
                _expected.Add((photo, model), Ask(engine, photo, model));
            }
        }

        // A tenth of the time warms the engine up: what it keeps for good is there by then.
        await Soak(length / 10);
        Usage before = Usage.Now();
        await Soak(length * 0.9);
        Usage after = Usage.Now();

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{_asked:N0} questions, {_drawn:N0} pictures, {_imported:N0} imports, {_stopped:N0} stops in {length.TotalSeconds:N0} s with {Runspaces} runspaces, no errors; {before} after a tenth of the time, {after} at the end."));
        Assert.True(_asked > 0 && _imported > 0 && _stopped > 0);
        Assert.True(after.Megabytes < before.Megabytes * 1.25 + 100, $"Memory grew from {before} to {after}.");
        Assert.True(after.Threads < before.Threads + Runspaces, $"Threads grew from {before} to {after}.");
        Assert.True(after.Files < before.Files + Runspaces, $"Open files grew from {before} to {after}.");
        Assert.Empty(Directory.GetFiles(_folder.Path, ".*"));
        Assert.Empty(Directory.GetFileSystemEntries(temporary, "ClassActivation-*"));
        using var last = new Engine();
        Assert.Equal(
            [.. Models.Order()],
            last.Run("(Get-CamModel ResNet50*).Where{ $_.IsLoaded }.Name").Select(static name => name.ToString()).Order());
    }

    private Task Soak(TimeSpan length)
    {
        var watch = Stopwatch.StartNew();
        return Task.WhenAll(Enumerable.Range(0, Runspaces).Select(worker => Task.Factory.StartNew(
            () =>
            {
                var random = new Random(worker);
                while (watch.Elapsed < length)
                {
                    using var engine = new Engine(imports: false);
                    for (int i = 0; i < 8 && watch.Elapsed < length; i++)
                    {
                        Act(engine, random, worker);
                    }
                }
            },
            TaskCreationOptions.LongRunning)));
    }

    private void Act(Engine engine, Random random, int worker)
    {
        string photo = Photos[random.Next(Photos.Length)];
        string model = Models[random.Next(Models.Length)];
        switch (random.Next(8))
        {
            case 0:
                engine.Run("Remove-Module ClassActivation -ErrorAction Ignore");
                break;
            case 1:
                Import(engine, "-Force");
                break;
            case 2:
                Import(engine);
                Stop(engine, random, model, worker);
                break;
            case 3:
                Import(engine);
                string folder = _folder.File($"{worker}");
                engine.Run(
                    "Get-ClassActivationMap $photo -Model $model | Export-CamOverlay $out -MaxSize 200", ("photo", TestPaths.Sample(photo)),
                    ("model", model), ("out", folder));
                Assert.Empty(engine.Errors);
                Interlocked.Increment(ref _drawn);
                break;
            default:
                Import(engine);
                Assert.Equal(_expected[(photo, model)], Ask(engine, photo, model));
                Interlocked.Increment(ref _asked);
                break;
        }
    }

    private void Import(Engine engine, string options = "")
    {
        engine.Run($"Import-Module '{TestPaths.Manifest}' {options}");
        Interlocked.Increment(ref _imported);
    }

    private static string Ask(Engine engine, string photo, string model)
    {
        string answer = engine.Run<string>(
            "$map = Get-ClassActivationMap $photo -Model $model; $values = foreach ($row in $map.Map) { $row }; \"$($map.Label)"
            + " $($map.Probability) $values\"",
            ("photo", TestPaths.Sample(photo)), ("model", model));
        Assert.Empty(engine.Errors);
        return answer;
    }

    private void Stop(Engine engine, Random random, string model, int worker)
    {
        using PowerShell shell = engine.Start(
            "1..50 | ForEach-Object { $photos } | Get-ClassActivationMap -Model $model | Export-CamOverlay $out",
            ("photos", Photos.Select(TestPaths.Sample).ToArray()), ("model", model), ("out", _folder.File($"{worker}")));
        IAsyncResult run = shell.BeginInvoke();
        Thread.Sleep(random.Next(500));
        shell.Stop();
        Assert.ThrowsAny<RuntimeException>(() => shell.EndInvoke(run));
        Interlocked.Increment(ref _stopped);
    }

    /// <summary>What this process holds when it has nothing to do.</summary>
    private sealed record Usage(double Megabytes, double ManagedMegabytes, int Threads, int Files)
    {
        private delegate int Trim(nuint keep);

        public static Usage Now()
        {
            // Stopped work may still be ending.
            Thread.Sleep(1000);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            GiveNativeMemoryBack();
            using Process process = Process.GetCurrentProcess();
            return new Usage(
                process.WorkingSet64 / 1e6,
                GC.GetTotalMemory(forceFullCollection: true) / 1e6,
                process.Threads.Count,
                OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : process.HandleCount);
        }

        // glibc keeps what native libraries have freed.
        private static void GiveNativeMemoryBack()
        {
            if (OperatingSystem.IsLinux()
                && NativeLibrary.TryLoad("libc.so.6", out nint library)
                && NativeLibrary.TryGetExport(library, "malloc_trim", out nint trim))
            {
                _ = Marshal.GetDelegateForFunctionPointer<Trim>(trim)(0);
            }
        }

        public override string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture, $"{Megabytes:N0} MB ({ManagedMegabytes:N1} managed), {Threads} threads, {Files} open files");
    }
}
