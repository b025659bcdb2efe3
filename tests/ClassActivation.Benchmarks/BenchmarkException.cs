namespace ClassActivation.Benchmarks;

/// <summary>Ends the benchmark; the message is for the user.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
