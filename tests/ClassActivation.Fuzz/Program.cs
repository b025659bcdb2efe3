using ClassActivation.Fuzz;

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
        Console.WriteLine(Trial.Run(input, FuzzInput.RandomOf(options.Seed, index)));
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
