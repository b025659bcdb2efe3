namespace ClassActivation.Import.Weights;

/// <summary>Where a network's weights come from: named tensors, read one by one, on demand.</summary>
internal interface IWeightStore : IDisposable
{
    /// <summary>The names of all tensors, in the order of the file.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>The dimensions of a tensor.</summary>
    int[] DimsOf(string name);

    /// <summary>Reads a tensor.</summary>
    /// <exception cref="ModelImportException">It cannot be read.</exception>
    WeightTensor Read(string name);
}
