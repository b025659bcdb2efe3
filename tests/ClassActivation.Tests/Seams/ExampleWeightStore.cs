using System.Globalization;
using ClassActivation.Import;
using ClassActivation.Import.Weights;

namespace ClassActivation.Tests.Seams;

/// <summary>Weights of a text file: a line for each tensor, with its name, a colon and its numbers.</summary>
internal sealed class ExampleWeightStore(IEnumerable<string> lines) : IWeightStore
{
    private readonly Dictionary<string, string> _numbers =
        lines.Select(static line => line.Split(':', 2)).ToDictionary(static parts => parts[0], static parts => parts[^1]);

    public IReadOnlyCollection<string> Names => _numbers.Keys;

    public int[] DimsOf(string name) => Read(name).Dims;

    public WeightTensor Read(string name)
    {
        float[] numbers = [.. _numbers[name].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => Number(name, text))];
        return new WeightTensor(numbers, [numbers.Length]);
    }

    public void Dispose() => _numbers.Clear();

    private static float Number(string name, string text) => float.TryParse(text, CultureInfo.InvariantCulture, out float number)
        ? number
        : throw new ModelImportException($"The tensor '{name}' holds '{text}', which is no number.");
}
