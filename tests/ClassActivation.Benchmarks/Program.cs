using ClassActivation.Benchmarks;

if (args is ["worker", ..])
{
    CoreWorker.Run(args[1..]);
    return 0;
}

try
{
    BenchmarkOptions options = BenchmarkOptions.Parse(args);
    BenchmarkReport report = Benchmark.Run(options);
    string text = MarkdownReport.Write(report);
    Console.WriteLine();
    Console.WriteLine(text);
    Directory.CreateDirectory(options.OutputFolder);
    File.WriteAllText(Path.Combine(options.OutputFolder, "benchmark.md"), text);
    File.WriteAllText(Path.Combine(options.OutputFolder, "benchmark.json"), report.ToJson());
    return 0;
}
catch (BenchmarkException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
