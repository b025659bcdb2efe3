namespace ClassActivation.Import.Keras;

/// <summary>Under which name a file keeps a layer's weight.</summary>
internal interface ILayerWeightNames
{
    /// <summary>The name in the file; null where the layer has no such weight there, or more than one may be meant.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="weight">What Keras calls the weight: <c>kernel</c>, <c>gamma</c>.</param>
    string? Find(KerasLayer layer, string weight);
}
