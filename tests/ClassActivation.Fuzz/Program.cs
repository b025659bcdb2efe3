using System.Diagnostics;
using System.Globalization;
using ClassActivation.Fuzz;
using ClassActivation.Photos;

if (args is ["worker", ..])
{
    Worker.Run(args);
    return 0;
}

try
{
    FuzzOptions options = FuzzOptions.Parse(args);
    if (options.Replay is { } index)
    {
        FuzzInput input = FuzzInput.Make(options.Seed, index);
        Directory.CreateDirectory(options.OutputFolder);
        string path = Path.Combine(options.OutputFolder, $"replay-{options.Seed}-{index}.{input.Extension}");
        File.WriteAllBytes(path, input.Content);
        Console.WriteLine($"{path}: {input.Kind}, {input.Content.Length} bytes");
        Console.WriteLine(Trial.Run(input.Source, FuzzInput.RandomOf(options.Seed, index)));
        return 0;
    }

    if (options.File is { } file)
    {
        string outcome = Trial.Run(PhotoSource.FromFile(Path.GetFullPath(file)), new Random(options.Seed));
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{outcome}\t{process.TotalProcessorTime.TotalSeconds:F1} s\t{process.PeakWorkingSet64 / 1e6:F0} MB"));
        return 0;
    }

    FuzzReport report = await new Supervisor(options).RunAsync();
    Console.WriteLine(report);
    return report.IsClean ? 0 : 1;
}
catch (ArgumentException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
