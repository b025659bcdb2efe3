namespace ClassActivation.Networks;

/// <summary>How far a conversion is.</summary>
/// <param name="Layer">The layer that was converted.</param>
/// <param name="Completed">The number of layers converted so far.</param>
/// <param name="Total">The number of layers of the network.</param>
public readonly record struct ConversionProgress(string Layer, int Completed, int Total);
